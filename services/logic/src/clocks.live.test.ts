import { expect, test } from "vitest";
import { IdGenerator } from "./ids.ts";
import { openMessageStore, openStorePipeline } from "./message-store.ts";
import { sendMessage } from "./send-message.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

const hour = 3_600_000;

/** One more Logic on the same database, with this worker id and clock. */
async function openOtherLogic(logic: TestLogic, workerId: number, nowMs: () => number) {
  await using stack = new AsyncDisposableStack();
  const ids = new IdGenerator(
    () => workerId,
    () => true,
    nowMs,
  );
  const pipeline = stack.use(openStorePipeline(logic.mysqlUrl));
  const store = stack.use(
    openMessageStore({ ...logic.deps, pipeline, nextMsgId: () => ids.next(), nowMs }),
  );
  const closing = stack.move();
  return {
    send: (content: string) =>
      sendMessage(store, {
        $typeName: "resonance.logic.v1.SendMessageRequest",
        sessionId: "single:alice:bob",
        fromUsername: "alice",
        toUsername: "",
        content,
        type: "text",
        timestamp: 0n,
        clientMsgId: content,
      }),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function openTwo({ type = 1 } = {}) {
  await using stack = new AsyncDisposableStack();
  const logic = stack.use(await openTestLogic());
  await logic.user("alice");
  await logic.user("bob");
  await logic.db.execute(
    "INSERT INTO t_session (session_id, type) VALUES ('single:alice:bob', ?)",
    [type],
  );
  await logic.db.execute(
    "INSERT INTO t_session_member (session_id, username) VALUES ('single:alice:bob', 'alice'), ('single:alice:bob', 'bob')",
  );
  const closing = stack.move();
  return { logic, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

test("F23: whatever the clock does, ids are unique and the order is that of sending", async () => {
  await using two = await openTwo();
  let offsetMs = 0;
  await using logic = await openOtherLogic(two.logic, 7, () => Date.now() + offsetMs);
  const sent = [];

  for (const jumpMs of [0, -5_000, -hour, hour, 0]) {
    offsetMs = jumpMs;
    for (let count = 0; count < 20; count++)
      sent.push(await logic.send(`${jumpMs}/${sent.length}`));
  }

  expect(sent.map(({ seqId }) => Number(seqId))).toEqual(sent.map((_, index) => index + 1));
  expect(new Set(sent.map(({ msgId }) => msgId)).size).toBe(sent.length);
});

test("F24: two processes with one worker id and one clock lose no message to each other", async () => {
  await using two = await openTwo();
  // As bad as it can be: both give out the same ids in the same order.
  await using one = await openOtherLogic(two.logic, 7, () => 1_900_000_000_000);
  await using other = await openOtherLogic(two.logic, 7, () => 1_900_000_000_000);

  const sent = await Promise.all(
    Array.from({ length: 40 }, (_, index) => (index % 2 ? one : other).send(`message ${index}`)),
  );

  expect(new Set(sent.map(({ msgId }) => msgId)).size).toBe(40);
  const seqs = sent.map(({ seqId }) => Number(seqId)).toSorted((a, b) => a - b);
  expect(seqs).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

test("F24: so is it in a group, whose members nobody remembers, one message at a time", async () => {
  await using two = await openTwo({ type: 2 });
  await using one = await openOtherLogic(two.logic, 7, () => 1_900_000_000_000);
  await using other = await openOtherLogic(two.logic, 7, () => 1_900_000_000_000);

  const sent = [];
  for (let count = 0; count < 10; count++) {
    sent.push(await (count % 2 ? one : other).send(`message ${count}`));
  }

  expect(new Set(sent.map(({ msgId }) => msgId)).size).toBe(10);
  expect(sent.map(({ seqId }) => Number(seqId))).toEqual(sent.map((_, index) => index + 1));
});
