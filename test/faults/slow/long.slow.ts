import { create, toBinary } from "@bufbuild/protobuf";
import { PushEventSchema, topicOf } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../testing/open-bench.ts";
import { awaitReturn, last, moreAcked } from "../testing/strike.ts";
import { runSql } from "../testing/tamper.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.[Symbol.asyncDispose]());

test("F27: Task stands still with events in hand for longer than their acknowledgement wait", async () => {
  const outcome = await bench.fault("F27 handler longer than ack_wait", async (load) => {
    const { pid } = bench.stack.services.task;
    if (pid === undefined) throw new Error("Task has no process");
    await bench.strike("task.before_ack", "stop");
    await last(12_000, load.signal);
    process.kill(pid, "SIGCONT");
    await moreAcked(load, 20);
  });

  expect(outcome.failedSends).toBe(0);
});

// JetStream knows ids for two minutes. RESONANCE_FAULTS_LONG=1 waits the 15 of the fault list.
const awayMinutes = process.env.RESONANCE_FAULTS_LONG ? 15 : 2.25;

test(`F6: NATS is away for ${awayMinutes} minutes, longer than it knows ids`, {
  timeout: (awayMinutes + 5) * 60_000,
}, async () => {
  const outcome = await bench.fault(`F6 NATS away for ${awayMinutes} min`, async (load) => {
    // Leaves events that are published and not marked: they are published again after the outage.
    const returned = awaitReturn(bench.stack.services.logic);
    await bench.strike("logic.after_publish", "kill");
    await bench.nats.kill();
    await returned;
    await last(awayMinutes * 60_000, load.signal);
    await bench.nats.start();
  });

  expect(outcome.failedSends).toBe(0);
  expect(outcome.settledMs).toBeLessThan(30_000);
});

const backlogMebibytes = Number(process.env.RESONANCE_FAULTS_BACKLOG_MIB ?? 1_024);
const rowBytes = 4_096;
const rows = Math.round((backlogMebibytes * 1024 ** 2) / rowBytes);

test(`F26: Logic starts with ${backlogMebibytes} MiB of events to publish`, {
  timeout: 600_000,
}, async () => {
  const { logic } = bench.stack.services;
  let peakBytes = 0;
  let drainMs = 0;
  const outcome = await bench.fault(
    `F26 ${backlogMebibytes} MiB in the outbox`,
    async (load) => {
      await logic.stop(load.signal);
      await leaveBacklog();
      await logic.start(load.signal);
      const startedAt = performance.now();
      await eventually(
        async () => {
          peakBytes = Math.max(peakBytes, await residentBytes());
          expect(await pending()).toBeLessThan(1_000);
        },
        { timeoutMs: 400_000, intervalMs: 500 },
      );
      drainMs = performance.now() - startedAt;
    },
    { settleWithinMs: 240_000 },
  );
  const perSecond = Math.round(rows / (drainMs / 1_000));
  process.stderr.write(
    `F26: ${rows} events in ${(drainMs / 1_000).toFixed(1)} s, ${perSecond} a second, Logic at most ${Math.round(peakBytes / 1024 ** 2)} MiB\n`,
  );

  expect(outcome.failedSends).toBe(0);
  expect(peakBytes).toBeLessThan(512 * 1024 ** 2);
});

/** Events of a session without members: Task takes them and has nothing to do. */
async function leaveBacklog(): Promise<void> {
  const connection = await createConnection({ uri: bench.mysql.directUrl() });
  const batch = 200;
  const payload = Buffer.from(
    toBinary(
      PushEventSchema,
      create(PushEventSchema, {
        msgId: 1n,
        seqId: 1n,
        sessionId: "single:nobody:noone",
        fromUsername: "nobody",
        content: "x".repeat(rowBytes - 64),
        type: "text",
      }),
    ),
  );
  try {
    for (let first = 1; first <= rows; first += batch) {
      const values = Array.from({ length: Math.min(batch, rows - first + 1) }, (_, index) => [
        first + index,
        topicOf(PushEventSchema),
        payload,
        0,
        0,
        new Date(0),
      ]);
      await connection.query(
        "INSERT INTO t_message_outbox (msg_id, topic, payload, status, retry_count, next_retry_time) VALUES ?",
        [values],
      );
    }
  } finally {
    connection.destroy();
  }
}

async function pending(): Promise<number> {
  const [row] = await runSql(
    bench.mysql.directUrl(),
    "SELECT COUNT(*) AS pending FROM t_message_outbox WHERE status = 0",
  );
  return Number(row?.pending);
}

async function residentBytes(): Promise<number> {
  const text = await (await fetch(bench.stack.services.logic.metricsUrl)).text();
  return Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(text)?.[1] ?? 0);
}
