import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "./testing/open-bench.ts";
import { openPublishSpy } from "./testing/open-publish-spy.ts";
import { awaitReturn, moreAcked } from "./testing/strike.ts";
import { runSql } from "./testing/tamper.ts";

let bench: Bench;

beforeAll(async () => {
  // So that the load, which is small, is covered as a large one would be.
  bench = await openBench({ RESONANCE_OUTBOX_MANY_ROWS: "1" });
}, 120_000);
afterAll(() => bench?.[Symbol.asyncDispose](), 60_000);

/** Messages whose events are stored as sent and may not be published. */
async function uncertain(): Promise<string[]> {
  const rows = await runSql(
    bench.mysql.directUrl(),
    `SELECT DISTINCT CAST(o.msg_id AS CHAR) AS msgId
       FROM t_message_outbox o
       JOIN t_outbox_watermark w ON o.msg_id > w.msg_id AND o.msg_id <= w.msg_id + (5000 << 22)
        AND ((o.msg_id >> 12) & 1023) = w.worker_id
      WHERE o.status = 1 AND o.retry_count = 0`,
  );
  return rows.map(({ msgId }) => String(msgId));
}

test.each(["logic.before_commit", "logic.after_commit", "logic.after_publish"] as const)(
  "killed at %s, events that were stored as sent are published",
  { timeout: 120_000 },
  async (name) => {
    await using spy = await openPublishSpy(bench.nats.directUrl());
    let left: string[] = [];
    let unpublished: string[] = [];
    let publishedMs = 0;
    const outcome = await bench.fault(`killed at ${name}, covered`, async (load) => {
      await eventually(async () => expect(await uncertain()).not.toEqual([]), {
        timeoutMs: 20_000,
      });
      const returned = awaitReturn(bench.stack.services.logic);
      await bench.strike(name, "kill");
      left = await uncertain();
      const given = await spy.published();
      unpublished = left.filter((msgId) => !given.has(msgId));
      await returned;
      const startedAt = performance.now();
      await eventually(
        async () => {
          const published = await spy.published();
          expect(left.filter((msgId) => !published.has(msgId))).toEqual([]);
        },
        { timeoutMs: 20_000 },
      );
      publishedMs = performance.now() - startedAt;
      await moreAcked(load, 20);
    });

    expect(outcome.failedSends).toBe(0);
    if (name === "logic.after_commit") expect(unpublished).not.toEqual([]);
    if (name === "logic.after_publish") expect(left.length).toBeGreaterThan(unpublished.length);
    expect(publishedMs).toBeLessThan(8_000);
  },
);
