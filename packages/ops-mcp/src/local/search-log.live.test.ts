import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { everyLine, type LogQuery } from "../log-query.ts";
import { compileFilter } from "../text-filter.ts";
import { searchLog } from "./search-log.ts";

const start = Date.parse("2026-11-22T10:00:00.000Z");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "search-"));
});
afterAll(() => rm(folder, { recursive: true }));

function line(second: number, msg: string, level = "info"): string {
  const time = new Date(start + second * 1_000).toISOString();
  return JSON.stringify({ level, time, service: "gateway", pid: 1, msg });
}

function search(paths: readonly string[], query: Partial<LogQuery> = {}) {
  const everything = everyLine({ fromMs: start, untilMs: start + 3_600_000 }, 20_000);
  return searchLog(paths, { ...everything, ...query }, AbortSignal.timeout(25_000));
}

async function logOf(lines: readonly string[], name = `${Math.random()}.log`): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, lines.map((text) => `${text}\n`).join(""));
  return path;
}

test("matches are counted by level and the last of them shown, oldest first", async () => {
  const path = await logOf([
    line(1, "a"),
    line(2, "b", "error"),
    line(3, "c"),
    line(4, "d", "warn"),
  ]);
  const found = await search([path], { limit: 2 });
  expect(found.total).toBe(4);
  expect(found.shown.map(({ text }) => text)).toEqual([
    "10:00:03.000Z INFO c",
    "10:00:04.000Z WARN d",
  ]);
  expect(found.byLevel).toMatchObject({ info: 2, warn: 1, error: 1 });
  expect(found.firstError?.text).toBe("10:00:02.000Z ERROR b");
  expect(found.complete).toBe(true);
});

test("only lines of the window count, its end excluded", async () => {
  const path = await logOf([
    line(-1, "before"),
    line(0, "first"),
    line(9, "last"),
    line(10, "end"),
  ]);
  const found = await search([path], { untilMs: start + 10_000 });
  expect(found.shown.map(({ text }) => text.split(" ").at(-1))).toEqual(["first", "last"]);
});

test("lines slightly out of order are found", async () => {
  const path = await logOf([line(5, "a"), line(-3, "too early"), line(6, "b")]);
  expect((await search([path])).total).toBe(2);
});

test("level, include and exclude all have to fit", async () => {
  const path = await logOf([
    line(1, "status 502", "error"),
    line(2, "status 404", "error"),
    line(3, "status 503 from healthcheck", "error"),
    line(4, "status 502"),
    line(5, "status 429", "warn"),
  ]);
  const found = await search([path], {
    lowest: "warn",
    include: compileFilter("5\\d\\d"),
    exclude: compileFilter("HEALTHCHECK"),
  });
  expect(found.shown.map(({ text }) => text)).toEqual(["10:00:01.000Z ERROR status 502"]);
  expect(found).toMatchObject({ linesInWindow: 5, warningsInWindow: 1 });
});

test("a filter does not see the name that every line bears", async () => {
  const path = await logOf([line(1, "a"), line(2, "the gateway is ready")]);
  expect((await search([path], { include: compileFilter("gateway") })).total).toBe(1);
});

test("lines without a time belong to the line above them", async () => {
  const path = await logOf([
    line(-60, "out of the window"),
    "    at old (a.ts:1:1)",
    line(1, "in the window", "error"),
    "TypeError: x is not a function",
    "    at young (b.ts:1:1)",
    line(2, "quiet"),
    "node:internal: thrown",
    "Error: late",
  ]);
  const found = await search([path], { lowest: "error" });
  expect(found.shown.map(({ text }) => text)).toEqual([
    "10:00:01.000Z ERROR in the window",
    "TypeError: x is not a function",
    "    at young (b.ts:1:1)",
    "Error: late",
  ]);
});

test("a log in which no line has a time is shown and counted whole", async () => {
  const lines = Array.from({ length: 2_500 }, (_, index) => `plain ${index}`);
  const found = await search([await logOf(lines)], { limit: 2 });
  expect(found.total).toBe(2_500);
  expect(found.shown.map(({ text }) => text)).toEqual(["plain 2498", "plain 2499"]);
});

test("half a JSON line at the end is left out until it is written", async () => {
  const path = join(folder, "half.log");
  await writeFile(path, `${line(1, "whole")}\n${line(2, "half").slice(0, 40)}`);
  expect((await search([path])).total).toBe(1);
});

test("a file that was rotated away is read on where the window reaches into it", async () => {
  const older = await logOf([line(1, "a"), line(2, "b")], "rotated.log.1");
  const newer = await logOf([line(3, "c")], "rotated.log");
  expect((await search([newer, older])).shown).toHaveLength(3);
  expect((await search([newer, older, join(folder, "gone.log.2")])).total).toBe(3);
});

test("when the time is over the result is marked incomplete", async () => {
  const path = await logOf([line(1, "a")]);
  const found = await search([path], { budgetMs: -1 });
  expect(found.complete).toBe(false);
  expect(found.incompleteBecause).toBe("out_of_time");
});

test("a line of megabytes is shown by its beginning", async () => {
  const path = await logOf([line(1, "x".repeat(3_000_000)), line(2, "b")]);
  const found = await search([path]);
  expect(found.total).toBe(2);
  expect(found.shown[0]?.text.length).toBeLessThan(1_200);
  expect(found.shown[0]?.text).toContain("bytes)");
});

test("a small window of a large log reads only the end of it", async () => {
  const path = join(folder, "large.log");
  // 1 GiB, most of it a hole that a whole read would have to swallow.
  const end = `\n${line(-7_200, "long ago")}\n${line(10, "near the end")}\n`;
  {
    await using file = await open(path, "w");
    await file.write(end, 1024 ** 3);
  }
  const before = process.memoryUsage.rss();
  const found = await search([path]);
  expect(found.shown.map(({ text }) => text)).toEqual(["10:00:10.000Z INFO near the end"]);
  expect(found.complete).toBe(true);
  expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 ** 2);
});

test("a window over 50 MB of lines counts them all in bounded memory", async () => {
  const path = join(folder, "fifty.log");
  const block = Array.from({ length: 1_000 }, (_, i) => `${line(i, `request ${i} served`)}\n`).join(
    "",
  );
  const blocks = Math.ceil((50 * 1024 ** 2) / block.length);
  {
    await using file = await open(path, "w");
    // One time for all blocks would be out of order; the window takes them all in any order.
    for (let index = 0; index < blocks; index++) await file.write(block);
  }
  const before = process.memoryUsage.rss();
  const found = await search([path], { fromMs: start - 3_600_000 });
  expect(found.total).toBe(blocks * 1_000);
  expect(found.complete).toBe(true);
  expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 ** 2);
});
