import { create, toBinary } from "@bufbuild/protobuf";
import { transaction } from "@resonance/db";
import type { ClientMsgId, SessionId, Username } from "@resonance/mq-proto";
import {
  CreateSessionRequestSchema,
  PullInboxDeltaRequestSchema,
  PullInboxDeltaResponseSchema,
} from "@resonance/mq-proto/logic";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSession } from "./create-session.ts";
import { pullInboxDelta } from "./pull-inbox-delta.ts";
import { storeMessages } from "./store-messages.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

let logic: TestLogic;
beforeAll(async () => {
  logic = await openTestLogic();
});
afterAll(() => logic[Symbol.asyncDispose]());

type Page = Awaited<ReturnType<typeof pull>>;
type Reader = { cursorId: bigint; readonly pages: Page[] };

async function pull(username: string, cursorId = 0n, limit = 0n) {
  const request = create(PullInboxDeltaRequestSchema, { username, cursorId, limit });
  return create(PullInboxDeltaResponseSchema, await pullInboxDelta(logic.deps, request));
}

/** Pulls page after page until there is nothing more, from where this reader is. */
async function pullAll(username: string, reader: Reader, limit = 0n): Promise<void> {
  for (;;) {
    const page = await pull(username, reader.cursorId, limit);
    reader.pages.push(page);
    reader.cursorId = page.nextCursorId;
    if (!page.hasMore) return;
  }
}

function eventsOf(reader: Reader) {
  return reader.pages.flatMap((page) => page.events);
}

function contentsOf(...pages: Page[]): (string | undefined)[] {
  return pages.flatMap((page) => page.events.map((event) => event.message?.content));
}

/** A group of these people; its announcement is its first message. */
async function group(...members: string[]): Promise<string> {
  const [creatorUsername = "", ...others] = members;
  const request = create(CreateSessionRequestSchema, {
    creatorUsername,
    members: others,
    name: "g",
    type: 2,
  });
  return (await createSession(logic.deps, request, logic.signal)).sessionId ?? "";
}

function send(sessionId: string, fromUsername: string, content: string) {
  return logic.send({ sessionId, fromUsername, content });
}

/** A reader who has read all there is. */
async function caughtUp(username: string): Promise<Reader> {
  const reader = { cursorId: 0n, pages: [] };
  await pullAll(username, reader);
  return { cursorId: reader.cursorId, pages: [] };
}

test("a message whose transaction commits after later ones is not skipped", async () => {
  const alice = await logic.user("late-alice");
  const otherBot = "other-bot" as Username;
  const late = `single:${alice}:ops-bot` as SessionId;
  const early = `single:${alice}:other-bot` as SessionId;
  await logic.db.execute(
    "INSERT INTO t_user (username, password, is_bot) VALUES ('other-bot', '!', 1)",
  );
  await createSession(
    logic.deps,
    create(CreateSessionRequestSchema, { creatorUsername: alice, members: [otherBot], type: 1 }),
    logic.signal,
  );
  const start = await caughtUp(alice);
  const ask = (sessionId: SessionId, until: Promise<void>) =>
    transaction(
      logic.db,
      async (tx) => {
        const draft = { sessionId, sender: alice, content: sessionId, type: "text" };
        const clientMsgId = sessionId as string as ClientMsgId;
        await storeMessages(logic.deps, tx, [{ ...draft, clientMsgId, clientChoseId: true }]);
        stored.resolve();
        await until;
      },
      logic.signal,
    );
  const stored = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();

  // The long transaction has its rows, and their numbers, before the short one begins.
  const long = ask(late, commit.promise);
  await stored.promise;
  await ask(early, Promise.resolve());
  const between = await pull(alice, start.cursorId);
  commit.resolve();
  await long;
  const after = await pull(alice, between.nextCursorId);

  expect(contentsOf(between)).toEqual([early]);
  expect(contentsOf(after)).toEqual([late]);
});

test("whatever is sent while readers pull is read once, each session ascending, and ids only grow", async () => {
  await logic.user("many-alice");
  await logic.user("many-bob");
  const sessions = [
    await group("many-alice", "many-bob"),
    await group("many-bob", "many-alice"),
    "0",
    "single:many-bob:ops-bot",
  ];
  const readers = [3n, 17n, 500n].map(() => ({ cursorId: 0n, pages: [] as Page[] }));
  const sent: string[] = [];
  let sending = true;
  const sends = Array.from({ length: 8 }, async (_, writer) => {
    for (let count = 0; count < 25; count++) {
      const sessionId = sessions[(writer * 7 + count * 3) % sessions.length] ?? "0";
      const { seqId } = await send(sessionId, "many-bob", `${writer}.${count}`);
      sent.push(`${sessionId}/${seqId}/${writer}.${count}`);
    }
  });
  const reading = readers.map(async (reader, index) => {
    const limit = [3n, 17n, 500n][index] ?? 0n;
    while (sending) await pullAll("many-bob", reader, limit);
    await pullAll("many-bob", reader, limit);
  });
  await Promise.all(sends);
  sending = false;
  await Promise.all(reading);

  for (const reader of readers) {
    const events = eventsOf(reader);
    const seen = events.map(({ message }) => `${message?.sessionId}/${message?.seqId}`);
    expect(new Set(seen).size).toBe(seen.length);
    const mine = events.filter(({ message }) => message?.fromUsername === "many-bob");
    expect(
      mine
        .map(({ message }) => `${message?.sessionId}/${message?.seqId}/${message?.content}`)
        .sort(),
    ).toEqual(sent.toSorted());
    const bySession = Map.groupBy(events, ({ message }) => message?.sessionId);
    for (const [, ofSession] of bySession) {
      const seqs = ofSession.map(({ message }) => message?.seqId ?? 0n);
      // Dense from the first to the last: nothing is missing in between.
      expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0n) + BigInt(index)));
    }
    const ids = events.map(({ inboxId }) => inboxId);
    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0n))).toBe(true);
  }
});

test("with nothing new the cursor comes back and nothing is stored", async () => {
  await logic.user("quiet");
  const { cursorId } = await caughtUp("quiet");
  const rows = () => logic.db.query("SELECT * FROM t_sync_cursor ORDER BY cursor_id");
  const before = await rows();

  expect(await pull("quiet", cursorId)).toMatchObject({
    events: [],
    nextCursorId: cursorId,
    hasMore: false,
  });
  expect(await rows()).toEqual(before);
});

test("a cursor whose answer was lost answers again", async () => {
  await logic.user("lossy");
  const { cursorId } = await caughtUp("lossy");
  await send("single:lossy:ops-bot", "lossy", "1");

  const lost = await pull("lossy", cursorId);
  const again = await pull("lossy", cursorId);

  expect(contentsOf(lost)).toEqual(["1"]);
  expect(again.events).toEqual(lost.events);
  expect((await pull("lossy", again.nextCursorId)).events).toEqual([]);
});

test("a cursor of somebody else, or of nobody, stands for the beginning", async () => {
  await logic.user("owner");
  await logic.user("thief");
  await send("single:ops-bot:owner", "owner", "mine");
  await send("single:ops-bot:thief", "thief", "his");
  const { cursorId } = await caughtUp("owner");

  const fromStart = contentsOf(await pull("thief"));

  expect(fromStart).toContain("his");
  expect(contentsOf(await pull("thief", cursorId))).toEqual(fromStart);
  expect(contentsOf(await pull("thief", 999_999n))).toEqual(fromStart);
  expect(contentsOf(await pull("thief", -1n))).toEqual(fromStart);
});

test("a page has the caller as its recipient, and only sessions the caller is in", async () => {
  for (const name of ["in-1", "in-2", "out"]) await logic.user(name);
  const { cursorId } = await caughtUp("out");
  const reader = await caughtUp("in-2");
  const sessionId = await group("in-1", "in-2");
  await send(sessionId, "in-1", "for two");

  const [, event] = (await pull("in-2", reader.cursorId)).events;
  expect(event?.message).toMatchObject({
    content: "for two",
    fromUsername: "in-1",
    toUsername: "in-2",
    seqId: 2n,
  });
  expect((await pull("out", cursorId)).events).toEqual([]);

  await logic.db.execute(
    "DELETE FROM t_session_member WHERE session_id = ? AND username = 'in-2'",
    [sessionId],
  );
  await send(sessionId, "in-1", "for one");
  expect((await pull("in-2", reader.cursorId)).events).toEqual([]);
});

test("a page holds what was asked for, and quiet sessions are not held up by a busy one", async () => {
  await logic.user("reader");
  await logic.user("talker");
  const busy = await group("talker", "reader");
  const quiet = await group("reader", "talker");
  const { cursorId } = await caughtUp("reader");
  await Promise.all(Array.from({ length: 150 }, (_, index) => send(busy, "talker", `${index}`)));
  await send(quiet, "talker", "psst");

  const ten = await pull("reader", cursorId, 10n);
  expect(ten.events).toHaveLength(10);
  expect(ten.hasMore).toBe(true);
  expect(contentsOf(ten)).toContain("psst");
  expect((await pull("reader", cursorId)).events).toHaveLength(100);
  const whole = await pull("reader", cursorId, 10_000n);
  expect(whole.events).toHaveLength(151);
  expect(whole.hasMore).toBe(false);
});

test("messages too large for one answer come in several, none of which is too large", async () => {
  await logic.user("large");
  const { cursorId } = await caughtUp("large");
  const sessionId = await group("large", "reader");
  const large = "x".repeat(65_000);
  await Promise.all(Array.from({ length: 70 }, () => send(sessionId, "large", large)));

  const reader: Reader = { cursorId, pages: [] };
  await pullAll("large", reader, 500n);

  expect(eventsOf(reader).map(({ message }) => message?.seqId)).toEqual(
    Array.from({ length: 71 }, (_, index) => BigInt(index + 1)),
  );
  for (const page of reader.pages) {
    expect(toBinary(PullInboxDeltaResponseSchema, page).length).toBeLessThan(2 * 1024 ** 2);
  }
});

test("what the room said before a newcomer is no news, what it says since is", async () => {
  await logic.user("old-timer");
  await send("0", "old-timer", "before");
  await logic.user("newcomer");
  await send("0", "old-timer", "since");

  const contents = contentsOf(await pull("newcomer"));

  expect(contents).toContain("since");
  expect(contents).not.toContain("before");
});

test("a busy device does not take an idle one's cursor away, and few are kept", async () => {
  await logic.user("devices");
  const session = "single:devices:ops-bot";
  const idle = await caughtUp("devices");
  const busy = await caughtUp("devices");
  for (let count = 0; count < 20; count++) {
    await send(session, "devices", `${count}`);
    await pullAll("devices", busy);
  }

  expect(contentsOf(await pull("devices", idle.cursorId))).toHaveLength(20);

  for (let count = 0; count < 40; count++) await pull("devices");
  const [row] = await logic.db.query<{ rows: bigint }>(
    "SELECT COUNT(*) AS `rows` FROM t_sync_cursor WHERE owner_username = 'devices'",
  );
  expect(Number(row?.rows)).toBeLessThanOrEqual(32);
});
