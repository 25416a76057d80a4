import { appendFile, mkdtemp, open, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linesBackwards, type RawLine, type ReadOptions } from "./lines-backwards.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lines-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Uint8Array, options: ReadOptions = {}): Promise<RawLine[]> {
  const path = join(folder, `${Math.random()}.log`);
  await writeFile(path, content);
  await using file = await open(path);
  const lines: RawLine[] = [];
  for await (const batch of linesBackwards(file, options, AbortSignal.timeout(5_000))) {
    lines.push(...batch);
  }
  return lines;
}

test.each([1, 2, 3, 5, 7, 1024])("lines come last first, with chunks of %d bytes", async (size) => {
  const lines = await read("one\ntwo\n\nthrée 四\n", { chunkBytes: size });
  expect(lines.map(({ text }) => text)).toEqual(["thrée 四", "", "two", "one"]);
  expect(lines.every(({ unfinished }) => !unfinished)).toBe(true);
});

test("an empty file has no lines", async () => {
  expect(await read("")).toEqual([]);
});

test("a file that begins with a line break begins with an empty line", async () => {
  expect((await read("\na\n", { chunkBytes: 2 })).map(({ text }) => text)).toEqual(["a", ""]);
});

test("a last line without a line break is unfinished", async () => {
  const lines = await read("one\ntw");
  expect(lines.map(({ unfinished }) => unfinished)).toEqual([true, false]);
});

test.each([3, 8, 4096])("of a long line the beginning is kept, with chunks of %d", async (size) => {
  const long = `head-${"x".repeat(5_000)}`;
  const lines = await read(`a\n${long}\nb\n`, { chunkBytes: size, maxLineBytes: 16 });
  expect(lines.map(({ text }) => text)).toEqual(["b", long.slice(0, 16), "a"]);
  expect(lines[1]?.omittedBytes).toBe(long.length - 16);
});

test("bytes that are no UTF-8 are replaced and the rest is kept", async () => {
  const lines = await read(Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a, 0x63, 0x0d, 0x0a]));
  expect(lines.map(({ text }) => text)).toEqual(["c", "a\uFFFD\uFFFDb"]);
});

test("what is appended while reading is not read", async () => {
  const path = join(folder, "appended.log");
  await writeFile(path, "one\ntwo\n");
  await using file = await open(path);
  const texts: string[] = [];
  for await (const batch of linesBackwards(file, { chunkBytes: 4 }, AbortSignal.timeout(5_000))) {
    await appendFile(path, "three\n");
    texts.push(...batch.map(({ text }) => text));
  }
  expect(texts).toEqual(["two", "one"]);
});

test("a file that is truncated while reading ends the reading and says so", async () => {
  const path = join(folder, "truncated.log");
  await writeFile(path, "one\ntwo\nthree\n");
  await using file = await open(path);
  let shrank = false;
  const options = { chunkBytes: 6, onShrunk: () => (shrank = true) };
  for await (const _ of linesBackwards(file, options, AbortSignal.timeout(5_000))) {
    await truncate(path, 0);
  }
  expect(shrank).toBe(true);
});

test("an aborted signal ends the reading", async () => {
  const path = join(folder, "aborted.log");
  await writeFile(path, "one\ntwo\n");
  await using file = await open(path);
  const lines = linesBackwards(file, {}, AbortSignal.abort(new Error("enough")));
  await expect(lines.next()).rejects.toThrow("enough");
});
