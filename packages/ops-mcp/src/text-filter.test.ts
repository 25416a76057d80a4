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

test("pieces around .* are looked for in order", () => {
  const filter = compileFilter("gateway.*closed");
  expect(filter.matches("gateway: socket closed")).toBe(true);
  expect(filter.matches("closed by gateway")).toBe(false);
});

test.each(["(a+)+$", "a{2,}", "x?y", "[^a]b", "^start"])("%s is taken literally", (text) => {
  const filter = compileFilter(text);
  expect(filter.kind).toBe("literal");
  expect(filter.matches(`before ${text} after`)).toBe(true);
  expect(filter.matches("aab")).toBe(false);
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
