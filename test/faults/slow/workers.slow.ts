import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../testing/open-bench.ts";
import { killAndAwaitReturn, last, moreAcked } from "../testing/strike.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.[Symbol.asyncDispose]());

test("F1, F2, F3: Logic is killed in the middle of its work, again and again", async () => {
  const outcome = await bench.fault("F1 F2 F3 kill -9 Logic, 3 times", async (load) => {
    for (const messages of [20, 7, 13]) {
      await killAndAwaitReturn(bench.stack.services.logic);
      await moreAcked(load, messages);
    }
  });

  expect(outcome.failedSends).toBe(0);
});

test("F17: Task is killed in the middle of its work, again and again", async () => {
  const outcome = await bench.fault("F17 kill -9 Task, 3 times", async (load) => {
    for (const messages of [20, 7, 13]) {
      await killAndAwaitReturn(bench.stack.services.task);
      await moreAcked(load, messages);
    }
  });

  expect(outcome.failedSends).toBe(0);
});

test("F18: the bot is killed in the middle of its questions, again and again", async () => {
  const outcome = await bench.fault("F18 kill -9 bot, 3 times", async (load) => {
    for (const messages of [20, 7, 13]) {
      await killAndAwaitReturn(bench.stack.services.bot);
      await moreAcked(load, messages);
    }
  });

  expect(outcome.failedSends).toBe(0);
});

test("F7: NATS is killed and comes back with an empty store", async () => {
  const outcome = await bench.fault("F7 NATS store wiped", async (load) => {
    await bench.nats.kill();
    await bench.nats.wipeStore();
    await last(1_500, load.signal);
    await bench.nats.start();
    await moreAcked(load, 40);
  });

  expect(outcome.failedSends).toBe(0);
});
