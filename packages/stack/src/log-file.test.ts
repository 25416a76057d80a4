import { expect, test } from "vitest";
import { lastError, readableLine, stderrEntry } from "./log-file.ts";

const now = new Date("2026-01-01T00:00:00.000Z");

function entry(fields: object): string {
  return JSON.stringify({ level: "info", time: now.toISOString(), service: "logic", ...fields });
}

test("the last error that the service logged says why it ended", () => {
  const lines = [
    entry({ level: "error", msg: "a request failed" }),
    entry({ level: "fatal", msg: "crashed", err: { message: "out of luck" } }),
    entry({ msg: "stopped" }),
    stderrEntry("logic", 1, "a warning about an error", now),
  ];

  expect(lastError(lines)).toBe("crashed: out of luck");
});

test("of standard error it is the first line that speaks of an error", () => {
  const lines = [
    "node:internal/x:1",
    "TypeError: nothing there",
    "    at f (a.ts:1:1)",
    "Node.js v24",
  ];

  expect(lastError(lines.map((line) => stderrEntry("logic", 1, line, now)))).toBe(
    "TypeError: nothing there",
  );
});

test("a service that said nothing has no last error", () => {
  expect(lastError([entry({ msg: "ready" }), "not json"])).toBeUndefined();
});

test("a log line is shown with time, level and cause, and what is no JSON as it is", () => {
  const line = entry({ level: "fatal", msg: "crashed", err: { message: "out of luck" } });

  expect(readableLine(line)).toBe("2026-01-01T00:00:00.000Z fatal crashed: out of luck");
  expect(readableLine("plain")).toBe("plain");
});
