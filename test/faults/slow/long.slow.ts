import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Drain, leaveBacklog, watchDrain } from "../testing/backlog.ts";
import type { HistoryLine } from "../testing/history.ts";
import { type Bench, openBench } from "../testing/open-bench.ts";
import { awaitReturn, last, moreAcked } from "../testing/strike.ts";

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
  // The 34,000 messages of 15 minutes take longer than the 5,500 of two.
  const settleWithinMs = Math.max(30_000, awayMinutes * 4_000);
  const outcome = await bench.fault(
    `F6 NATS away for ${awayMinutes} min`,
    async (load) => {
      // Leaves events that are published and not marked: they are published again after the outage.
      const returned = awaitReturn(bench.stack.services.logic);
      await bench.strike("logic.after_publish", "kill");
      await bench.nats.kill();
      await returned;
      await last(awayMinutes * 60_000, load.signal);
      await bench.nats.start();
    },
    { settleWithinMs },
  );

  expect(outcome.failedSends).toBe(0);
});

const backlogMebibytes = Number(process.env.RESONANCE_FAULTS_BACKLOG_MIB ?? 1_024);
const rowBytes = 4_096;
const rows = Math.round((backlogMebibytes * 1024 ** 2) / rowBytes);

test(`F26: Logic starts with ${backlogMebibytes} MiB of events to publish`, {
  timeout: 600_000,
}, async () => {
  const { logic } = bench.stack.services;
  const { nats } = bench;
  const { history } = bench.load;
  let peakBytes = 0;
  let drain: Drain | undefined;
  const outcome = await bench.fault(
    `F26 ${backlogMebibytes} MiB in the outbox`,
    async (load) => {
      // Events that nobody takes wait; who sends notices nothing of that.
      await nats.kill();
      await leaveBacklog(bench.mysql.directUrl(), { rows, rowBytes });
      await logic.restart(load.signal);
      await moreAcked(load, 100);
      await eventually(() => load.waiting() < 10, { timeoutMs: 60_000 });
      await nats.start();
      const ackedBefore = load.acked();
      const loadEvents = () => load.acked() - ackedBefore;
      const draining = watchDrain(nats.directUrl(), { rows, loadEvents }, load.signal);
      void draining.then((ended) => {
        drain = ended;
      });
      await eventually(
        async () => {
          peakBytes = Math.max(peakBytes, await residentBytes());
          expect(drain).toBeDefined();
        },
        { timeoutMs: 400_000, intervalMs: 500 },
      );
      await draining;
    },
    { settleWithinMs: 240_000 },
  );
  if (!drain) throw new Error("the backlog was not drained");
  const seconds = (drain.toMs - drain.fromMs) / 1_000;
  const perSecond = Math.round(rows / seconds);
  const live = ackTimes(history.lines, drain);
  process.stderr.write(
    `F26: ${rows} events published in ${seconds.toFixed(1)} s, ${perSecond} a second, Logic at most ${Math.round(peakBytes / 1024 ** 2)} MiB, ${live.count} messages meanwhile with Acks p50/p99 ${live.p50Ms}/${live.p99Ms} ms (before ${outcome.ackP50Ms.before}/${outcome.ackP99Ms.before})\n`,
  );

  expect(outcome.failedSends).toBe(0);
  expect(peakBytes).toBeLessThan(512 * 1024 ** 2);
});

/** How long the Acks took of what was sent between two times. */
function ackTimes(lines: readonly HistoryLine[], { fromMs, toMs }: Drain) {
  const sentAt = new Map<string, number>();
  const times: number[] = [];
  for (const line of lines) {
    if (line.kind === "send" && line.atMs >= fromMs && line.atMs < toMs) {
      sentAt.set(line.clientMsgId, line.atMs);
    }
    if (line.kind === "ack") times.push(line.atMs - (sentAt.get(line.clientMsgId) ?? Number.NaN));
  }
  const known = times.filter((time) => !Number.isNaN(time)).sort((one, other) => one - other);
  const at = (share: number) => Math.round(known[Math.floor(known.length * share)] ?? 0);
  return { count: known.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function residentBytes(): Promise<number> {
  const text = await (await fetch(bench.stack.services.logic.metricsUrl)).text();
  return Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(text)?.[1] ?? 0);
}
