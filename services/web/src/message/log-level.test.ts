import { expect, test } from "vitest";
import { logLevelOf, looksLikeLog, timeOf } from "./log-level.ts";

test.each([
  ["10:34:17.123Z ERROR cannot reach logic", "error"],
  ['{"level":"error","time":"2026-01-01T00:00:00Z","msg":"x"}', "error"],
  ["time=2026-01-01T00:00:00Z level=fatal msg=x", "error"],
  ["2026-01-01 10:00:00 [WARN] slow query", "warn"],
  ["warning: low disk", "warn"],
  ["10:34:17.123Z INFO no error was found", undefined],
  ['{"level":"info","msg":"errors: 0"}', undefined],
  ["", undefined],
])("%s is of level %s", (line, level) => {
  expect(logLevelOf(line)).toBe(level);
});

test("a word far into a line does not make it an error", () => {
  expect(logLevelOf(`INFO ${"x".repeat(200)} ERROR`)).toBeUndefined();
});

test.each([
  ["10:34:17.123Z INFO a", "10:34:17.123Z"],
  ["[2026-01-01T10:34:17+08:00] a", "[2026-01-01T10:34:17+08:00]"],
  ["2026-01-01 10:34:17,5 a", "2026-01-01 10:34:17,5"],
  ["at 10:34:17 a", ""],
  ["10:34", ""],
])("the time of %j is %j", (line, time) => {
  expect(timeOf(line)).toBe(time);
});

test("lines with times are a log, code is not", () => {
  expect(looksLikeLog(["10:00:00.1Z INFO a", "10:00:01.2Z INFO b", "  at f"])).toBe(true);
  expect(looksLikeLog(['{"level":"info"}', '{"level":"warn"}'])).toBe(true);
  expect(looksLikeLog(["const a = 1;", "const b = 2;"])).toBe(false);
  expect(looksLikeLog(["10:00:00Z one line only"])).toBe(false);
});
