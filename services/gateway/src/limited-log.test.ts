import { createLogger } from "@resonance/kit";
import { afterEach, expect, test, vi } from "vitest";
import { LimitedLog } from "./limited-log.ts";

afterEach(() => {
  vi.useRealTimers();
});

function openLimitedLog(): { limitedLog: LimitedLog; warnings: unknown[] } {
  const log = createLogger("test", "silent");
  const warnings: unknown[] = [];
  log.warn = (fields: unknown) => {
    warnings.push(fields);
  };
  return { limitedLog: new LimitedLog(log), warnings };
}

test("a kind has one line in 10 s, and the next one says how many it stands for", () => {
  vi.useFakeTimers();
  const { limitedLog, warnings } = openLimitedLog();

  for (const who of ["a", "b", "c"]) limitedLog.warn({ who }, "over the limit");
  limitedLog.warn({ who: "d" }, "cannot be decoded");
  vi.advanceTimersByTime(10_000);
  limitedLog.warn({ who: "e" }, "over the limit");

  expect(warnings).toEqual([{ who: "a" }, { who: "d" }, { who: "e", unlogged: 2 }]);
});

test("a clock that is set back silences nothing", () => {
  vi.useFakeTimers();
  const { limitedLog, warnings } = openLimitedLog();
  limitedLog.warn({ who: "a" }, "over the limit");

  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(10_000);
  limitedLog.warn({ who: "b" }, "over the limit");

  expect(warnings).toEqual([{ who: "a" }, { who: "b" }]);
});
