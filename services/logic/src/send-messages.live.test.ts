import { create } from "@bufbuild/protobuf";
import { CreateSessionRequestSchema, SendMessagesRequestSchema } from "@resonance/mq-proto/logic";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSession } from "./create-session.ts";
import { createSendMetrics } from "./metrics.ts";
import { sendMessages } from "./send-messages.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

let logic: TestLogic;
const sendMetrics = createSendMetrics(new Registry());

beforeAll(async () => {
  logic = await openTestLogic();
  for (const name of ["alice", "bob", "carol", "eve"]) await logic.user(name);
  for (const member of ["bob", "carol"]) {
    const request = { creatorUsername: "alice", members: [member], type: 1 };
    await createSession(logic.deps, create(CreateSessionRequestSchema, request), logic.signal);
  }
});
afterAll(() => logic[Symbol.asyncDispose]());

type Sent = { to: string; content: string; from?: string; clientMsgId?: string };

type Answered = { index: number; msgId: bigint; seqId: bigint; errorReason: string };

/** Sends as one batch of the gateway; the answers come in the order in which they are given. */
async function* answersTo(messages: readonly Sent[]): AsyncGenerator<Answered> {
  const batch = create(SendMessagesRequestSchema, {
    messages: messages.map(({ to, content, from = "alice", clientMsgId = "" }) => ({
      request: { sessionId: `single:alice:${to}`, fromUsername: from, content, clientMsgId },
    })),
  });
  for await (const { answers = [] } of sendMessages(
    { ...logic.deps, sendMetrics },
    batch,
    "gateway",
  )) {
    for (const { index = 0, response } of answers) {
      yield { index, msgId: 0n, seqId: 0n, errorReason: "", ...response };
    }
  }
}

async function send(messages: readonly Sent[]) {
  const answers: Answered[] = [];
  for await (const answer of answersTo(messages)) answers.push(answer);
  return answers.toSorted((one, other) => one.index - other.index);
}

test("a batch is stored in its order in each session", async () => {
  const answers = await send(
    Array.from({ length: 60 }, (_, count) => ({
      to: count % 3 === 0 ? "carol" : "bob",
      content: `message ${count}`,
    })),
  );

  expect(answers.map(({ index }) => index)).toEqual(Array.from({ length: 60 }, (_, at) => at));
  for (const of of [(index: number) => index % 3 === 0, (index: number) => index % 3 !== 0]) {
    const seqIds = answers.filter(({ index }) => of(index)).map(({ seqId }) => seqId);
    const first = seqIds[0] ?? 0n;
    expect(seqIds).toEqual(seqIds.map((_, index) => first + BigInt(index)));
  }
});

test("bad messages are refused, each with its reason, and their neighbours stored", async () => {
  const answers = await send([
    { to: "bob", content: "first" },
    { to: "bob", content: " " },
    { to: "bob", content: "not mine", from: "eve" },
    { to: "nobody", content: "nowhere" },
    { to: "bob", content: "x".repeat(65_001) },
    { to: "bob", content: "by a bot", from: "ops-bot" },
    { to: "bob", content: "last" },
  ]);

  expect(answers.map(({ errorReason }) => errorReason)).toEqual([
    "",
    "message_empty",
    "not_a_member",
    "not_a_member",
    "message_too_long",
    "not_a_member",
    "",
  ]);
  expect((answers[6]?.seqId ?? 0n) - (answers[0]?.seqId ?? 0n)).toBe(1n);
});

test("a message without a request is refused, and its neighbours stored", async () => {
  const batch = create(SendMessagesRequestSchema, {
    messages: [
      {},
      { request: { sessionId: "single:alice:bob", fromUsername: "alice", content: "hi" } },
    ],
  });

  const byIndex = new Map<number | undefined, object | undefined>();
  for await (const { answers = [] } of sendMessages(
    { ...logic.deps, sendMetrics },
    batch,
    "gateway",
  )) {
    for (const { index, response } of answers) byIndex.set(index, response);
  }

  expect(byIndex.get(0)).toMatchObject({ errorReason: "message_empty" });
  expect(byIndex.get(1)).toMatchObject({ msgId: expect.any(BigInt) });
});

test("one client id is one message, twice in a batch and in two batches at once", async () => {
  const same = { to: "bob", content: "once", clientMsgId: "the-same" };

  const [one, other] = await Promise.all([send([same, same]), send([same])]);

  const msgIds = new Set([...one, ...other].map(({ msgId }) => msgId));
  expect(msgIds.size).toBe(1);
  const rows = await logic.db.query(
    "SELECT msg_id FROM t_message_content WHERE client_msg_id = 'the-same'",
  );
  expect(rows).toHaveLength(1);
});

test("a message whose session is locked holds up no other of its batch", async () => {
  const other = await logic.db.pool.getConnection();
  await other.beginTransaction();
  await other.query("SELECT 1 FROM t_session WHERE session_id = 'single:alice:carol' FOR UPDATE");
  const seen: string[] = [];

  for await (const { index, errorReason } of answersTo([
    { to: "carol", content: "waits" },
    { to: "carol", content: "waits too" },
    { to: "bob", content: "passes" },
  ])) {
    seen.push(`${index} ${errorReason}`);
    if (seen.length > 1) continue;
    // Carol's session is tried apart now, and whoever comes later does not wait for it at all.
    const [later] = await send([{ to: "bob", content: "passes, too" }]);
    seen.push(`later ${later?.errorReason}`);
    await other.rollback();
  }
  other.release();

  expect(seen).toEqual(["2 ", "later ", "0 ", "1 "]);
});

test("an empty batch is answered by nothing", async () => {
  expect(await send([])).toEqual([]);
});
