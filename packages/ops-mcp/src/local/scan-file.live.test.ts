import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { everyLine, type LogQuery } from "../log-query.ts";
import { compileFilter } from "../text-filter.ts";
import { searchLog } from "./search-log.ts";

const start = Date.parse("2026-11-22T10:00:00.000Z");
const lines = 60_000;
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scan-"));
  path = join(folder, "large.log");
  const file = await open(path, "w");
  for (let from = 0; from < lines; from += 1_000) {
    const batch = Array.from({ length: 1_000 }, (_, index) => lineOf(from + index));
    await file.write(batch.join(""));
  }
  await file.close();
});
afterAll(() => rm(folder, { recursive: true }));

/** One a second; every 1,000th has a needle, every 5,000th a stack trace with one. */
function lineOf(number: number): string {
  const time = new Date(start + number * 1_000).toISOString();
  const isNeedle = number % 1_000 === 7;
  const level = number % 5_000 === 7 ? "error" : "info";
  const msg = `request ${number} ${isNeedle ? "Timeout of the upstream" : "was served"} 日志`;
  const line = `${JSON.stringify({ level, time, service: "gateway", pid: 1, msg })}\n`;
  const padding = `${JSON.stringify({ level: "debug", time, msg: "x".repeat(60) })}\n`;
  return number % 5_000 === 7
    ? `${line}    at upstream (timeout.ts:1)\n${padding}`
    : line + padding;
}

function search(query: Partial<LogQuery>) {
  const wanted: LogQuery = {
    ...everyLine({ fromMs: start, untilMs: start + lines * 1_000 }, 20_000),
    include: compileFilter("timeout"),
    ...query,
  };
  return searchLog([path], wanted, AbortSignal.timeout(25_000));
}

/** The same search, line by line: a context keeps it from looking at the filter's word only. */
async function byLine(query: Partial<LogQuery>) {
  const found = await search({ ...query, context: 1 });
  return { ...found, shown: found.shown.filter(({ isContext }) => !isContext) };
}

test.each<[string, Partial<LogQuery>]>([
  ["everything", {}],
  ["a window", { fromMs: start + 20_000_500, untilMs: start + 40_007_000 }],
  ["a level", { lowest: "error" }],
  ["what is to be left out", { exclude: compileFilter("request 1\\d") }],
  ["an expression", { include: compileFilter("timeout (of|to) the") }],
  ["the page after", { limit: 7, skip: 14 }],
])("a large file gives the same by its words as by its lines: %s", async (_, query) => {
  const fast = await search(query);
  const slow = await byLine(query);
  expect(fast.linesInWindow).toBeNull();
  expect(fast.total).toBe(slow.total);
  expect(fast.total).toBeGreaterThan(10);
  expect(fast.byLevel).toEqual(slow.byLevel);
  expect(fast.shown).toEqual(slow.shown);
  expect(fast.firstError).toEqual(slow.firstError);
  expect(fast.complete).toBe(true);
});

test("a stack trace below a line counts with the line's severity", async () => {
  const found = await search({ lowest: "error", include: compileFilter("timeout.ts") });
  expect(found.total).toBe(lines / 5_000);
  expect(found.shown[0]?.text).toContain("at upstream (timeout.ts:1)");
});

test("a window at the very end or before the beginning is found without reading the rest", async () => {
  const last = await search({ fromMs: start + (lines - 1_000) * 1_000 });
  expect(last.total).toBe(1);
  const none = await search({ fromMs: start - 7_200_000, untilMs: start - 3_600_000 });
  expect(none).toMatchObject({ total: 0, complete: true });
});
