import { create } from "@bufbuild/protobuf";
import { CreateSessionRequestSchema } from "@resonance/mq-proto/logic";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { createSession } from "./create-session.ts";
import type { Outbox } from "./outbox.ts";
import type { OutboxRow } from "./sql/outbox.ts";
import { deadOutbox, openTestLogic } from "./test-logic.ts";

const pair = "single:alice:bob";

/** Logic where alice may write to bob. `announced` is what is handed to its outbox then. */
async function openPair() {
  await using stack = new AsyncDisposableStack();
  const announced: OutboxRow[] = [];
  const outbox: Outbox = {
    ...deadOutbox,
    publish: (rows) => void announced.push(...rows),
  };
  const logic = stack.use(await openTestLogic({ outbox }));
  for (const name of ["alice", "bob"]) await logic.user(name);
  const session = { creatorUsername: "alice", members: ["bob"], type: 1 };
  await createSession(logic.deps, create(CreateSessionRequestSchema, session), logic.signal);
  // Of the accounts.
  announced.length = 0;
  const closing = stack.move();
  return {
    db: logic.db,
    announced,
    send: (content: string) => logic.send({ sessionId: pair, fromUsername: "alice", content }),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

test("what is stored is acknowledged and announced though nobody's routes can be read", async () => {
  await using logic = await openPair();
  const { announced, send } = logic;
  await logic.db.execute("RENAME TABLE t_route TO t_elsewhere");

  // Of the first one the session is read, of the next ones it is known.
  const first = await send("1");
  const [second, third] = await Promise.all([send("2"), send("3")]);

  expect([second.seqId, third.seqId]).toEqual([first.seqId + 1n, first.seqId + 2n]);
  await eventually(() =>
    expect(announced.map(({ msgId, delivered }) => [msgId, delivered])).toEqual(
      [first, second, third].map(({ msgId }) => [msgId, undefined]),
    ),
  );
});

test.each([
  ["the rows", ["START TRANSACTION", "DELETE FROM t_route"]],
  ["the table", ["LOCK TABLES t_route WRITE"]],
])("who holds %s of routes does not stop the messages", async (_, statements) => {
  await using logic = await openPair();
  await logic.db.execute(
    `INSERT INTO t_route (username, gateway_id, incarnation, connected_at)
     VALUES ('bob', 'g1', 1, NOW(3))`,
  );
  const holder = await logic.db.pool.getConnection();
  try {
    for (const statement of statements) await holder.query(statement);

    const first = await logic.send("1");
    const second = await logic.send("2");

    expect(second.seqId).toBe(first.seqId + 1n);
    await eventually(() =>
      expect(logic.announced.map(({ msgId }) => msgId)).toEqual([first.msgId, second.msgId]),
    );
  } finally {
    holder.destroy();
  }
});
