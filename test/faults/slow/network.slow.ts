import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { doubleEvents } from "../testing/double-events.ts";
import { excessOver, readGauges } from "../testing/gauges.ts";
import { type Bench, openBench } from "../testing/open-bench.ts";
import { last, moreAcked } from "../testing/strike.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({ NODE_OPTIONS: "--inspect-port=127.0.0.1:0" });
}, 120_000);
afterAll(() => bench?.[Symbol.asyncDispose](), 60_000);

const timeoutMs = 120_000;

test("F4: replies to COMMIT are lost, and what is sent again is stored once", {
  timeout: timeoutMs,
}, async () => {
  const { proxy } = bench.mysql;
  let commits = 0;
  const lostBefore = proxy.lostReplies;

  const outcome = await bench.fault("F4 every 4th reply to a COMMIT lost", async (load) => {
    proxy.setWeather({
      losesReplyTo: (chunk) => chunk.includes("COMMIT") && ++commits % 4 === 0,
    });
    await moreAcked(load, 80);
    proxy.setWeather({});
  });

  expect(proxy.lostReplies - lostBefore).toBeGreaterThan(5);
  expect(outcome.failedSends).toBe(0);
});

test("F4: NATS confirmations are lost with their connections", { timeout: timeoutMs }, async () => {
  const { proxy } = bench.nats;
  let publishes = 0;
  const lostBefore = proxy.lostReplies;

  const outcome = await bench.fault("F4 NATS confirmations lost", async (load) => {
    proxy.setWeather({
      losesReplyTo: (chunk) => chunk.includes("push.event") && ++publishes % 20 === 0,
    });
    await moreAcked(load, 100);
    proxy.setWeather({});
  });

  expect(proxy.lostReplies - lostBefore).toBeGreaterThan(0);
  expect(outcome.failedSends).toBe(0);
});

test("F5: NATS is away for 10 s, and nobody who sends notices", {
  timeout: timeoutMs,
}, async () => {
  const outcome = await bench.fault("F5 NATS away for 10 s", async (load) => {
    await bench.nats.kill();
    await last(10_000, load.signal);
    await bench.nats.start();
  });

  expect(outcome.failedSends).toBe(0);
  // The p99 is compared where nothing else runs, in slow/pauses.slow.ts.
  expect(outcome.ackP50Ms.during).toBeLessThan(Math.max(2 * outcome.ackP50Ms.before, 150));
  expect(outcome.settledMs).toBeLessThan(15_000);
});

test("F12: every statement takes 500 ms longer for a while, and what that takes is given back", {
  timeout: 3 * timeoutMs,
}, async () => {
  const { logic } = bench.stack.services;
  await bench.fault("F12 before", (load) => moreAcked(load, 100));
  const before = await readGauges(logic);
  let waiting = 0;

  const outcome = await bench.fault("F12 MySQL slow by 500 ms", async (load) => {
    bench.mysql.proxy.setWeather({ toServerDelayMs: 500 });
    await last(8_000, load.signal);
    waiting = load.waiting();
    bench.mysql.proxy.setWeather({});
  });
  const peakBytes = (await readGauges(logic)).peakResidentBytes - before.peakResidentBytes;
  process.stderr.write(
    `F12: ${waiting} messages waiting at its end, Logic at most ${Math.round(peakBytes / 1024 ** 2)} MiB more\n`,
  );

  expect(outcome.failedSends).toBe(0);
  expect(outcome.ackP50Ms.during).toBeGreaterThan(500);
  // A device's messages are stored one after another: nearly all wait, and not for long after it.
  expect(outcome.longestAckMs).toBeLessThan(outcome.faultMs + 5_000);
  expect(peakBytes).toBeLessThan(64 * 1024 ** 2);
  // A pool of database connections grows in a fault; what is idle for 60 s is closed.
  await eventually(async () => expect(excessOver(before, await readGauges(logic))).toEqual([]), {
    timeoutMs: 120_000,
    intervalMs: 1_000,
  });
});

test("F15: every event is published twice", { timeout: timeoutMs }, async () => {
  let doubled = 0;
  const outcome = await bench.fault("F15 every event twice", async (load) => {
    await using copies = await doubleEvents(bench.nats.directUrl());
    await moreAcked(load, 100);
    doubled = copies.doubled;
  });

  expect(doubled).toBeGreaterThan(90);
  expect(outcome.failedSends).toBe(0);
});
