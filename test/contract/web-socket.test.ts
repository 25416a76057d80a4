import { BotEventSchema, PushEventSchema } from "@resonance/mq-proto";
import { type PushMessage, WsPacketSchema } from "@resonance/mq-proto/gateway";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Account, createSession, enter, fresh, listedSession } from "./testing/call-api.ts";
import { type ContractTarget, openContractTarget } from "./testing/contract-target.ts";
import { goldenSession, goldenWith, hexOf } from "./testing/golden.ts";
import { type BusSpy, botTopic, openBusSpy, pushTopic } from "./testing/open-bus-spy.ts";
import { openMortalSocket } from "./testing/open-mortal-socket.ts";
import { chatHex, openRawSocket } from "./testing/open-raw-socket.ts";
import { openTables, type Tables } from "./testing/open-tables.ts";

let target: ContractTarget;
let tables: Tables;
let bus: BusSpy;
/** Alice and bob share the golden session. */
let alice: Account;
let bob: Account;
let eve: Account;

beforeAll(async () => {
  target = await openContractTarget();
  tables = await openTables(target.mysqlUrl);
  bus = await openBusSpy(target.natsUrl);
  alice = await enter(target.httpUrl, "alice");
  bob = await enter(target.httpUrl, "bob");
  eve = await enter(target.httpUrl, "eve");
  await createSession(alice, { members: ["bob"], type: 1 });
}, 120_000);
afterAll(async () => {
  await bus?.[Symbol.asyncDispose]();
  await tables?.[Symbol.asyncDispose]();
  await target?.[Symbol.asyncDispose]();
});

const connect = (account: Account) => openRawSocket(target, account);

/** In unix seconds, within 2 s of the time since then. */
function expectLately(timestamp: bigint, sinceMs: number): void {
  expect(Number(timestamp)).toBeGreaterThan(sinceMs / 1_000 - 2);
  expect(Number(timestamp)).toBeLessThan(Date.now() / 1_000 + 2);
}

const withMsgId = (msgId: bigint) => (push: PushMessage) => push.msgId === msgId;
const withContent = (content: string) => (push: PushMessage) => push.content === content;

test("C07: a pulse is answered by exactly 5200, nothing else is answered, and nothing closes", async () => {
  await using socket = await connect(alice);

  socket.sendHex(hexOf.V5);
  await eventually(() => expect(socket.frames).toEqual([hexOf.V4]));
  for (const hex of ["ffffffff", "0a02fffe5200", "0a027439", hexOf.V7]) socket.sendHex(hex);
  await socket.settle();

  expect(socket.frames).toEqual([hexOf.V4, hexOf.V4]);
});

test("C08: the sender gets one Ack and no push, the other one push and no Ack", async () => {
  await using sender = await connect(alice);
  await using receiver = await connect(bob);
  const before = await tables.maxSeqOf(goldenSession);

  sender.sendHex(hexOf.V1);

  const { msgId, seqId } = await sender.ackOf("t1");
  expect(msgId).toBeGreaterThan(0n);
  expect(seqId).toBe(before + 1n);
  const acked = goldenWith(WsPacketSchema, hexOf.V2, ({ payload }) => {
    if (payload.case === "ack") Object.assign(payload.value, { msgId, seqId });
  });
  expect(sender.frames).toContain(acked);
  const push = await receiver.pushWhere(withMsgId(msgId));
  const pushed = goldenWith(WsPacketSchema, hexOf.V7, ({ payload }) => {
    const { timestamp } = push;
    if (payload.case === "push") Object.assign(payload.value, { msgId, seqId, timestamp });
  });
  expect(receiver.frames).toContain(pushed);
  // What comes after it has come, so what has not come will not.
  receiver.chat("after", { sessionId: goldenSession, content: "c08 after" });
  await sender.pushWhere(withContent("c08 after"));
  await receiver.ackOf("after");
  expect(sender.acks()).toHaveLength(1);
  expect(sender.pushes().filter(withMsgId(msgId))).toEqual([]);
  expect(receiver.pushes().filter(withMsgId(msgId))).toHaveLength(1);
  expect(receiver.acks()).toHaveLength(1);
});

test("C09: the event on NATS is the golden one, and its outbox row is marked as sent", async () => {
  await using sender = await connect(alice);
  const beforeMs = Date.now();

  sender.sendHex(hexOf.V1);

  const { msgId, seqId } = await sender.ackOf("t1");
  const { hex, headers, event } = await bus.pushOf(msgId);
  const { timestamp } = event;
  expectLately(timestamp, beforeMs);
  // No fields but those of V6, in its order.
  expect(hex).toBe(
    goldenWith(PushEventSchema, hexOf.V6, (golden) =>
      Object.assign(golden, { msgId, seqId, timestamp }),
    ),
  );
  // A message of a stream has an id, and our Logic says that it has delivered it. Go reads neither.
  const ours = ["Nats-Msg-Id", "Resonance-Delivered"];
  expect(headers.filter((name) => !ours.includes(name))).toEqual([]);
  await eventually(async () => {
    const rows = await tables.rows("SELECT topic, status FROM t_message_outbox WHERE msg_id = ?", [
      String(msgId),
    ]);
    expect(rows).toEqual([{ topic: pushTopic, status: 1 }]);
  });
});

test("C15: who is no member cannot send, under another name neither", async () => {
  await using stranger = await connect(eve);
  await using receiver = await connect(bob);
  await using sender = await connect(alice);
  const before = await tables.maxSeqOf(goldenSession);

  stranger.sendHex(hexOf.V1);
  stranger.sendHex(
    chatHex("t2", { sessionId: goldenSession, fromUsername: "alice", content: "c15 forged" }),
  );

  for (const seq of ["t1", "t2"]) {
    await stranger.ackOf(seq);
  }
  const acks = stranger.packets().map((packet) =>
    goldenWith(WsPacketSchema, hexOf.V3, (golden) => {
      if (packet.payload.case !== "ack" || golden.payload.case !== "ack") return;
      // The reason for programs is an addition to the golden bytes.
      Object.assign(golden.payload.value, packet.payload.value, { errorReason: "" });
      golden.seq = packet.seq;
    }),
  );
  expect(acks).toEqual([hexOf.V3, hexOf.V3.replaceAll("0a027431", "0a027432")]);
  // Whatever eve's would have caused comes before what alice's causes.
  sender.sendHex(hexOf.V1);
  const { msgId, seqId } = await sender.ackOf("t1");
  expect(seqId).toBe(before + 1n);
  await bus.pushOf(msgId);
  await receiver.pushWhere(withMsgId(msgId));
  expect(receiver.pushes().filter(withContent("c15 forged"))).toEqual([]);
  expect(bus.events.filter(({ event }) => event.content === "c15 forged")).toEqual([]);
  const stored = await tables.rows(
    "SELECT msg_id FROM t_message_content WHERE sender_username = 'eve' OR content = 'c15 forged'",
  );
  expect(stored).toEqual([]);
});

test("C21: every connection of a user gets a push once, and none closes another", async () => {
  await using phone = await connect(alice);
  await using laptop = await connect(alice);
  await using sender = await connect(bob);

  sender.chat("c21", { sessionId: goldenSession, content: "c21" });

  const { msgId } = await sender.ackOf("c21");
  sender.chat("c21 after", { sessionId: goldenSession, content: "c21 after" });
  for (const socket of [phone, laptop]) {
    await socket.pushWhere(withContent("c21 after"));
    expect(socket.pushes().filter(withMsgId(msgId))).toHaveLength(1);
    await socket.settle();
    expect(socket.isOpen).toBe(true);
  }
});

test("C21: 100 connections that end with a chat in flight harm nobody", {
  timeout: 60_000,
}, async () => {
  const room = await createSession(bob, { members: ["alice"], type: 2, name: fresh("c21") });
  await using witness = await connect(alice);
  const chat = (index: number) => chatHex(`${index}`, { sessionId: room, content: `${index}` });

  for (let index = 0; index < 100; index += 2) {
    const closing = await connect(alice);
    closing.sendHex(chat(index));
    closing.close();
    const dying = await openMortalSocket(target, alice);
    dying.sendHex(chat(index + 1));
    dying.kill();
  }

  // The same process, with the same connection, and still at work.
  await witness.settle();
  witness.chat("c21 last", { sessionId: room, content: "last" });
  const { seqId } = await witness.ackOf("c21 last");
  // The announcement, and what was sent before the close frames.
  expect(seqId).toBeGreaterThan(51n);
  const stored = await tables.rows(
    "SELECT seq_id AS seqId FROM t_message_content WHERE session_id = ? ORDER BY seq_id",
    [room],
  );
  expect(stored.map((row) => Number(row.seqId)).slice(0, Number(seqId))).toEqual(
    Array.from({ length: Number(seqId) }, (_, index) => index + 1),
  );
});

test("C25: a question is one BotEvent and no PushEvent, and its answer one PushEvent", async () => {
  const user = await enter(target.httpUrl, fresh("c25-user"));
  const sessionId = `single:${[user.username, "ops-bot"].toSorted().join(":")}`;
  await using socket = await connect(user);
  const before = await tables.maxSeqOf(sessionId);
  const beforeMs = Date.now();

  socket.chat("q", { sessionId, content: "/help", type: "text" });

  const { msgId, seqId, error } = await socket.ackOf("q");
  expect([error, seqId]).toEqual(["", before + 1n]);
  const question = await bus.botOf(msgId);
  const { timestamp } = question.event;
  const shape = goldenWith(BotEventSchema, hexOf.V15, (golden) =>
    Object.assign(golden, { msgId, sessionId, fromUsername: user.username, timestamp }),
  );
  expect(question.hex.startsWith(shape)).toBe(true);
  expectLately(timestamp, beforeMs);
  const answer = await socket.pushWhere(
    (push) => push.sessionId === sessionId && push.fromUsername === "ops-bot" && push.seqId > seqId,
  );
  const answered = await bus.pushOf(answer.msgId);
  expect(answered.event).toMatchObject({ fromUsername: "ops-bot", sessionId, type: "text" });
  expect(topicsOf(msgId)).toEqual([botTopic]);
  expect(topicsOf(answer.msgId)).toEqual([pushTopic]);
  await expectInbox(user, sessionId, { question: msgId, answer: answer.msgId });
});

test("C25: to_username makes no question where the bot is no member", async () => {
  await using sender = await connect(alice);
  await using receiver = await connect(bob);

  sender.chat("c25", { sessionId: goldenSession, toUsername: "ops-bot", content: "/help" });

  const { msgId } = await sender.ackOf("c25");
  await receiver.pushWhere(withMsgId(msgId));
  await bus.pushOf(msgId);
  await afterAnotherQuestion();
  expect(topicsOf(msgId)).toEqual([pushTopic]);
});

test("C25: in a group people get everything, and the bot what mentions it if it is a member", async () => {
  const withBot = await createSession(alice, { members: ["bob", "ops-bot"], type: 2, name: "a" });
  const without = await createSession(alice, { members: ["bob"], type: 2, name: "b" });
  await using sender = await connect(alice);
  await using receiver = await connect(bob);
  const sends = [
    { sessionId: withBot, content: "@ops-bot /help", topics: [botTopic, pushTopic] },
    { sessionId: withBot, content: "/help", topics: [pushTopic] },
    { sessionId: without, content: "@ops-bot /help", topics: [pushTopic] },
  ];

  for (const [index, { sessionId, content }] of sends.entries()) {
    sender.chat(`group ${index}`, { sessionId, content });
  }

  const acks = await Promise.all(sends.map((_, index) => sender.ackOf(`group ${index}`)));
  for (const { msgId } of acks) await receiver.pushWhere(withMsgId(msgId));
  await afterAnotherQuestion();
  expect(acks.map(({ msgId }) => topicsOf(msgId).toSorted())).toEqual(
    sends.map(({ topics }) => topics),
  );
});

function topicsOf(msgId: bigint): string[] {
  return bus.events.filter(({ event }) => event.msgId === msgId).map(({ topic }) => topic);
}

/** Events of messages before this one have come when its event has. */
async function afterAnotherQuestion(): Promise<void> {
  await using socket = await connect(alice);
  socket.chat("another", { sessionId: "single:alice:ops-bot", content: "/help" });
  await bus.botOf((await socket.ackOf("another")).msgId);
}

async function expectInbox(
  user: Account,
  sessionId: string,
  expected: { question: bigint; answer: bigint },
): Promise<void> {
  const ids = [String(expected.question), String(expected.answer)];
  await eventually(async () => {
    const inbox = await tables.inbox(sessionId);
    const own = inbox.filter(({ msgId }) => ids.includes(String(msgId)));
    expect(own.map(({ owner, msgId }) => [owner, msgId])).toEqual(
      ids.map((id) => [user.username, id]),
    );
  });
  const { json } = await user.call("PullInboxDelta", { limit: "100" });
  const pulled = json.events?.map(({ message }) => message.msgId);
  expect(pulled).toEqual(expect.arrayContaining(ids));
  const session = await listedSession(user, sessionId);
  expect(session?.unreadCount).toBe(String(await tables.maxSeqOf(sessionId)));
}
