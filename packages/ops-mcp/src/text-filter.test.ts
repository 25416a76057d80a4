import { expect, test } from "vitest";
import { compileFilter } from "./text-filter.ts";

test("a plain text is found anywhere, without regard to case", () => {
  const filter = compileFilter("Connection Refused");
  expect(filter.kind).toBe("literal");
  expect(filter.matches("nats: connection refused by 127.0.0.1")).toBe(true);
  expect(filter.matches("connection reset")).toBe(false);
});

test("alternatives are joined with a bar", () => {
  const filter = compileFilter("timeout|refused|超时");
  expect(filter.kind).toBe("pattern");
  expect(filter.matches("read TIMEOUT")).toBe(true);
  expect(filter.matches("请求超时")).toBe(true);
  expect(filter.matches("ok")).toBe(false);
});

test.each(["5\\d\\d", "5[0-9][0-9]", "5[0-9]\\d"])("%s finds 500 to 599 and not 404", (text) => {
  const filter = compileFilter(text);
  expect(filter.matches("status=500")).toBe(true);
  expect(filter.matches("status=599")).toBe(true);
  expect(filter.matches("status=404")).toBe(false);
});

test.each(["502", "5\\d\\d", "404|502"])("%s is a number of its own", (text) => {
  const filter = compileFilter(text);
  const found = ["status=502", 'HTTP/1.1" 502 157', '{"status":502,"id":1}', "返回502错误", "502"];
  const others = ["id=81502", "user502", "5021", "502ms", "10:00:00.502Z", "10.0.0.502", "a502b"];
  expect(found.filter(filter.matches)).toEqual(found);
  expect(others.filter(filter.matches)).toEqual([]);
});

test("a longer number may be part of an id", () => {
  expect(compileFilter("10086").matches("user10086 left")).toBe(true);
  expect(compileFilter("user=502").matches("user=5021")).toBe(true);
});

test("pieces around .* are looked for in order", () => {
  const filter = compileFilter("gateway.*closed");
  expect(filter.matches("gateway: socket closed")).toBe(true);
  expect(filter.matches("closed by gateway")).toBe(false);
});

test.each([
  ["status=(500|502)$", "GET / status=502", "GET / status=5020"],
  ["^fatal", "FATAL: no space", "not fatal"],
  ["retr(y|ies) \\d+", "Retries 3", "retrying"],
  ["a{2,}b", "caaab", "cab"],
  ["[^0-9]7$", "x7", "17"],
])("%s is read as RE2 reads it", (text, match, other) => {
  const filter = compileFilter(text);
  expect(filter.kind).toBe("pattern");
  expect(filter.matches(match)).toBe(true);
  expect(filter.matches(other)).toBe(false);
});

test.each(["call(", "a[", "*.log", "\\"])("%s is no expression, and taken literally", (text) => {
  const filter = compileFilter(text);
  expect(filter.kind).toBe("literal");
  expect(filter.matches(`before ${text} after`)).toBe(true);
  expect(filter.matches("before after")).toBe(false);
});

test.each([
  "connection refused",
  "timeout|超时",
  "gateway.*closed",
  "ÉTAT",
  "retries? \\d+",
  "user=b[oa]b",
])("what %s finds is found in bytes, too", (text) => {
  const filter = compileFilter(text);
  const lines = [
    "NATS: Connection REFUSED",
    "read timeout",
    "请求超时",
    "gateway: socket closed",
    "état: ouvert",
    "retries 3",
    "user=bob",
  ];
  for (const line of lines.filter(filter.matches)) {
    const bytes = Buffer.from(`before ${line} after`, "utf8");
    expect(filter.prefilter?.next(bytes, 0, bytes.length)).toBeGreaterThan(0);
  }
  expect(lines.some(filter.matches)).toBe(true);
});

test("a dot is a dot, and an escaped operator is itself", () => {
  expect(compileFilter("10.0.0.1").matches("10.0.0.1")).toBe(true);
  expect(compileFilter("10.0.0.1").matches("10a0b0c1")).toBe(false);
  expect(compileFilter("f\\(x\\)").matches("call f(x) failed")).toBe(true);
  expect(compileFilter("a/b-c {d}").matches("path a/b-c {d}")).toBe(true);
});

test("no text makes matching slow", () => {
  const line = "a".repeat(64 * 1024);
  const started = performance.now();
  for (const text of ["(a*)*b", "a.*a.*a.*a.*a.*b", "(a|a)*b", `${"a".repeat(199)}b`]) {
    expect(compileFilter(text).matches(line)).toBe(false);
  }
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("a text of bars and spaces only is literal", () => {
  expect(compileFilter("|").matches("a|b")).toBe(true);
  expect(compileFilter("|").matches("ab")).toBe(false);
});
