import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const limits = { baseMs: 500, maxMs: 15_000 };

test("the wait doubles with each try and stops at the maximum", () => {
  const waits = [0, 1, 2, 3, 10, 2_000].map((tries) => backoffMs(tries, limits, () => 1));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 15_000, 15_000]);
});

test("chance takes away at most half of the wait", () => {
  expect(backoffMs(2, limits, () => 0)).toBe(1_000);
  expect(backoffMs(2, limits, () => 0.5)).toBe(1_500);
});
