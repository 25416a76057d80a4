import type { JetStreamManager, StreamConfig } from "@nats-io/jetstream";
import { createLogger, retry } from "@resonance/kit";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { openTestNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { batches } from "./batches.ts";
import { declareStream, streamName } from "./declare.ts";
import { type Bus, openBus } from "./open-bus.ts";

const log = createLogger("declare-test", "silent");
const topic = topicOf(PushEventSchema);

/** nats-server 2.9 shows a stream shortly before it listens to its topics; the outbox asks again, too. */
const untilItListens = { attempts: 20, baseMs: 10, maxMs: 100, retryable: () => true };

test("of processes that start at once on an empty server none deletes what another has published", async () => {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await openTestNats());
  const { signal } = new AbortController();
  const buses = ["one", "two", "three"].map((name) =>
    stack.use(openBus({ url, name, log, declares: false })),
  );
  const managers = await Promise.all(buses.map((bus) => bus.manager()));
  for (let round = 0; round < 20; round++) {
    if (round > 0) await managers[0]?.streams.delete(streamName);

    const publish = async (bus: Bus, index: number) => {
      await declareStream(await bus.manager());
      const id = `${round}:${index}`;
      return await retry(
        () => bus.publishStored(topic, new Uint8Array([index]), id),
        untilItListens,
        signal,
      );
    };
    await Promise.all(buses.map(publish));

    const again = await Promise.all(buses.map(publish));
    expect(again, `round ${round}`).toMatchObject(buses.map(() => ({ isDuplicate: true })));
    const { config } = (await managers[0]?.streams.info(streamName)) ?? {};
    expect(config?.subjects).toContain(topic);
  }
});

const task = { durable: "task", topic, maxMessages: 16, ackWaitMs: 2_000, maxAckPending: 64 };
const byHand = {
  durable_name: task.durable,
  filter_subject: topic,
  ack_policy: "explicit",
} as const;

async function openTestBus() {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await openTestNats());
  const bus = stack.use(openBus({ url, name: "test", log }));
  await bus.ready();
  const manager = await bus.manager();
  const closing = stack.move();
  return { bus, manager, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

/** Consumes until the first message, and gives it; never gives one where the start fails. */
async function takeOne(bus: Bus): Promise<string | undefined> {
  for await (const [message] of batches(bus, task, new AbortController().signal)) {
    message?.ack();
    return Buffer.from(message?.payload ?? []).toString();
  }
  return undefined;
}

test.each([
  [
    "pushes to a subject",
    { deliver_subject: "somebody" },
    /can not (be )?update|deliver_subject is "somebody"/,
  ],
  ["replays at the pace of the past", { replay_policy: "original" }, /replay policy can not be/],
] as const)("a consumer of the name that %s is a failure to start", async (_, config, why) => {
  await using opened = await openTestBus();
  await opened.manager.consumers.add(streamName, { ...byHand, ...config });
  await opened.bus.publishStored(topic, Buffer.from("waits"), "1");

  await expect(takeOne(opened.bus)).rejects.toThrow(why);

  const { config: left } = await opened.manager.consumers.info(streamName, task.durable);
  expect(left).toMatchObject(config);
});

test("a consumer that the server makes otherwise than it was asked to is a failure to start", async () => {
  await using opened = await openTestBus();
  const { manager } = opened;
  // As a server answers that limits what it was not told to limit.
  const limiting = new Proxy(manager, {
    get: (target, key) =>
      key === "consumers" ? limitingConsumers(target) : Reflect.get(target, key),
  });

  const taking = takeOne({ ...opened.bus, manager: async () => limiting });

  await expect(taking).rejects.toThrow("NATS consumer task: max_deliver is 5, not -1");
});

function limitingConsumers({ consumers }: JetStreamManager): JetStreamManager["consumers"] {
  return new Proxy(consumers, {
    get: (target, key) => {
      if (key !== "add") return Reflect.get(target, key);
      return (stream: string, config: object) => target.add(stream, { ...config, max_deliver: 5 });
    },
  });
}

test("a consumer that gives up after some deliveries, or reads another topic, is brought up to date", async () => {
  await using opened = await openTestBus();
  const config = { ...byHand, filter_subject: topicOf(BotEventSchema), max_deliver: 1 };
  await opened.manager.consumers.add(streamName, config);
  await opened.bus.publishStored(topic, Buffer.from("waits"), "1");

  expect(await takeOne(opened.bus)).toBe("waits");

  const { config: made } = await opened.manager.consumers.info(streamName, task.durable);
  expect(made).toMatchObject({ ...byHand, max_deliver: -1, max_ack_pending: task.maxAckPending });
});

const otherwise: [string, Partial<StreamConfig>][] = [
  ["drops the oldest of more than one", { max_msgs: 1, discard: "old" }],
  ["keeps one of each topic", { max_msgs_per_subject: 1 }],
  ["drops what waits for a second", { max_age: 1_000_000_000, duplicate_window: 1_000_000_000 }],
  ["takes small messages alone", { max_msg_size: 10 }],
];

test.each(otherwise)(
  "a stream that %s is found by a look at its state, and brought up to date",
  async (_, config) => {
    await using opened = await openTestBus();
    await opened.manager.streams.update(streamName, config);

    await opened.bus.checkStream();

    const { config: made } = await opened.manager.streams.info(streamName);
    expect(made).toMatchObject({
      discard: "new",
      max_age: 0,
      max_msgs: -1,
      max_msgs_per_subject: -1,
      max_msg_size: -1,
    });
  },
);

test("a look at a stream that cannot be brought up to date fails, and leaves it and its consumers", async () => {
  await using opened = await openTestBus();
  await opened.manager.streams.delete(streamName);
  // The retention of a stream cannot be changed.
  const subjects = [PushEventSchema, BotEventSchema].map(topicOf);
  await opened.manager.streams.add({ name: streamName, subjects, retention: "limits" });
  await opened.manager.consumers.add(streamName, byHand);

  await expect(opened.bus.checkStream()).rejects.toThrow(/retention/);

  expect((await opened.manager.streams.info(streamName)).config.retention).toBe("limits");
  expect(await opened.manager.consumers.info(streamName, task.durable)).toMatchObject({
    name: task.durable,
  });
});

test("a size that somebody has given the stream since the start is left", async () => {
  await using opened = await openTestBus();
  await opened.manager.streams.update(streamName, { max_bytes: 20_000 });

  await opened.bus.checkStream();

  expect((await opened.manager.streams.info(streamName)).config.max_bytes).toBe(20_000);
});
