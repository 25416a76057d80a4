import { create, fromBinary } from "@bufbuild/protobuf";
import { ChatError } from "@resonance/kit";
import { BotEventSchema, limits, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { CreateSessionRequestSchema } from "@resonance/mq-proto/logic";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSession } from "./create-session.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

let logic: TestLogic;
const pushes: Uint8Array[] = [];
const questions: Uint8Array[] = [];

beforeAll(async () => {
  logic = await openTestLogic();
  logic.bus.subscribe(topicOf(PushEventSchema), (payload) => pushes.push(payload));
  logic.bus.subscribe(topicOf(BotEventSchema), (payload) => questions.push(payload));
  for (const name of ["alice", "bob", "eve"]) await logic.user(name);
  await single("alice", "bob");
});
afterAll(() => logic[Symbol.asyncDispose]());

const pair = "single:alice:bob";
const withBot = "single:alice:ops-bot";

function single(creatorUsername: string, member: string) {
  const request = create(CreateSessionRequestSchema, {
    creatorUsername,
    members: [member],
    type: 1,
  });
  return createSession(logic.deps, request, logic.signal);
}

function pushOf(msgId: bigint) {
  return pushes
    .map((bytes) => fromBinary(PushEventSchema, bytes))
    .filter((event) => event.msgId === msgId);
}

function questionOf(msgId: bigint) {
  return questions
    .map((bytes) => fromBinary(BotEventSchema, bytes))
    .filter((event) => event.msgId === msgId);
}

async function outboxSettles(): Promise<void> {
  await eventually(async () => {
    const rows = await logic.db.query("SELECT id FROM t_message_outbox WHERE status <> 1");
    expect(rows).toEqual([]);
  });
}

test("a message to a person is stored and announced to people only", async () => {
  const before = Math.floor(Date.now() / 1_000);

  const { msgId, seqId } = await logic.send({
    sessionId: pair,
    fromUsername: "alice",
    content: "hi",
  });

  await outboxSettles();
  const rows = await logic.db.query(
    "SELECT seq_id AS seqId, content FROM t_message_content WHERE msg_id = ?",
    [msgId],
  );
  expect(rows).toEqual([{ seqId, content: "hi" }]);
  const [event, ...more] = pushOf(msgId);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    seqId,
    sessionId: pair,
    fromUsername: "alice",
    content: "hi",
    type: "text",
    toUsername: "",
    sessionName: "",
    sessionType: 0,
    clientMsgId: "",
  });
  expect(Number(event?.timestamp)).toBeGreaterThanOrEqual(before);
  expect(Number(event?.timestamp)).toBeLessThanOrEqual(before + 2);
  expect(questionOf(msgId)).toEqual([]);
});

test("a question to the bot becomes one BotEvent instead of a PushEvent, and is in the asker's inbox", async () => {
  const { msgId, seqId } = await logic.send({
    sessionId: withBot,
    fromUsername: "alice",
    content: "/help",
  });

  await outboxSettles();
  expect(questionOf(msgId)).toMatchObject([
    {
      sessionId: withBot,
      fromUsername: "alice",
      content: "/help",
      messageType: "text",
      seqId,
      botUsername: "ops-bot",
      sessionType: 1,
    },
  ]);
  expect(pushOf(msgId)).toEqual([]);
  const inbox = await logic.db.query(
    "SELECT owner_username AS owner, seq_id AS seqId FROM t_inbox WHERE msg_id = ?",
    [msgId],
  );
  expect(inbox).toEqual([{ owner: "alice", seqId }]);
});

test("the bot's answer is pushed to people and asks no bot", async () => {
  const { msgId } = await logic.send({
    sessionId: withBot,
    fromUsername: "ops-bot",
    content: "@ops-bot hello",
  });

  await outboxSettles();
  expect(pushOf(msgId)).toHaveLength(1);
  expect(questionOf(msgId)).toEqual([]);
});

test("to_username decides nothing: the session's members do", async () => {
  const { msgId } = await logic.send({
    sessionId: pair,
    fromUsername: "alice",
    toUsername: "ops-bot",
    content: "hi",
  });

  await outboxSettles();
  expect(pushOf(msgId)).toHaveLength(1);
  expect(questionOf(msgId)).toEqual([]);
});

test("in a group people get every message, and a bot only one that mentions it", async () => {
  const mentioned = await logic.send({
    sessionId: "0",
    fromUsername: "alice",
    content: "@ops-bot how are you?",
  });
  const plain = await logic.send({
    sessionId: "0",
    fromUsername: "alice",
    content: "ops-bot is nice",
  });

  await outboxSettles();
  expect(pushOf(mentioned.msgId)).toHaveLength(1);
  expect(questionOf(mentioned.msgId)).toHaveLength(1);
  expect(pushOf(plain.msgId)).toHaveLength(1);
  expect(questionOf(plain.msgId)).toEqual([]);
});

test("the same client id twice is one message with one answer", async () => {
  const request = { sessionId: pair, fromUsername: "alice", content: "once", clientMsgId: "c1" };

  const first = await logic.send(request);
  const again = await logic.send(request);
  const [one, two] = await Promise.all([
    logic.send({ ...request, clientMsgId: "c2" }),
    logic.send({ ...request, clientMsgId: "c2" }),
  ]);

  expect(again).toMatchObject({ msgId: first.msgId, seqId: first.seqId });
  expect(two).toMatchObject({ msgId: one.msgId, seqId: one.seqId });
  await outboxSettles();
  expect(pushOf(first.msgId)).toMatchObject([{ clientMsgId: "c1" }]);
});

test("an id that a gateway derived is not said to be the client's", async () => {
  const { msgId } = await logic.send({
    sessionId: pair,
    fromUsername: "alice",
    content: "from an old client",
    clientMsgId: "c:Zm9vYmFyYmF6cXV4:t1",
  });

  await eventually(() => expect(pushOf(msgId)).toMatchObject([{ clientMsgId: "" }]));
});

test("the same client id with other content is a conflict, and stores nothing", async () => {
  await logic.send({ sessionId: pair, fromUsername: "alice", content: "one", clientMsgId: "c3" });

  const elsewhere = logic.send({
    sessionId: "0",
    fromUsername: "alice",
    content: "one",
    clientMsgId: "c3",
  });
  const other = logic.send({
    sessionId: pair,
    fromUsername: "alice",
    content: "two",
    clientMsgId: "c3",
  });

  await Promise.all(
    [elsewhere, other].map((sending) =>
      expect(sending).rejects.toMatchObject({ reason: "client_msg_id_conflict" }),
    ),
  );
  const rows = await logic.db.query(
    "SELECT content FROM t_message_content WHERE client_msg_id = 'c3'",
  );
  expect(rows).toEqual([{ content: "one" }]);
});

test("two people may choose the same client id", async () => {
  const one = await logic.send({
    sessionId: pair,
    fromUsername: "alice",
    content: "a",
    clientMsgId: "same",
  });
  const other = await logic.send({
    sessionId: pair,
    fromUsername: "bob",
    content: "b",
    clientMsgId: "same",
  });

  expect(other.msgId).not.toBe(one.msgId);
});

test.each([
  [
    "somebody who is no member",
    { sessionId: pair, fromUsername: "eve", content: "x" },
    "not_a_member",
  ],
  [
    "an unknown session",
    { sessionId: "single:a:b", fromUsername: "alice", content: "x" },
    "not_a_member",
  ],
  [
    "another spelling of a session",
    { sessionId: "SINGLE:alice:bob", fromUsername: "alice", content: "x" },
    "not_a_member",
  ],
  ["a padded session id", { sessionId: "0 ", fromUsername: "alice", content: "x" }, "not_a_member"],
  [
    "another spelling of a member",
    { sessionId: pair, fromUsername: "Alice", content: "x" },
    "not_a_member",
  ],
  ["an empty message", { sessionId: pair, fromUsername: "alice", content: " \n" }, "message_empty"],
  [
    "a type of the system",
    { sessionId: pair, fromUsername: "alice", content: "x", type: "system" },
    "message_type_reserved",
  ],
  [
    "an over-long client id",
    { sessionId: pair, fromUsername: "alice", content: "x", clientMsgId: "é".repeat(33) },
    "client_msg_id_invalid",
  ],
])("%s is refused and stores nothing", async (_what, request, reason) => {
  const [before] = await logic.db.query("SELECT COUNT(*) AS messages FROM t_message_content");

  await expect(logic.send(request)).rejects.toMatchObject({ reason });

  expect(await logic.db.query("SELECT COUNT(*) AS messages FROM t_message_content")).toEqual([
    before,
  ]);
});

test("65,000 bytes of UTF-8 are stored whole, and one more is refused with the limit", async () => {
  const longest = `${"汉".repeat(21_666)}ab`;
  expect(Buffer.byteLength(longest)).toBe(limits.contentMaxBytes);

  const { msgId } = await logic.send({ sessionId: pair, fromUsername: "alice", content: longest });
  const refused = logic.send({ sessionId: pair, fromUsername: "alice", content: `${longest}c` });

  await expect(refused).rejects.toMatchObject({ reason: "message_too_long", limit: 65_000 });
  await expect(refused).rejects.toBeInstanceOf(ChatError);
  const [row] = await logic.db.query<{ content: string }>(
    "SELECT content FROM t_message_content WHERE msg_id = ?",
    [msgId],
  );
  expect(row?.content).toBe(longest);
  await outboxSettles();
  expect(pushOf(msgId)).toMatchObject([{ content: longest }]);
});

test("seq_ids are dense under concurrent sends with refusals among them", async () => {
  await single("alice", "eve");
  const sessions = [pair, "0", "single:alice:eve", withBot];
  const sends = Array.from({ length: 200 }, (_, index) =>
    logic.send({
      sessionId: sessions[index % sessions.length] ?? pair,
      fromUsername: index % 10 === 9 ? "nobody" : "alice",
      content: `message ${index}`,
    }),
  );

  const outcomes = await Promise.allSettled(sends);

  expect(outcomes.filter((outcome) => outcome.status === "rejected")).toHaveLength(20);
  const holes = await logic.db.query(
    `SELECT s.session_id AS sessionId FROM t_session s
       JOIN t_message_content c ON c.session_id = s.session_id
      GROUP BY s.session_id, s.max_seq_id
     HAVING COUNT(*) <> s.max_seq_id OR MAX(c.seq_id) <> s.max_seq_id OR MIN(c.seq_id) <> 1`,
  );
  expect(holes).toEqual([]);
});

test("one sender's messages keep the order in which they were sent", async () => {
  const sends = Array.from({ length: 50 }, (_, index) =>
    logic.send({ sessionId: pair, fromUsername: "bob", content: `in order ${index}` }),
  );

  const seqIds = (await Promise.all(sends)).map(({ seqId }) => seqId);

  expect(seqIds).toEqual(seqIds.toSorted((one, other) => Number(one - other)));
});

test("text in every script comes back as it was sent", async () => {
  const content = "你好👋 🍺≠🍣 \u202eאב <b>&amp;</b> '; DROP TABLE t_user; --\u0000";

  const { msgId } = await logic.send({ sessionId: pair, fromUsername: "alice", content });

  const [row] = await logic.db.query<{ content: string }>(
    "SELECT content FROM t_message_content WHERE msg_id = ?",
    [msgId],
  );
  expect(row?.content).toBe(content);
});
