import { createLogger } from "@resonance/kit";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { openTestNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { batches } from "./batches.ts";
import type { Removed } from "./count-removed.ts";
import { declareConsumer, streamName } from "./declare.ts";
import { type Bus, openBus } from "./open-bus.ts";

const log = createLogger("count-removed-test", "silent");
const pushTopic = topicOf(PushEventSchema);
const botTopic = topicOf(BotEventSchema);

async function openCounted() {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await openTestNats());
  const bus = stack.use(openBus({ url: nats.url, name: "test", log }));
  await bus.ready();
  const manager = await bus.manager();
  let published = 0;
  const closing = stack.move();
  return {
    bus,
    manager,
    async publish(topic: string, messages: number) {
      const batch = Array.from({ length: messages }, () => {
        published += 1;
        return { topic, payload: Buffer.from(`${published}`), id: `${published}` };
      });
      const answers = await bus.publishAllStored(batch);
      expect(answers.filter((answer) => answer instanceof Error)).toEqual([]);
    },
    declare: (durable: string, topic: string) =>
      declareConsumer(manager, { durable, topic, ackWaitMs: 10_000, maxAckPending: 1_000 }),
    async count(): Promise<Removed> {
      const { removed } = await bus.checkStream();
      if (!removed) throw new Error("it cannot be told");
      return removed;
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Takes what comes until disposed; every third message is given back once. */
function startTaking(bus: Bus, durable: string, topic: string) {
  const stop = new AbortController();
  let acknowledged = 0;
  const options = { durable, topic, maxMessages: 64, ackWaitMs: 10_000, maxAckPending: 1_000 };
  const taking = (async () => {
    for await (const batch of batches(bus, options, stop.signal)) {
      for (const { payload, deliveryCount, ack, nak } of batch) {
        const isGivenBack =
          deliveryCount === 1 && Number(Buffer.from(payload).toString()) % 3 === 0;
        if (isGivenBack) nak();
        else {
          ack();
          acknowledged += 1;
        }
      }
    }
  })();
  return {
    get acknowledged() {
      return acknowledged;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await taking;
    },
  };
}

test("what is published, taken, given back and acknowledged is never counted as removed", async () => {
  await using counted = await openCounted();
  const looks: Removed[] = [];
  let looking = true;
  const watching = (async () => {
    while (looking) looks.push(await counted.count());
  })();

  await counted.publish(botTopic, 100);
  await using task = startTaking(counted.bus, "task", pushTopic);
  for (let round = 0; round < 40; round++) await counted.publish(pushTopic, 100);
  await using bot = startTaking(counted.bus, "bot", botTopic);
  for (let round = 0; round < 20; round++) await counted.publish(botTopic, 50);
  await eventually(() => expect([task.acknowledged, bot.acknowledged]).toEqual([4_000, 1_100]), {
    timeoutMs: 20_000,
  });
  looking = false;
  await watching;

  expect(looks.length).toBeGreaterThan(10);
  const rises = looks.flatMap((look, index) => {
    const before = looks[index - 1];
    if (before?.counter !== look.counter) return [];
    return look.atLeast > before.atMost ? [[before, look]] : [];
  });
  expect(rises).toEqual([]);
});

test.each([
  ["purges the stream", 8, { purge: undefined }],
  ["purges one topic", 5, { purge: { filter: pushTopic } }],
  ["purges all but the newest", 6, { purge: { keep: 2 } }],
  ["deletes a message", 1, { message: 7 }],
])("what waits when somebody %s is counted", async (_what, expected, how) => {
  await using counted = await openCounted();
  await counted.declare("task", pushTopic);
  await counted.publish(pushTopic, 5);
  await counted.publish(botTopic, 3);
  const before = await counted.count();

  if ("message" in how) await counted.manager.streams.deleteMessage(streamName, how.message);
  else await counted.manager.streams.purge(streamName, how.purge);

  const after = await counted.count();
  expect(after.counter).toBe(before.counter);
  expect(after.atLeast - before.atMost).toBe(expected);
});

test("consumers that are declared and deleted make it another count", async () => {
  await using counted = await openCounted();
  await counted.publish(pushTopic, 1);
  const without = await counted.count();
  await counted.declare("task", pushTopic);
  const first = await counted.count();
  await counted.manager.consumers.delete(streamName, "task");
  await counted.declare("task", pushTopic);

  const second = await counted.count();

  expect(new Set([without, first, second].map(({ counter }) => counter)).size).toBe(3);
});

test("where a consumer reads all topics nothing is counted", async () => {
  await using counted = await openCounted();
  await counted.manager.consumers.add(streamName, {
    durable_name: "hand",
    ack_policy: "explicit",
  });

  expect(await counted.bus.checkStream()).toMatchObject({ removed: undefined });
});
