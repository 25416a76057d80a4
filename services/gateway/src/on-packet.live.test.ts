import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { openBus } from "@resonance/bus";
import { ChatError, createLogger } from "@resonance/kit";
import { type TypingEvent, TypingEventSchema, topicOf } from "@resonance/mq-proto";
import { WsPacketSchema } from "@resonance/mq-proto/gateway";
import { SendMessageRequestSchema } from "@resonance/mq-proto/logic";
import { eventually } from "@resonance/testkit";
import { testServers } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { openTestGateway } from "./testing/open-test-gateway.ts";
import { firstMsgId, openTestLogic } from "./testing/open-test-logic.ts";

const session = "single:alice:bob";
const chatV1 = "0a0274315a1c1a1073696e676c653a616c6963653a626f62320268693a0474657874";
const ackV2 = "0a0274316a220a0274311083e081f09addcefe661802221073696e676c653a616c6963653a626f62";
const ackV3 =
  "0a0274316a2c0a027431221073696e676c653a616c6963653a626f622a146e6f7420612073657373696f6e206d656d626572";

test("a chat is answered by exactly one Ack, with the golden bytes", async () => {
  await using gateway = await openTestGateway();
  await using alice = await gateway.connect("alice");
  alice.sendHex(chatV1);
  await alice.settle();
  expect(alice.frames[0]).toBe(ackV2);
  expect(alice.acks()).toHaveLength(1);
});

test("a refusal of Logic is an Ack with its text", async () => {
  await using gateway = await openTestGateway();
  gateway.logic.onSend = async () => ({ error: "not a session member" });
  await using eve = await gateway.connect("eve");
  eve.sendHex(chatV1);
  await eve.settle();
  expect(eve.frames[0]).toBe(ackV3);
});

test("the sender is the signed-in user and the time Logic's, whatever the packet says", async () => {
  await using gateway = await openTestGateway();
  await using eve = await gateway.connect("eve");
  eve.chat("t1", {
    sessionId: session,
    fromUsername: "alice",
    toUsername: "ops-bot",
    content: "hi",
    type: "system",
    timestamp: 1n,
    clientMsgId: "mine",
  });
  await eve.settle();
  expect(gateway.logic.sends).toHaveLength(1);
  expect(gateway.logic.sends[0]).toMatchObject({
    fromUsername: "eve",
    timestamp: 0n,
    type: "system",
    clientMsgId: "mine",
  });
});

test("a repeat on one connection has the same client id, on another it has not", async () => {
  await using gateway = await openTestGateway();
  await using one = await gateway.connect("alice");
  await using other = await gateway.connect("alice");
  for (const client of [one, one, other]) {
    client.sendHex(chatV1);
    await client.settle();
  }
  const ids = gateway.logic.sends.map((send) => send.clientMsgId);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
});

test("what goes to Logic has the shape of the golden request", async () => {
  await using gateway = await openTestGateway();
  await using alice = await gateway.connect("alice");
  alice.sendHex(chatV1);
  await alice.settle();
  const [request] = gateway.logic.sends;
  if (!request) throw new Error("nothing was sent");
  const golden = { ...request, clientMsgId: "", timestamp: 1_769_340_643n };
  expect(Buffer.from(toBinary(SendMessageRequestSchema, golden)).toString("hex")).toBe(
    "1a1073696e676c653a616c6963653a626f622205616c696365320268693a047465787440e3fdd7cb06",
  );
});

test("without Logic the Ack says unavailable, and the connection stays", async () => {
  const logic = await openTestLogic();
  await using gateway = await openTestGateway({ logic });
  await using alice = await gateway.connect("alice");
  await logic[Symbol.asyncDispose]();
  alice.sendHex(chatV1);
  await alice.settle();
  expect(alice.acks()).toMatchObject([
    {
      refSeq: "t1",
      sessionId: session,
      msgId: 0n,
      error: "the message could not be handed over: try again",
      errorReason: "unavailable",
    },
  ]);
});

test.each([
  [new ChatError("resource_exhausted", "queue of 5000 is full"), "busy"],
  [new ChatError("deadline_exceeded", "statement timeout"), "timed_out"],
  [new Error("ER_LOCK_DEADLOCK"), "internal"],
])("the failure %s becomes the reason %s, without its text", async (error, reason) => {
  await using gateway = await openTestGateway();
  gateway.logic.onSend = () => Promise.reject(error);
  await using alice = await gateway.connect("alice");
  alice.sendHex(chatV1);
  await alice.settle();
  expect(alice.acks()).toMatchObject([{ errorReason: reason }]);
  expect(alice.acks()[0]?.error).not.toContain(error.message);
});

test("a hung Logic delays nobody else, and its sender learns of it after 5 s", async () => {
  await using gateway = await openTestGateway();
  gateway.logic.onSend = (request, { signal }) =>
    request.fromUsername === "alice"
      ? delay(60_000, {}, { signal })
      : Promise.resolve({ msgId: 1n, seqId: 1n });
  await using alice = await gateway.connect("alice");
  await using bob = await gateway.connect("bob");
  alice.sendHex(chatV1);
  bob.sendHex(chatV1);
  await bob.settle();
  expect(bob.acks()).toMatchObject([{ error: "" }]);
  expect(alice.acks()).toEqual([]);
  await eventually(() => alice.acks().length === 1, { timeoutMs: 8_000 });
  expect(alice.acks()).toMatchObject([{ errorReason: "timed_out" }]);
});

test("packets of one connection keep their order, however many come at once", async () => {
  await using gateway = await openTestGateway();
  await using alice = await gateway.connect("alice");
  const seqs = Array.from({ length: 1_000 }, (_, index) => `${index}`);
  for (const seq of seqs) alice.chat(seq, { sessionId: session, content: seq });
  await eventually(() => alice.acks().length === seqs.length, { timeoutMs: 20_000 });
  expect(alice.acks().map((ack) => ack.refSeq)).toEqual(seqs);
  expect(gateway.logic.sends.map((send) => send.content)).toEqual(seqs);
});

test("a client that vanishes before its Ack harms nothing; C21", async () => {
  await using gateway = await openTestGateway();
  const answers: (() => void)[] = [];
  gateway.logic.onSend = () =>
    new Promise((resolve) => answers.push(() => resolve({ msgId: firstMsgId, seqId: 2n })));
  for (let round = 0; round < 100; round++) {
    const alice = await gateway.connect("alice");
    alice.sendHex(chatV1);
    await eventually(() => answers.length === 1, { intervalMs: 1 });
    alice.vanish();
    await alice.closed;
    answers.pop()?.();
  }
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
});

test("who writes is passed on under the name that is signed in, at most once a second", async () => {
  await using gateway = await openTestGateway();
  const log = createLogger("test", "silent");
  await using bus = openBus({ url: testServers().nats.url, name: "test", log });
  const sessionId = `group:${randomUUID()}`;
  const events: TypingEvent[] = [];
  using _hearing = bus.subscribe(topicOf(TypingEventSchema), (payload) => {
    const event = fromBinary(TypingEventSchema, payload);
    if (event.sessionId === sessionId) events.push(event);
  });
  await (await bus.connected()).flush();
  await using alice = await gateway.connect("alice");
  const typing = { case: "typing", value: { sessionId, fromUsername: "bob" } } as const;
  const packet = toBinary(WsPacketSchema, create(WsPacketSchema, { payload: typing }));

  for (let round = 0; round < 50; round++) alice.send(packet);
  await alice.settle();

  const name =
    'resonance_gateway_packets_total{kind="typing",outcome="passed_on",service="gateway"}';
  await eventually(async () => expect(events).toHaveLength(await gateway.metric(name)));
  expect(events.length).toBeGreaterThan(0);
  // Three at once and one a second, on whatever machine.
  expect(events.length).toBeLessThan(50);
  expect(new Set(events.map(({ fromUsername }) => fromUsername))).toEqual(new Set(["alice"]));
  expect(alice.frames).toEqual(["5200"]);
});
