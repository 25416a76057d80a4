import { expect, test } from "vitest";
import { type Rate, TokenBuckets } from "./token-buckets.ts";

function bucketsAt(rate: Rate, maxKeys?: number) {
  const clock = { nowMs: 0 };
  return { clock, buckets: new TokenBuckets(rate, () => clock.nowMs, maxKeys) };
}

function takeAll(buckets: TokenBuckets, key: string, times: number): number {
  return Array.from({ length: times }, () => buckets.take(key)).filter(Boolean).length;
}

test("a burst passes whole, and what follows at the rate", () => {
  const { clock, buckets } = bucketsAt({ perSecond: 10, burst: 20 });
  expect(takeAll(buckets, "alice", 30)).toBe(20);
  clock.nowMs += 500;
  expect(takeAll(buckets, "alice", 30)).toBe(5);
});

test("a rest fills the bucket, and no further", () => {
  const { clock, buckets } = bucketsAt({ perSecond: 10, burst: 20 });
  takeAll(buckets, "alice", 20);
  clock.nowMs += 60_000;
  expect(takeAll(buckets, "alice", 30)).toBe(20);
});

test("what is refused costs nothing", () => {
  const { clock, buckets } = bucketsAt({ perSecond: 1, burst: 1 });
  takeAll(buckets, "alice", 100);
  clock.nowMs += 1_000;
  expect(buckets.take("alice")).toBe(true);
});

test("one key does not use up another's", () => {
  const { buckets } = bucketsAt({ perSecond: 1, burst: 1 });
  takeAll(buckets, "eve", 100);
  expect(buckets.take("alice")).toBe(true);
});

test("keys that rest are forgotten", () => {
  const { clock, buckets } = bucketsAt({ perSecond: 10, burst: 20 });
  for (let index = 0; index < 1_000; index++) buckets.take(`key-${index}`);
  clock.nowMs += 2_000;
  for (let index = 0; index < 600; index++) buckets.take("alice");
  expect(buckets.size).toBe(1);
});

test("a flood of keys is bounded, and a key that is in use is still counted", () => {
  const { buckets } = bucketsAt({ perSecond: 1, burst: 2 }, 100);
  let passed = 0;
  for (let index = 0; index < 10_000; index++) {
    buckets.take(`key-${index}`);
    if (index % 50 === 0 && buckets.take("eve")) passed++;
  }
  expect(buckets.size).toBeLessThanOrEqual(100);
  expect(passed).toBe(2);
});
