import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../testing/open-bench.ts";
import { last } from "../testing/strike.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.[Symbol.asyncDispose]());

test("F34: NATS stands still for 20 s with its connections open", async () => {
  const outcome = await bench.fault("F34 SIGSTOP NATS for 20 s", async (load) => {
    bench.nats.signal("SIGSTOP");
    await last(20_000, load.signal);
    bench.nats.signal("SIGCONT");
  });

  expect(outcome.failedSends).toBe(0);
});

test("F34: MySQL stands still for 20 s with its connections open", async () => {
  const outcome = await bench.fault("F34 SIGSTOP MySQL for 20 s", async (load) => {
    bench.mysql.signal("SIGSTOP");
    await last(20_000, load.signal);
    bench.mysql.signal("SIGCONT");
  });

  expect(outcome.failedSends).toBe(0);
});

test("F28: nothing passes between the services and NATS for 10 s", async () => {
  const outcome = await bench.fault("F28 NATS black hole for 10 s", async (load) => {
    bench.nats.proxy.setWeather({ blackHole: true });
    await last(10_000, load.signal);
    bench.nats.proxy.setWeather({});
  });

  expect(outcome.failedSends).toBe(0);
});

test("F28: nothing passes between the services and MySQL for 10 s", async () => {
  const outcome = await bench.fault("F28 MySQL black hole for 10 s", async (load) => {
    bench.mysql.proxy.setWeather({ blackHole: true });
    await last(10_000, load.signal);
    bench.mysql.proxy.setWeather({});
  });

  expect(outcome.failedSends).toBe(0);
});

test("F21: the gateway stands still for 20 s and goes on", async () => {
  const outcome = await bench.fault("F21 SIGSTOP gateway for 20 s", async (load) => {
    const { pid } = bench.stack.services.gateway;
    if (pid === undefined) throw new Error("the gateway has no process");
    process.kill(pid, "SIGSTOP");
    await last(20_000, load.signal);
    process.kill(pid, "SIGCONT");
  });

  expect(outcome.failedSends).toBe(0);
});

test("F5: NATS is away for 60 s", async () => {
  const outcome = await bench.fault("F5 NATS away for 60 s", async (load) => {
    await bench.nats.kill();
    await last(60_000, load.signal);
    await bench.nats.start();
  });

  expect(outcome.failedSends).toBe(0);
  // Twice the time without the fault; below 200 ms other programs on the machine decide.
  expect(outcome.ackP99Ms.during).toBeLessThan(Math.max(2 * outcome.ackP99Ms.before, 200));
  expect(outcome.settledMs).toBeLessThan(15_000);
});
