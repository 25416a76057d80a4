import { create, toBinary } from "@bufbuild/protobuf";
import { createLogger } from "@resonance/kit";
import { PushEventSchema, topicOf } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { openRestartableNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { batches } from "./batches.ts";
import { streamName } from "./declare.ts";
import { type Bus, openBus } from "./open-bus.ts";

const log = createLogger("bus-test", "silent");
const topic = topicOf(PushEventSchema);
const messagesFolder = `jetstream/$G/streams/${streamName}/msgs`;
const consumersFolder = `jetstream/$G/streams/${streamName}/obs`;

async function openLostStore() {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await openRestartableNats());
  const bus = stack.use(openBus({ url: nats.url, name: "test", log }));
  await bus.ready();
  const closing = stack.move();
  return { nats, bus, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

type Lost = Awaited<ReturnType<typeof openLostStore>>;

function publish(bus: Bus, content: string) {
  const event = create(PushEventSchema, { content });
  return bus.publishStored(topic, toBinary(PushEventSchema, event), content);
}

/** Takes and acknowledges what comes until disposed. */
function startTaking(bus: Bus): AsyncDisposable & { readonly taken: string[] } {
  const stop = new AbortController();
  const taken: string[] = [];
  const options = { durable: "task", topic, maxMessages: 16, ackWaitMs: 2_000, maxAckPending: 64 };
  const taking = (async () => {
    for await (const batch of batches(bus, options, stop.signal)) {
      for (const message of batch) {
        taken.push(Buffer.from(message.payload).toString().slice(2));
        message.ack();
      }
    }
  })();
  return {
    taken,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await taking;
    },
  };
}

/** Up to where Task's consumer has acknowledged. */
async function readTo(bus: Bus): Promise<number> {
  return (await (await bus.manager()).consumers.info(streamName, "task")).ack_floor.stream_seq;
}

test("a consumer goes on within seconds when the server comes back without its store", async () => {
  await using lost = await openLostStore();
  await using consumer = startTaking(lost.bus);
  await publish(lost.bus, "before");
  await eventually(() => expect(consumer.taken).toEqual(["before"]));

  await lost.nats.kill();
  await lost.nats.wipeStore();
  await lost.nats.start();
  await eventually(async () => void (await lost.bus.checkStream()));
  await publish(lost.bus, "after");

  await eventually(() => expect(consumer.taken).toContain("after"), { timeoutMs: 10_000 });
});

test("the state tells a restart from a wipe, and both from a store that has gone back", async () => {
  await using lost = await openLostStore();
  await publish(lost.bus, "1");
  await lost.nats.saveStore();
  await publish(lost.bus, "2");
  const state = () => eventually(() => lost.bus.checkStream());
  const before = await state();
  expect(before).toMatchObject({ serverId: lost.bus.serverId(), lastSeq: 2 });
  const restart = async (meanwhile: () => Promise<void>) => {
    await lost.nats.kill();
    await meanwhile();
    await lost.nats.start();
    await eventually(() => expect(lost.bus.isConnected()).toBe(true));
    return await state();
  };

  const restarted = await restart(async () => undefined);
  expect(restarted).toMatchObject({ createdAt: before.createdAt, lastSeq: 2 });
  expect(restarted.serverId).not.toBe(before.serverId);

  const goneBack = await restart(() => lost.nats.restoreStore());
  expect(goneBack).toMatchObject({ createdAt: before.createdAt, lastSeq: 1 });

  const wiped = await restart(() => lost.nats.wipeStore());
  expect(wiped.createdAt).not.toBe(before.createdAt);
  expect(wiped.lastSeq).toBe(0);
});

test("a consumer that has read further than the stream reaches skips nothing new", async () => {
  await using lost = await openLostStore();
  await using consumer = startTaking(lost.bus);
  await publish(lost.bus, "old");
  await eventually(() => expect(consumer.taken).toEqual(["old"]));
  await lost.nats.saveStore();
  for (let count = 0; count < 30; count++) await publish(lost.bus, `lost ${count}`);
  await eventually(() => expect(consumer.taken).toHaveLength(31));
  await eventually(async () => expect(await readTo(lost.bus)).toBe(31));

  await lost.nats.kill();
  await lost.nats.restoreStore(messagesFolder);
  await lost.nats.start();
  await eventually(() => expect(lost.bus.isConnected()).toBe(true));
  await eventually(async () => void (await lost.bus.checkStream()));
  await publish(lost.bus, "new");

  await eventually(() => expect(consumer.taken).toContain("new"), { timeoutMs: 10_000 });
});

test("of two processes that find a stale consumer at once both go on", async () => {
  await using lost = await openLostStore();
  await using other = openBus({ url: lost.nats.url, name: "other", log });
  await other.ready();
  await publish(lost.bus, "old");
  await lost.nats.saveStore();
  const consumer = startTaking(lost.bus);
  for (let count = 0; count < 30; count++) await publish(lost.bus, `lost ${count}`);
  await eventually(async () => expect(await readTo(lost.bus)).toBe(31));
  await consumer[Symbol.asyncDispose]();
  await lost.nats.kill();
  await lost.nats.restoreStore(messagesFolder);
  await lost.nats.start();
  await eventually(() => expect([lost.bus, other].every((bus) => bus.isConnected())).toBe(true));

  const states = await Promise.all([lost.bus.checkStream(), other.checkStream()]);

  expect(states).toMatchObject([{ lastSeq: 1 }, { lastSeq: 1 }]);
});

// As after a full disk: the server gives up a stream that it cannot restore, and leaves its files.
test("of a stream that is made again where one was given up, a consumer skips nothing", async () => {
  await using lost = await openLostStore();
  const old = startTaking(lost.bus);
  for (let count = 0; count < 30; count++) await publish(lost.bus, `old ${count}`);
  await eventually(() => expect(old.taken).toHaveLength(30));
  await old[Symbol.asyncDispose]();

  await lost.nats.stop();
  await lost.nats.saveStore();
  await lost.nats.wipeStore();
  await lost.nats.restoreStore(consumersFolder);
  await lost.nats.start();
  await eventually(() => expect(lost.bus.isConnected()).toBe(true));
  await eventually(async () => void (await lost.bus.checkStream()));
  await publish(lost.bus, "first");
  await using consumer = startTaking(lost.bus);
  for (let count = 0; count < 40; count++) await publish(lost.bus, `new ${count}`);

  await eventually(
    async () => {
      await lost.bus.checkStream();
      expect(new Set(consumer.taken).size).toBe(41);
    },
    { timeoutMs: 10_000 },
  );
});

const losses = {
  "comes back without its store": async ({ nats }: Lost) => {
    await nats.kill();
    await nats.wipeStore();
    await nats.start();
  },
  "is told to delete the stream": async ({ bus }: Lost) => {
    await (await bus.manager()).streams.delete(streamName);
  },
};

test.each(Object.entries(losses))(
  "when the server %s, what was taken before acknowledges nothing after it",
  async (_how, lose) => {
    await using lost = await openLostStore();
    const options = {
      durable: "task",
      topic,
      maxMessages: 10,
      ackWaitMs: 60_000,
      maxAckPending: 10,
    };
    const stop = new AbortController();
    const taken = new Map<string, () => void>();
    const taking = (async () => {
      for await (const batch of batches(lost.bus, options, stop.signal)) {
        for (const message of batch) {
          taken.set(Buffer.from(message.payload).toString().slice(2), () => message.ack());
        }
      }
    })();
    const ackAll = (prefix: string) => {
      for (const [content, ack] of taken) if (content.startsWith(prefix)) ack();
    };
    for (let count = 0; count < 20; count++) await publish(lost.bus, `old ${count}`);
    await eventually(() => expect(taken.size).toBe(10));
    ackAll("old");
    await eventually(() => expect(taken.size).toBe(20));

    await lose(lost);
    await eventually(async () => void (await lost.bus.checkStream()));
    for (let count = 0; count < 20; count++) await publish(lost.bus, `new ${count}`);
    await eventually(() => expect(taken.size).toBe(30), { timeoutMs: 20_000 });
    ackAll("old");
    await (await lost.bus.connected()).flush();
    ackAll("new");

    await eventually(() => expect(taken.size).toBe(40), { timeoutMs: 5_000 });
    stop.abort();
    await taking;
  },
);

test("a receipt names the run of the server, the place, and whether it was there before", async () => {
  await using lost = await openLostStore();

  const first = await publish(lost.bus, "a");
  const again = await publish(lost.bus, "a");

  expect(first).toEqual({ serverId: lost.bus.serverId(), seq: 1, isDuplicate: false });
  expect(again).toEqual({ ...first, isDuplicate: true });
});

test("while the server is away publishing fails at once and nothing is kept for later", async () => {
  await using lost = await openLostStore();
  await lost.nats.kill();
  await eventually(() => expect(lost.bus.isConnected()).toBe(false));

  const startedAtMs = performance.now();
  await expect(publish(lost.bus, "x")).rejects.toMatchObject({ code: "unavailable" });
  const many = await lost.bus.publishAllStored([{ topic, payload: new Uint8Array(), id: "y" }]);
  expect(many).toMatchObject([{ code: "unavailable" }]);
  expect(performance.now() - startedAtMs).toBeLessThan(2_000);

  await lost.nats.start();
  await eventually(() => expect(lost.bus.isConnected()).toBe(true));
  expect(await eventually(() => lost.bus.checkStream())).toMatchObject({ lastSeq: 0 });
});
