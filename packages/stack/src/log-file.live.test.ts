import { closeSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lastLines, openLogFile } from "./log-file.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-file-"));
  path = join(folder, "logs", "gateway.log");
  closeSync(openLogFile(path).fd);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a log that is too large is moved aside, in place of the one before", () => {
  writeFileSync(path, "first\n");
  closeSync(openLogFile(path, 5).fd);
  writeFileSync(path, "second\n");

  const log = openLogFile(path, 5);
  closeSync(log.fd);

  expect(log.startOffset).toBe(0);
  expect(readFileSync(`${path}.1`, "utf8")).toBe("second\n");
  expect(readFileSync(path, "utf8")).toBe("");
});

test("a log within its size is carried on", () => {
  writeFileSync(path, "first\n");

  const log = openLogFile(path, 6);
  closeSync(log.fd);

  expect(log.startOffset).toBe(6);
  expect(readFileSync(path, "utf8")).toBe("first\n");
});

test("the last lines are whole, and none lies before the offset", () => {
  writeFileSync(path, `old\n${"x".repeat(70_000)}\none\ntwo\n`);

  expect(lastLines(path, 10)).toEqual(["one", "two"]);
  expect(lastLines(path, 1)).toEqual(["two"]);
  expect(lastLines(path, 10, 4 + 70_001)).toEqual(["one", "two"]);
  expect(lastLines(path, 10, 4 + 70_001 + 8)).toEqual([]);
});
