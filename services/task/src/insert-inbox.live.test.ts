import { openDatabase } from "@resonance/db";
import { migrate } from "@resonance/migrations";
import { eventually } from "@resonance/testkit";
import { openTestDatabase } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { type InboxRow, insertInbox } from "./sql/inbox.ts";

/** An event of the room, for members `u00000` and up. */
function roomEvent(members: number, seqId: bigint): InboxRow[] {
  return Array.from({ length: members }, (_, index) => ({
    owner: `u${`${index}`.padStart(5, "0")}`,
    sessionId: "room",
    msgId: seqId,
    seqId,
  }));
}

async function openTestInbox() {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await openTestDatabase());
  await migrate({ url: database.url, signal: AbortSignal.timeout(30_000) });
  const db = stack.use(openDatabase(database.url));
  const rowsBySeq = () =>
    db.query<{ seqId: bigint; owners: bigint }>(
      "SELECT seq_id AS seqId, COUNT(*) AS owners FROM t_inbox GROUP BY seq_id ORDER BY seq_id",
    );
  const closing = stack.move();
  return { db, rowsBySeq, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

test("an event for a large room is in all inboxes or in none", async () => {
  await using inbox = await openTestInbox();
  const { db } = inbox;
  const event = roomEvent(2_500, 1n);
  const other = await db.pool.getConnection();
  await other.beginTransaction();
  // Somebody holds the last of the rows, so that the event cannot be finished.
  const last = event.at(-1);
  await other.query(
    "INSERT INTO t_inbox (owner_username, session_id, msg_id, seq_id) VALUES (?, 'room', 1, 1)",
    [last?.owner],
  );

  const inserting = insertInbox(db, [event]);
  await eventually(async () => {
    const [waiting] = await db.query<{ count: bigint }>(
      `SELECT COUNT(*) AS count FROM information_schema.processlist
        WHERE db = DATABASE() AND info LIKE 'INSERT INTO t_inbox%u02499%'`,
    );
    expect(Number(waiting?.count)).toBe(1);
  });
  const before = await inbox.rowsBySeq();
  await other.rollback();
  other.release();
  await inserting;

  expect(before).toEqual([]);
  expect(await inbox.rowsBySeq()).toEqual([{ seqId: 1n, owners: 2_500n }]);
});

test("more rows than one transaction takes are written, and twice is once", async () => {
  await using inbox = await openTestInbox();
  const events = [1n, 2n, 3n, 4n, 5n].map((seqId) => roomEvent(9_000, seqId));

  await insertInbox(inbox.db, events);
  await insertInbox(inbox.db, events.slice(3));

  expect(await inbox.rowsBySeq()).toEqual(
    [1n, 2n, 3n, 4n, 5n].map((seqId) => ({ seqId, owners: 9_000n })),
  );
});
