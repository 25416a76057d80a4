import { expect, test } from "vitest";
import { formatLine } from "./format-line.ts";
import { readHead } from "./log-line.ts";

function format(raw: string, omittedBytes = 0) {
  const head = readHead(raw);
  return formatLine(raw, { atMs: head.atMs, level: head.level ?? "info" }, omittedBytes);
}

test("a JSON line is shown compactly, its values as they stand", () => {
  const raw =
    '{"level":"info","time":"2026-11-22T10:30:00.123Z","service":"gateway","pid":7,"msg":"socket opened","user":"alice","ms":12,"why":"a b","list":[1,2]}';
  const line = format(raw);
  expect(line.text).toBe('10:30:00.123Z INFO socket opened user=alice ms=12 why="a b" list=[1,2]');
  expect(line.at).toBe("2026-11-22T10:30:00.123Z");
  expect(line.raw).toBe(raw);
});

test("an error is shown by its message and code, its stack only in the raw line", () => {
  const line = format(
    '{"level":"error","time":"2026-11-22T10:30:00.123Z","err":{"type":"Error","message":"connect ECONNREFUSED","stack":"Error: at x","code":"E1"},"msg":"call failed"}',
  );
  expect(line.text).toBe('10:30:00.123Z ERROR call failed err="connect ECONNREFUSED" code="E1"');
  expect(line.raw).toContain("Error: at x");
});

test("any other line is shown as it is", () => {
  const raw = "[42] 2026/11/22 10:30:00.123456 [INF] Server is ready";
  expect(format(raw).text).toBe(raw);
});

test("control characters become visible", () => {
  expect(format("a\u001b[31mred\u202e\tb").text).toBe("a\\u001b[31mred\\u202e\tb");
  expect(format('{"level":"info","msg":"two\\nlines"}').text).toBe("INFO two\\nlines");
});

test("a secret is taken out, also where the line is cut", () => {
  const line = format(`{"level":"info","msg":"${"x".repeat(985)} password=hunter2"}`);
  expect(line.text).not.toContain("hunter");
  expect(line.raw).not.toContain("hunter");
});

test("a long line is cut with a mark that says how much is missing", () => {
  const line = format("é".repeat(32_768), 70);
  expect(line.text).toBe(`${"é".repeat(1_000)} …(+31768 characters) …(+70 bytes)`);
});

test("a cut never halves a character", () => {
  const line = format(`${"x".repeat(999)}😀😀`);
  expect(line.text.isWellFormed()).toBe(true);
});
