import { afterAll, beforeAll, expect, test } from "vitest";
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
