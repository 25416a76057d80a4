import { expect, test } from "vitest";
import type { Level } from "./log-line.ts";
import { everyLine, type LogQuery } from "./log-query.ts";
import { LogTally, type TallyLine } from "./log-tally.ts";
import { compileFilter } from "./text-filter.ts";

const whole = { linesInWindow: 0, incompleteBecause: undefined, oldestReadMs: 0, bytesTotal: 1 };

function queryOf(more: Partial<LogQuery> = {}): LogQuery {
  return { ...everyLine({ fromMs: 0, untilMs: 24_000 }, 1_000), ...more };
}

function lineOf(number: number, text = `line ${number}`, level: Level = "info"): TallyLine {
  return { text, omittedBytes: 0, atMs: number * 1_000, level };
}

function tally(lines: readonly TallyLine[], query: LogQuery, newestFirst: boolean) {
  const found = new LogTally(query, newestFirst ? "newest_first" : "oldest_first");
  for (const line of newestFirst ? lines.toReversed() : lines) found.add(line);
  return found.findings(whole);
}

const ten = Array.from({ length: 10 }, (_, index) => lineOf(index));

test.each([true, false])(
  "both directions show the same last lines (newest first: %s)",
  (newest) => {
    const found = tally(ten, queryOf({ limit: 3, skip: 2 }), newest);
    expect(found.shown.map(({ text }) => text)).toEqual(["line 5", "line 6", "line 7"]);
    expect(found).toMatchObject({ total: 10, matchesShown: 3 });
  },
);

test.each([true, false])(
  "what stands around a match is shown once (newest first: %s)",
  (newest) => {
    const query = queryOf({ include: compileFilter("line [35]"), context: 2 });
    const found = tally(ten, query, newest);
    expect(found.shown.map(({ text, isContext }) => (isContext ? `(${text})` : text))).toEqual([
      "(line 1)",
      "(line 2)",
      "line 3",
      "(line 4)",
      "line 5",
      "(line 6)",
      "(line 7)",
    ]);
  },
);

test.each([true, false])("the first error comes with what stands around it (%s)", (newest) => {
  const lines = ten.map((line, index) =>
    index % 4 === 1 ? { ...line, level: "error" as const } : line,
  );
  const found = tally(lines, queryOf({ limit: 1 }), newest);
  expect(found.firstError?.text).toBe("line 1");
  expect(found.aroundFirstError.map(({ text }) => text)).toEqual([
    "line 0",
    "line 1",
    "line 2",
    "line 3",
    "line 4",
  ]);
});

test("alike lines are one pattern, the most frequent first", () => {
  const lines = [
    ...ten.map((_, index) => lineOf(index, `10:00:0${index}.000Z INFO user ${index} in 12.5ms`)),
    lineOf(11, "10:00:11.000Z ERROR id 0a1b2c3d-0000-4000-8000-000000000000 lost", "error"),
    lineOf(12, "10:00:12.000Z ERROR id 9a1b2c3d-0000-4000-8000-00000000000f lost", "error"),
  ];
  const found = tally(lines, queryOf({ mode: "patterns", limit: 5 }), true);
  expect(found.patterns).toMatchObject([
    { text: "INFO user <*> in <*>ms", count: 10, level: "info", firstMs: 0, lastMs: 9_000 },
    { text: "ERROR id <*> lost", count: 2, level: "error" },
  ]);
  expect(found).toMatchObject({ total: 12, otherPatterns: 0, shown: [] });
});

test("patterns over the limit are counted", () => {
  const words = ["alpha", "beta", "gamma"];
  const lines = words.flatMap((word, index) =>
    Array.from({ length: 3 - index }, () => lineOf(index, word)),
  );
  const found = tally(lines, queryOf({ mode: "patterns", limit: 1 }), true);
  expect(found.patterns.map(({ text }) => text)).toEqual(["alpha"]);
  expect(found.otherPatterns).toBe(3);
});

test("counts are of equal parts of the window", () => {
  const lines = [lineOf(0), lineOf(1), lineOf(23, "late", "error"), lineOf(23.5, "later")];
  const found = tally(lines, queryOf({ mode: "count" }), false);
  expect(found.counts).toHaveLength(24);
  expect(found.counts.filter((part) => part.lines > 0)).toEqual([
    { at: "1970-01-01T00:00:00.000Z", lines: 1, errors: 0 },
    { at: "1970-01-01T00:00:01.000Z", lines: 1, errors: 0 },
    { at: "1970-01-01T00:00:23.000Z", lines: 2, errors: 1 },
  ]);
});

test("what several sources have is put together in the order of time", () => {
  const query = queryOf({ limit: 3 });
  const all = new LogTally(query, "oldest_first");
  for (const parity of [0, 1]) {
    const one = new LogTally(query, "oldest_first");
    for (const line of ten.filter((_, index) => index % 2 === parity)) {
      one.add({ ...line, pod: `pod-${parity}` });
    }
    all.merge(one);
  }
  const found = all.findings(whole);
  expect(found.total).toBe(10);
  expect(found.shown.map(({ text, pod }) => `${pod} ${text}`)).toEqual([
    "pod-1 line 7",
    "pod-0 line 8",
    "pod-1 line 9",
  ]);
});
