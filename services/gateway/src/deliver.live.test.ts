import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  PushMessageSchema,
  PushRequestSchema,
  PushResponseSchema,
  PushService,
} from "@resonance/mq-proto/gateway";
import { openRpcClient } from "@resonance/rpc";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { openTestGateway, type TestGateway } from "./testing/open-test-gateway.ts";
import { firstMsgId } from "./testing/open-test-logic.ts";

const session = "single:alice:bob";
const chatV1 = "0a0274315a1c1a1073696e676c653a616c6963653a626f62320268693a0474657874";
const pushV6 =
  "0883e081f09addcefe6610021a1073696e676c653a616c6963653a626f622205616c696365320268693a047465787440e3fdd7cb06";
const requestV8 = `0a03626f621235${pushV6}`;
const responseV9 = "0883e081f09addcefe661a03626f62";
const packetV7 = `6235${pushV6}`;
const message = { msgId: firstMsgId, seqId: 2n, sessionId: session, content: "hi", type: "text" };
const signal = new AbortController().signal;
const deliveries = 'resonance_gateway_deliveries_total{service="gateway"}';

const fromAlice = (msgId = firstMsgId, toUsernames = ["alice", "bob"]) => ({
  toUsernames,
  payload: { case: "message" as const, value: { ...message, msgId, fromUsername: "alice" } },
});

/** Progress that arrives after all that was delivered before. */
async function settleDeliveries(gateway: TestGateway, username: string): Promise<void> {
  await using probe = await gateway.connect(username);
  const before = probe.frames.length;
  await gateway.deliver({
    toUsernames: [username],
    payload: { case: "progress", value: { text: "probe" } },
  });
  await eventually(() => probe.frames.length > before);
}

test("the sender gets one Ack and no push, the other one push and no Ack; C08", async () => {
  await using gateway = await openTestGateway();
  await using alice = await gateway.connect("alice");
  await using bob = await gateway.connect("bob");
  alice.sendHex(chatV1);
  await alice.settle();
  await gateway.deliver(fromAlice());
  await settleDeliveries(gateway, "carol");
  await alice.settle();
  expect(alice.acks()).toMatchObject([
    { refSeq: "t1", sessionId: session, error: "", msgId: firstMsgId, seqId: 2n },
  ]);
  expect(alice.pushes()).toEqual([]);
  expect(bob.pushes()).toMatchObject([{ ...message, fromUsername: "alice" }]);
  expect(bob.acks()).toEqual([]);
});

test("every connection of a user gets a push once, named twice or not; C21", async () => {
  await using gateway = await openTestGateway();
  await using phone = await gateway.connect("alice");
  await using laptop = await gateway.connect("alice");
  await gateway.deliver({
    toUsernames: ["alice", "alice", "nobody"],
    payload: { case: "message", value: { ...message, fromUsername: "bob" } },
  });
  await settleDeliveries(gateway, "carol");
  expect(phone.pushes()).toHaveLength(1);
  expect(laptop.pushes()).toHaveLength(1);
  expect(await gateway.metric(deliveries)).toBe(3);
});

test("another connection of the sender gets the push", async () => {
  await using gateway = await openTestGateway();
  await using phone = await gateway.connect("alice");
  await using laptop = await gateway.connect("alice");
  phone.sendHex(chatV1);
  await phone.settle();
  await gateway.deliver(fromAlice());
  await settleDeliveries(gateway, "carol");
  expect(phone.pushes()).toEqual([]);
  expect(laptop.pushes()).toMatchObject([message]);
});

test("a delivery that overtakes the answer of Logic is no push to the sender either", async () => {
  await using gateway = await openTestGateway();
  await using alice = await gateway.connect("alice");
  const elsewhere = firstMsgId + 9n;
  gateway.logic.onSend = async () => {
    await gateway.deliver(fromAlice(), fromAlice(elsewhere));
    await settleDeliveries(gateway, "carol");
    return { msgId: firstMsgId, seqId: 2n };
  };
  alice.sendHex(chatV1);
  await alice.settle();
  expect(alice.acks()).toHaveLength(1);
  expect(alice.pushes().map((push) => push.msgId)).toEqual([elsewhere]);
});

test("progress arrives as it is, and nonsense on the subject harms nothing", async () => {
  await using gateway = await openTestGateway();
  await using alice = await gateway.connect("alice");
  await gateway.publish(Uint8Array.of(255, 255));
  await gateway.deliver({ toUsernames: ["alice"] });
  await gateway.deliver({
    toUsernames: ["alice"],
    payload: { case: "progress", value: { sessionId: session, refMsgId: 7n, text: "reading" } },
  });
  await eventually(() => alice.frames.length === 1);
  expect(alice.frames[0]).toContain(Buffer.from("reading").toString("hex"));
});

test("Push writes the golden packet and names whom it could not reach; V8, V9", async () => {
  await using gateway = await openTestGateway();
  await using client = openRpcClient(
    PushService,
    `127.0.0.1:${gateway.pushPort}`,
    gateway.pushCredential,
  );
  const request = fromBinary(PushRequestSchema, Buffer.from(requestV8, "hex"));
  const push = async () => {
    const response = await client.push(request, signal);
    return Buffer.from(toBinary(PushResponseSchema, response)).toString("hex");
  };
  expect(await push()).toBe(responseV9);
  await using bob = await gateway.connect("bob");
  await bob.settle();
  expect(await push()).toBe("0883e081f09addcefe66");
  await bob.settle();
  expect(bob.frames[1]).toBe(packetV7);
});

test("Push for a client that vanished answers each time, with its name; C22", async () => {
  await using gateway = await openTestGateway();
  await using client = openRpcClient(
    PushService,
    `127.0.0.1:${gateway.pushPort}`,
    gateway.pushCredential,
  );
  const request = fromBinary(PushRequestSchema, Buffer.from(requestV8, "hex"));
  const bob = await gateway.connect("bob");
  bob.vanish();
  await eventually(async () => (await client.push(request, signal)).failedUsernames.length === 1);
  for (let count = 0; count < 100; count++) {
    const { failedUsernames, error } = await client.push(request, signal);
    expect({ failedUsernames, error }).toEqual({ failedUsernames: ["bob"], error: "" });
  }
});

test("Push without a message is refused", async () => {
  await using gateway = await openTestGateway();
  await using client = openRpcClient(
    PushService,
    `127.0.0.1:${gateway.pushPort}`,
    gateway.pushCredential,
  );
  await expect(client.push({ toUsernames: ["bob"] }, signal)).rejects.toMatchObject({
    code: "invalid_argument",
  });
});

test("a client that does not read is cut off, and the others go on", async () => {
  await using gateway = await openTestGateway();
  await using slow = await gateway.connect("slow");
  await using quick = await gateway.connect("quick");
  await slow.settle();
  slow.socket.pause();
  const content = "x".repeat(60_000);
  let count = 0;
  const connections = 'resonance_gateway_connections{service="gateway"}';
  // The kernel takes some megabytes before anything piles up in the gateway.
  await eventually(
    async () => {
      for (let burst = 0; burst < 10; burst++) {
        await gateway.deliver({
          toUsernames: ["slow", "quick"],
          payload: {
            case: "message",
            value: { ...message, msgId: BigInt(++count), fromUsername: "bob", content },
          },
        });
      }
      return (await gateway.metric(connections)) === 1;
    },
    { timeoutMs: 20_000 },
  );
  await eventually(() => quick.frames.length === count);
  expect(quick.pushes().at(-1)?.msgId).toBe(BigInt(count));
  slow.socket.resume();
  expect(await slow.closed).toBe(1006);
});

test("a client that does not read is cut off when 1 MiB waits for it, neither before nor later", async () => {
  await using gateway = await openTestGateway();
  await using slow = await gateway.connect("slow");
  await slow.settle();
  slow.socket.pause();
  const connections = 'resonance_gateway_connections{service="gateway"}';
  const value = { ...message, fromUsername: "bob", content: "x".repeat(10_000) };
  const item = { toUsernames: ["slow"], payload: { case: "message" as const, value } };
  const bytesOfOne = toBinary(PushMessageSchema, create(PushMessageSchema, value)).length;

  await eventually(
    async () => {
      await gateway.deliver(...Array.from({ length: 20 }, () => item));
      return (await gateway.metric(connections)) === 0;
    },
    { timeoutMs: 20_000, intervalMs: 0 },
  );
  const written = await gateway.metric(deliveries);
  // What the kernel had taken still arrives; the rest waited in the gateway.
  slow.socket.resume();
  expect(await slow.closed).toBe(1006);

  const waitedBytes = (written - slow.pushes().length) * bytesOfOne;
  const mebibyte = 1024 ** 2;
  expect(waitedBytes).toBeGreaterThan(mebibyte - 3 * bytesOfOne);
  expect(waitedBytes).toBeLessThan(mebibyte + 3 * bytesOfOne);
});

test("a client that is behind with reading is spared hints, and gets every message", async () => {
  await using gateway = await openTestGateway();
  await using slow = await gateway.connect("slow");
  await slow.settle();
  slow.socket.pause();
  const content = "x".repeat(60_000);
  const deliveries = 'resonance_gateway_deliveries_total{service="gateway"}';
  let count = 0;

  // The kernel takes some megabytes before anything piles up in the gateway.
  await eventually(
    async () => {
      const value = { ...message, msgId: BigInt(++count), fromUsername: "bob", content };
      await gateway.deliver(
        { toUsernames: ["slow"], payload: { case: "message", value } },
        { toUsernames: ["slow"], payload: { case: "typing", value: { sessionId: session } } },
      );
      await eventually(async () => (await gateway.metric(deliveries)) >= count);
      return (await gateway.metric(deliveries)) < 2 * count;
    },
    { timeoutMs: 20_000, intervalMs: 0 },
  );
  slow.socket.resume();

  await eventually(() => expect(slow.pushes()).toHaveLength(count));
});
