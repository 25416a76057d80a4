import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Bus } from "@resonance/bus";
import { streamName } from "@resonance/bus";
import { createLogger } from "@resonance/kit";
import { type MsgId, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { type OutboxMetrics, openOutbox } from "./outbox.ts";
import { insertOutbox } from "./sql/outbox.ts";
import { deadOutbox, noMetrics, openTestLogic, type TestLogic } from "./test-logic.ts";

const log = createLogger("backlog-test", "silent");
const topic = topicOf(PushEventSchema);
const timeoutMs = 60_000;

/** Puts rows into the outbox as a process leaves them that dies before it publishes. */
async function leaveBehind(logic: TestLogic, rows: number, payloadBytes: number): Promise<void> {
  const payload = new Uint8Array(payloadBytes);
  for (let first = 0; first < rows; first += 500) {
    const batch = Array.from({ length: Math.min(500, rows - first) }, (_, index) => ({
      msgId: BigInt(first + index + 1) as MsgId,
      topic,
      payload,
    }));
    await insertOutbox(logic.db, batch);
  }
}

async function pendingRows(logic: TestLogic): Promise<number> {
  const [row] = await logic.db.query<{ rows: bigint }>(
    "SELECT COUNT(*) AS `rows` FROM t_message_outbox WHERE status = 0",
  );
  return Number(row?.rows);
}

async function storedMessages(logic: TestLogic): Promise<number> {
  return (await (await logic.bus.manager()).streams.info(streamName)).state.messages;
}

/** The bus, with the most that was on its way at once. */
function counting(bus: Bus): { bus: Bus; most(): number } {
  let now = 0;
  let most = 0;
  return {
    bus: {
      ...bus,
      async publishAllStored(messages) {
        now += messages.length;
        most = Math.max(most, now);
        try {
          return await bus.publishAllStored(messages);
        } finally {
          now -= messages.length;
        }
      },
    },
    most: () => most,
  };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** What is in use, without what only waits to be collected. */
function liveBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test("a large backlog is published whole, one batch at a time", {
  timeout: 120_000,
}, async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  const rows = 20_000;
  const payloadBytes = 4_000;
  await leaveBehind(logic, rows, payloadBytes);
  const { bus, most } = counting(logic.bus);
  const startBytes = liveBytes();
  let highestBytes = 0;

  await using _outbox = openOutbox({ db: logic.db, bus, log, metrics: noMetrics });
  await eventually(
    async () => {
      highestBytes = Math.max(highestBytes, liveBytes());
      expect(await pendingRows(logic)).toBe(0);
    },
    { timeoutMs, intervalMs: 100 },
  );

  expect(await storedMessages(logic)).toBe(rows);
  expect(most()).toBe(96);
  // Several copies of a batch, and far less than the backlog.
  expect(highestBytes - startBytes).toBeLessThan((rows * payloadBytes) / 3);
});

test("what is due before the place that a sweep has come to goes out as well", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  const rows = 500;
  await leaveBehind(logic, rows, 100);
  const begun = Promise.withResolvers<void>();
  const inserted = Promise.withResolvers<void>();
  const bus: Bus = {
    ...logic.bus,
    async publishAllStored(messages) {
      begun.resolve();
      await inserted.promise;
      return await logic.bus.publishAllStored(messages);
    },
  };
  await using _outbox = openOutbox({ db: logic.db, bus, log, metrics: noMetrics });
  await begun.promise;
  const earlier = { msgId: BigInt(rows + 1) as MsgId, topic, payload: new Uint8Array(100) };
  await insertOutbox(logic.db, [earlier]);
  await logic.db.execute(
    "UPDATE t_message_outbox SET next_retry_time = ? ORDER BY id DESC LIMIT 1",
    [new Date(0)],
  );
  inserted.resolve();

  await eventually(async () => expect(await pendingRows(logic)).toBe(0), { timeoutMs });
  expect(await storedMessages(logic)).toBe(rows + 1);
});

test("events that a full stream refuses stay, are counted, and go out when there is room", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  await logic.user("alice");
  const manager = await logic.bus.manager();
  await manager.streams.update(streamName, { max_bytes: 20_000 });
  const counts = { failed: 0 };
  const metrics: OutboxMetrics = {
    ...noMetrics,
    publishFailed: (events) => {
      counts.failed += events;
    },
  };
  await using _outbox = openOutbox({ db: logic.db, bus: logic.bus, log, metrics });
  await leaveBehind(logic, 100, 1_000);

  await eventually(() => expect(counts.failed).toBeGreaterThan(0), { timeoutMs });
  const stored = await storedMessages(logic);
  expect(stored).toBeGreaterThan(0);
  expect(stored).toBeLessThan(100);
  // The welcome of alice's account makes one row more.
  await eventually(async () => expect(await pendingRows(logic)).toBe(101 - stored));

  await manager.streams.update(streamName, { max_bytes: 1024 ** 2 });

  await eventually(async () => expect(await pendingRows(logic)).toBe(0), { timeoutMs });
  expect(await storedMessages(logic)).toBe(101);
});
