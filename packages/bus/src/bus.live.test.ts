import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { createLogger } from "@resonance/kit";
import { type BotEvent, BotEventSchema, topicOf } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { openTestNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { batches } from "./batches.ts";
import { type ConsumeOptions, consume } from "./consume.ts";
import { streamName } from "./declare.ts";
import { type Bus, openBus, type Receipt } from "./open-bus.ts";

const log = createLogger("bus-test", "silent");
const topic = topicOf(BotEventSchema);

async function openTestBus() {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await openTestNats());
  const bus = stack.use(openBus({ url: nats.url, name: "test", log }));
  await bus.ready();
  const closing = stack.move();
  return { bus, nats, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

function ask(bus: Bus, content: string, sessionId = "s", id = content): Promise<Receipt> {
  const event = create(BotEventSchema, { content, sessionId });
  return bus.publishStored(topic, toBinary(BotEventSchema, event), id);
}

/** Consumes until disposed. */
function startConsumer(
  bus: Bus,
  handle: (event: BotEvent, deliveryCount: number) => Promise<void>,
  overrides: Partial<ConsumeOptions<typeof BotEventSchema>> = {},
): AsyncDisposable {
  const stop = new AbortController();
  const consuming = consume(
    bus,
    {
      schema: BotEventSchema,
      durable: "bot",
      concurrency: 4,
      keyOf: (event) => event.sessionId,
      ackWaitMs: 2_000,
      onPoison: async () => undefined,
      ...overrides,
    },
    handle,
    stop.signal,
  );
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await consuming;
    },
  };
}

async function pendingMessages(bus: Bus): Promise<number> {
  return (await (await bus.manager()).streams.info(streamName)).state.messages;
}

test("a message that was published before anybody listened is handled once, and leaves the stream", async () => {
  await using opened = await openTestBus();
  const seen: string[] = [];
  await ask(opened.bus, "early");

  await using _consumer = startConsumer(opened.bus, async (event) => {
    seen.push(event.content);
  });

  await eventually(async () => expect(await pendingMessages(opened.bus)).toBe(0));
  expect(seen).toEqual(["early"]);
});

test("the same id is stored once", async () => {
  await using opened = await openTestBus();

  await ask(opened.bus, "a", "s", "same");
  await ask(opened.bus, "a", "s", "same");

  expect(await pendingMessages(opened.bus)).toBe(1);
});

test("messages of one key are handled one after another, others side by side", async () => {
  await using opened = await openTestBus();
  const gate = Promise.withResolvers<void>();
  const begun: string[] = [];
  await using _consumer = startConsumer(opened.bus, async (event) => {
    begun.push(event.content);
    if (event.content === "slow") await gate.promise;
  });

  await ask(opened.bus, "slow", "one");
  await ask(opened.bus, "after slow", "one");
  await ask(opened.bus, "elsewhere", "two");

  await eventually(() => expect(begun).toEqual(["slow", "elsewhere"]));
  gate.resolve();
  await eventually(() => expect(begun).toEqual(["slow", "elsewhere", "after slow"]));
});

test("a handler that takes longer than the acknowledgement wait is not asked twice", async () => {
  await using opened = await openTestBus();
  let begun = 0;
  const startedAtMs = performance.now();
  await using _consumer = startConsumer(
    opened.bus,
    async () => {
      begun += 1;
      await eventually(() => expect(performance.now() - startedAtMs).toBeGreaterThan(1_500));
    },
    { ackWaitMs: 400 },
  );

  await ask(opened.bus, "long");

  await eventually(async () => expect(await pendingMessages(opened.bus)).toBe(0));
  expect(begun).toBe(1);
});

test("a failed message comes again and does not hold up other keys", async () => {
  await using opened = await openTestBus();
  const seen: [string, number][] = [];
  await using _consumer = startConsumer(opened.bus, async (event, deliveryCount) => {
    seen.push([event.content, deliveryCount]);
    if (event.content === "fails once" && deliveryCount === 1) throw new Error("not now");
  });

  await ask(opened.bus, "fails once", "one");
  await ask(opened.bus, "fine", "two");

  await eventually(async () => expect(await pendingMessages(opened.bus)).toBe(0));
  expect(seen).toEqual([
    ["fails once", 1],
    ["fine", 1],
    ["fails once", 2],
  ]);
});

test("bytes that are no message are handed over with the cause, once", async () => {
  await using opened = await openTestBus();
  const poison: [string, unknown][] = [];
  await using _consumer = startConsumer(opened.bus, async () => undefined, {
    onPoison: async (payload, cause) => {
      poison.push([Buffer.from(payload).toString("hex"), cause]);
    },
  });

  await opened.bus.publishStored(topic, Buffer.from("ffffffff", "hex"), "poison");

  await eventually(async () => expect(await pendingMessages(opened.bus)).toBe(0));
  expect(poison).toEqual([["ffffffff", expect.any(Error)]]);
});

test("who stops in a backlog gives back at once what is on its way", async () => {
  await using opened = await openTestBus();
  const count = 1_000;
  await Promise.all(Array.from({ length: count }, (_, n) => ask(opened.bus, `${n}`)));
  const options = { durable: "bot", topic, maxMessages: 128, ackWaitMs: 60_000 };
  const handled = new Set<string>();
  const handle = async (until: number) => {
    const stop = new AbortController();
    for await (const batch of batches(
      opened.bus,
      { ...options, maxAckPending: 900 },
      stop.signal,
    )) {
      for (const message of batch) {
        handled.add(fromBinary(BotEventSchema, message.payload).content);
        message.ack();
      }
      if (handled.size >= until) stop.abort();
    }
  };

  // The server is sending the next batch while the first one is in hand.
  await handle(1);
  await handle(300);
  // nats-server 2.9 forgets one that is given back while nobody asks, until its time is over.
  await handle(count - 2);

  expect(handled.size).toBeGreaterThanOrEqual(count - 2);
});

test("a stream that was wiped is declared again, and consumed again", async () => {
  await using opened = await openTestBus();
  const seen: string[] = [];
  await using _consumer = startConsumer(opened.bus, async (event) => {
    seen.push(event.content);
  });
  await ask(opened.bus, "before");
  await eventually(() => expect(seen).toEqual(["before"]));

  await (await opened.bus.manager()).streams.delete(streamName);

  await eventually(
    async () => {
      await ask(opened.bus, "after");
      expect(seen).toContain("after");
    },
    { timeoutMs: 20_000 },
  );
});

test("a stream that the server has made otherwise is a failure to start", async () => {
  await using nats = await openTestNats();
  await using first = openBus({ url: nats.url, name: "first", log });
  await first.ready();
  const manager = await first.manager();
  await manager.streams.delete(streamName);
  // The retention of a stream cannot be updated.
  await manager.streams.add({ name: streamName, subjects: [topic], retention: "limits" });

  await using second = openBus({ url: nats.url, name: "second", log });

  await expect(second.ready()).rejects.toThrow();
});

test("publishing without a server fails as unavailable, and ephemeral messages are dropped", async () => {
  await using bus = openBus({ url: "nats://127.0.0.1:1", name: "alone", log });

  await expect(ask(bus, "lost")).rejects.toMatchObject({ code: "unavailable" });
  expect(() => bus.publish("anything", new Uint8Array())).not.toThrow();
});

test("messages stored side by side have an answer each, in their order", async () => {
  await using opened = await openTestBus();
  const payload = new Uint8Array([1]);
  const all = ["a", "b", "a"].map((id) => ({ topic, payload, id }));

  const answers = await opened.bus.publishAllStored([
    ...all,
    { topic: "nobody.listens", payload, id: "c" },
  ]);

  const serverId = opened.bus.serverId();
  expect(answers).toMatchObject([
    { serverId, seq: 1 },
    { serverId, seq: 2 },
    { serverId, seq: 1, isDuplicate: true },
    { name: "ChatError", code: "unavailable" },
  ]);
  expect(await opened.bus.publishAllStored([])).toEqual([]);
});

test("messages that wait longer than ackWaitMs are held once, however often they come", async () => {
  await using opened = await openTestBus();
  const count = 20;
  for (let index = 0; index < count; index++) await ask(opened.bus, `${index}`);
  const stop = new AbortController();
  const options = { durable: "bot", topic, maxMessages: 1, ackWaitMs: 100, maxAckPending: 100 };
  const yielded: string[] = [];
  for await (const [message] of batches(opened.bus, options, stop.signal)) {
    if (!message) continue;
    if (yielded.length === 0) {
      await eventually(async () => expect(await deliveries()).toBeGreaterThan(10 * count));
      await ask(opened.bus, "last");
    }
    const { content } = fromBinary(BotEventSchema, message.payload);
    yielded.push(content);
    message.ack();
    if (content === "last") stop.abort();
  }

  expect(new Set(yielded).size).toBe(count + 1);
  // A copy that is on its way while the message is acknowledged comes once more.
  expect(yielded.length).toBeLessThan(3 * count);

  async function deliveries(): Promise<number> {
    const manager = await opened.bus.manager();
    return (await manager.consumers.info(streamName, "bot")).delivered.consumer_seq;
  }
});
