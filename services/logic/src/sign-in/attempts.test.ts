import { expect, test } from "vitest";
import { attempt, notBlocked } from "./attempts.ts";

const policy = { freeAttempts: 3 };
const t0 = Date.parse("2026-01-25T12:00:00Z");

/** Tries every `everyMs`, as often as told; gives the waits. */
function tries(times: number, everyMs: number): number[] {
  let row = { attempts: 0, lastAt: new Date(t0), blockedUntil: notBlocked };
  return Array.from({ length: times }, (_, index) => {
    const tried = attempt(row, t0 + index * everyMs, policy);
    row = tried.row;
    return tried.waitMs;
  });
}

test("the first tries are free, and then each one waits twice as long", () => {
  expect(tries(6, 1_000)).toEqual([0, 0, 0, 29_000, 28_000, 27_000]);
});

test("whoever waits may try again, and waits twice as long after that", () => {
  const [waits, second] = [tries(4, 30_000), tries(7, 30_000)];
  expect(waits).toEqual([0, 0, 0, 0]);
  expect(second.slice(4)).toEqual([30_000, 0, 90_000]);
});

test("nobody waits longer than a quarter of an hour", () => {
  const row = { attempts: 500, lastAt: new Date(t0), blockedUntil: new Date(t0) };
  const { row: next, waitMs } = attempt(row, t0, policy);
  expect(waitMs).toBe(0);
  expect(next.blockedUntil.getTime() - t0).toBe(15 * 60_000);
});

test("after an hour all is forgotten", () => {
  const row = { attempts: 500, lastAt: new Date(t0), blockedUntil: new Date(t0) };
  expect(attempt(row, t0 + 61 * 60_000, policy).row.attempts).toBe(1);
});

test("a try that another process counts a moment later blocks nobody", () => {
  const first = { attempts: 0, lastAt: new Date(t0), blockedUntil: notBlocked };
  const { row } = attempt(first, t0 + 5, policy);

  expect(attempt(row, t0, policy).waitMs).toBe(0);
});
