import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Drain, leaveBacklog, watchDrain, widenRedoLog } from "../testing/backlog.ts";
import type { HistoryLine } from "../testing/history.ts";
import { type Bench, openBench } from "../testing/open-bench.ts";
import { moreAcked } from "../testing/strike.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({}, "direct");
});
afterAll(() => bench?.[Symbol.asyncDispose]());

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
  let before: Drain | undefined;
  const outcome = await bench.fault(
    `F26 ${backlogMebibytes} MiB in the outbox`,
    async (load) => {
      await widenRedoLog(bench.mysql.directUrl());
      const fromMs = performance.now();
      // Fewer have no 99th percentile.
      await moreAcked(load, 800);
      before = { fromMs, toMs: performance.now() };
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
  if (!drain || !before) throw new Error("the backlog was not drained");
  const seconds = (drain.toMs - drain.fromMs) / 1_000;
  const perSecond = Math.round(rows / seconds);
  const live = ackTimes(history.lines, drain);
  const calm = ackTimes(history.lines, before);
  process.stderr.write(
    `F26: ${rows} events published in ${seconds.toFixed(1)} s, ${perSecond} a second, Logic at most ${Math.round(peakBytes / 1024 ** 2)} MiB, ${live.count} messages meanwhile with Acks p50/p99 ${live.p50Ms}/${live.p99Ms} ms (${calm.count} before: ${calm.p50Ms}/${calm.p99Ms})\n`,
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
