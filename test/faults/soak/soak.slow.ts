import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fault, faults } from "../testing/fault-list.ts";
import { excessOver, type Gauges, readGauges } from "../testing/gauges.ts";
import { type Bench, openBench } from "../testing/open-bench.ts";
import { last, moreAcked } from "../testing/strike.ts";

const minutes = Number(process.env.RESONANCE_SOAK_MINUTES ?? 10);
// For whoever looks into one of them: those whose names have this in them.
const chosen = faults.filter(({ name }) => name.includes(process.env.RESONANCE_SOAK_FAULT ?? ""));

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({ NODE_OPTIONS: "--inspect-port=127.0.0.1:0" });
});
afterAll(() => bench?.[Symbol.asyncDispose]());

test(`${minutes} minutes of mixed load with a random fault every minute`, {
  timeout: (minutes + 5) * 120_000,
}, async () => {
  await bench.fault("warming up", (load) => moreAcked(load, 200));
  const before = await readAll();
  const endAtMs = performance.now() + minutes * 60_000;
  const report: { fault: string; sent: number; failedSends: number; settledMs: number }[] = [];
  let pending: readonly Fault[] = [];

  for (let round = 1; performance.now() < endAtMs; round++) {
    // Each in a random order, before any comes a second time.
    if (pending.length === 0) pending = shuffled(chosen);
    const [fault, ...rest] = pending;
    if (!fault) break;
    pending = rest;
    const minuteEndsMs = performance.now() + 60_000;
    const outcome = await bench.fault(`${round} ${fault.name}`, async (load) => {
      await fault.inject(bench, load);
      const leftMs = Math.min(minuteEndsMs, endAtMs) - performance.now() - 5_000;
      if (leftMs > 0) await last(leftMs, load.signal);
    });
    report.push({ fault: fault.name, ...outcome });
    process.stderr.write(`heap in MiB: ${heaps(await readAll())}\n`);
  }

  const sent = report.reduce((sum, one) => sum + one.sent, 0);
  const failed = report.reduce((sum, one) => sum + one.failedSends, 0);
  process.stderr.write(`soak: ${report.length} faults, ${sent} messages, ${failed} failed sends\n`);
  // Once more without a fault, so that what is measured has come to rest.
  await bench.fault("cooling down", (load) => moreAcked(load, 100));
  const coolAtMs = performance.now();
  const after = await readRested(before);
  const restedMs = performance.now() - coolAtMs;
  process.stderr.write(`after ${(restedMs / 1_000).toFixed(0)} s of rest:\n`);
  for (const [name, now] of Object.entries(after)) {
    process.stderr.write(`${name}: ${changes(before[name], now)}\n`);
  }
  // That nothing is lost, doubled or out of order was checked in each round.
  expect(report.filter(({ failedSends }) => failedSends > 0)).toEqual([]);
  for (const [name, now] of Object.entries(after)) {
    expect(excessOver(before[name], now), name).toEqual([]);
  }
});

async function readAll(): Promise<Record<string, Gauges>> {
  const all: Record<string, Gauges> = {};
  for (const service of Object.values(bench.stack.services)) {
    all[service.name] = await readGauges(service);
  }
  return all;
}

// A pool of database connections grows in a fault; what is idle for 60 s is closed.
const restWithinMs = 120_000;

/**
 * Waits without load until no service holds more than it may, or the time is over, and gives what was
 * read last. What leaks stays however long one waits. It is read whole each time: a process
 * that was started since has its inspector opened by that.
 */
async function readRested(before: Record<string, Gauges>): Promise<Record<string, Gauges>> {
  let after: Record<string, Gauges> = {};
  await eventually(
    async () => {
      after = await readAll();
      return Object.entries(after).every(
        ([name, now]) => excessOver(before[name], now).length === 0,
      );
    },
    { timeoutMs: restWithinMs, intervalMs: 1_000 },
  ).catch((error: unknown) => process.stderr.write(`not at rest: ${error}\n`));
  return after;
}

/** What grows from round to round leaks; what a process has only warmed up to does not. */
function heaps(all: Record<string, Gauges>): string {
  return Object.entries(all)
    .map(([name, { heapBytes }]) => `${name} ${(heapBytes / 1024 ** 2).toFixed(1)}`)
    .join(", ");
}

function changes(before: Gauges | undefined, now: Gauges): string {
  const size = (bytes: number | undefined) => ((bytes ?? 0) / 1024 ** 2).toFixed(1);
  return [
    `heap ${size(before?.heapBytes)} → ${size(now.heapBytes)} MiB`,
    `resident ${size(before?.residentBytes)} → ${size(now.residentBytes)} MiB`,
    `descriptors ${before?.descriptors} → ${now.descriptors}`,
  ].join(", ");
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
