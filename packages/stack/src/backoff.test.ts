import { expect, test } from "vitest";
import { nextBackoffMs } from "./backoff.ts";

test("the wait doubles with each crash in a row, up to five seconds", () => {
  const waits: number[] = [];
  let waitMs: number | undefined;
  for (let crash = 0; crash < 7; crash++) {
    waitMs = nextBackoffMs(waitMs, 100);
    waits.push(waitMs);
  }

  expect(waits).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
});

test("after half a minute of life the row begins anew", () => {
  expect(nextBackoffMs(5_000, 29_999)).toBe(5_000);
  expect(nextBackoffMs(5_000, 30_000)).toBe(200);
});
