import { expect, test } from "vitest";
import { logLine, logsFound, windowOf } from "../../../testing/results.ts";
import { renderLogs, renderQuiet } from "./logs.ts";

test("lines stand in one block, as they were read", () => {
  const lines = [logLine("10:00:00.000Z INFO a"), logLine("10:00:01.000Z INFO b")];
  const text = renderLogs({ outcome: "ok", data: logsFound(lines) }, "en");
  expect(text).toContain("```log\n10:00:00.000Z INFO a\n10:00:01.000Z INFO b\n```");
  expect(text).toContain("Logs of **gateway**, last 1 h: 2 lines (INFO 2).");
});

test("a window that nobody named is stated", () => {
  const data = logsFound([logLine("a")], { window: windowOf({ isDefault: true }) });
  expect(renderLogs({ outcome: "ok", data }, "zh")).toContain("你没有指定时间");
  expect(renderLogs({ outcome: "ok", data }, "en")).toContain("the last hour is assumed");
  const named = logsFound([logLine("a")]);
  expect(renderLogs({ outcome: "ok", data: named }, "zh")).not.toContain("你没有指定时间");
});

test("an answer in one language has no word of the other", () => {
  const data = logsFound([logLine("a")], {
    level: "warn",
    include: "x",
    total: 9,
    complete: false,
  });
  expect(renderLogs({ outcome: "ok", data }, "en")).not.toMatch(/\p{Script=Han}/u);
  expect(renderLogs({ outcome: "ok", data }, "zh")).not.toMatch(/line|window/i);
});

test("what is left out is counted", () => {
  const data = logsFound([logLine("a")], { total: 12 });
  expect(renderLogs({ outcome: "ok", data }, "en")).toContain("the last 1 shown, 11 left out");
});

test("lines over the limit are left out from the oldest on, and counted", () => {
  const lines = Array.from({ length: 500 }, (_, index) => logLine(`${index} ${"日".repeat(300)}`));
  const text = renderLogs({ outcome: "ok", data: logsFound(lines) }, "zh");
  expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  expect(text).toContain("499 日");
  expect(text).not.toContain("\n0 日");
  expect(text).toMatch(/显示最后 \d+ 行，省略 \d+ 行/);
});

test("the first error is named where the lines do not show it", () => {
  const firstError = logLine("09:40:00.000Z ERROR `boom`", { level: "error" });
  const data = logsFound([logLine("a")], { total: 40, firstError });
  expect(renderLogs({ outcome: "ok", data }, "en")).toContain(
    "First error: `` 09:40:00.000Z ERROR `boom` ``",
  );
});

test("over midnight each line bears its day", () => {
  const lines = [
    logLine("23:59:59.000Z INFO a", { at: "2026-11-21T23:59:59.000Z" }),
    logLine("00:00:01.000Z INFO b", { at: "2026-11-22T00:00:01.000Z" }),
  ];
  const text = renderLogs({ outcome: "ok", data: logsFound(lines) }, "en");
  expect(text).toContain("2026-11-21 23:59:59.000Z INFO a\n2026-11-22 00:00:01.000Z INFO b");
});

test("nothing found is said with what was searched", () => {
  const data = logsFound([], {
    level: "error",
    linesInWindow: 7,
    logBegins: "2026-11-22T10:10:00.000Z",
  });
  const text = renderLogs({ outcome: "no_data", causes: ["nothing_matches"], data }, "en");
  expect(text).toContain(
    "No line of **gateway** matches; the window holds 7 lines. Filter: level error and above.",
  );
  expect(text).toContain("begins only at 10:10:00");
});

test("an incomplete search claims no total", () => {
  const data = logsFound([logLine("a")], { complete: false, incompleteBecause: "out_of_time" });
  const text = renderLogs({ outcome: "ok", data }, "en");
  expect(text).toContain("at least 1 line (");
  expect(text).toContain("too large");
});

test("an unknown service is answered with the nearest", () => {
  const failure = {
    outcome: "error",
    cause: "unknown_service",
    message: "",
    retryHelps: false,
    near: ["gateway"],
  } as const;
  expect(renderLogs(failure, "zh")).toContain("`gateway`");
});

test("no error where nothing but errors was looked for is good news; of part of a log it is not", () => {
  const quiet = (complete: boolean) => ({
    outcome: "no_data" as const,
    causes: ["nothing_matches" as const],
    data: logsFound([], { level: "error", total: 0, linesInWindow: 7, complete }),
  });
  expect(renderLogs(quiet(true), "en")).toContain("So gateway reported no error in this time.");
  expect(renderLogs(quiet(true), "zh")).toContain("这段时间 gateway 没有报错");
  expect(renderLogs(quiet(false), "en")).not.toContain("reported no error");
});

test("warnings in the same time are no good news, and are what to ask for next", () => {
  const found = (service: string, warningsInWindow: number) =>
    logsFound([], { service, level: "error", total: 0, linesInWindow: 9, warningsInWindow });
  const one = { outcome: "no_data" as const, causes: ["nothing_matches" as const] };
  const told = renderLogs({ ...one, data: found("gateway", 3) }, "en");
  expect(told).toContain("So gateway reported no error in this time, but logged 3 warnings.");
  expect(told).toContain('You could ask next: "warnings of gateway in the last hour".');
  const all = [found("logic", 1), found("task", 0), found("bot", 2)];
  expect(renderQuiet(all, "en")).toContain(
    "So none of them reported an error in this time; warnings: 1 of logic, 2 of bot.",
  );
  const several = renderQuiet(all, "zh");
  expect(several).toContain("这段时间它们都没有报错，但有警告：logic 1 条、bot 2 条。");
  expect(several).toContain("「logic 最近 1 小时的警告」、「bot 最近 1 小时的警告」");
});

test("of a day before the log begins nothing is claimed, and the day it begins is told", () => {
  const window = windowOf({
    fromMs: Date.parse("2026-11-21T00:00:00Z"),
    untilMs: Date.parse("2026-11-22T00:00:00Z"),
  });
  const logBegins = "2026-11-22T10:10:00.000Z";
  const data = logsFound([], { level: "error", total: 0, linesInWindow: 0, window, logBegins });
  const text = renderLogs({ outcome: "no_data", causes: ["log_begins_later"], data }, "en");
  expect(text).not.toContain("reported no error");
  expect(text).toContain("The log begins only at 2026-11-22 10:10:00.");
});
