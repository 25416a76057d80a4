import { expect, test } from "vitest";
import { asksForUsage, parseAskArguments } from "./ask-arguments.ts";

test("a question alone is asked by admin, for two minutes at most", () => {
  expect(parseAskArguments(["帮我查看 Gateway 的日志"])).toEqual({
    question: "帮我查看 Gateway 的日志",
    timeoutMs: 120_000,
    url: undefined,
    user: "admin",
  });
});

test("words without quotes are one question", () => {
  expect(parseAskArguments(["show", "the", "logs"]).question).toBe("show the logs");
});

test("options may stand before and behind the question", () => {
  const words = ["--timeout", "1.5", "why?", "--url", "https://chat.example", "--user", "alice"];

  expect(parseAskArguments(words)).toEqual({
    question: "why?",
    timeoutMs: 1_500,
    url: "https://chat.example",
    user: "alice",
  });
});

test("a question that begins with a dash stands behind a double dash", () => {
  expect(parseAskArguments(["--", "-v?"]).question).toBe("-v?");
});

test.each([
  [[], "there is no question"],
  [["  "], "there is no question"],
  [["why?", "--timeout", "soon"], "--timeout must be a number of seconds"],
  [["why?", "--timeout", "0"], "--timeout must be a number of seconds"],
  [["why?", "--url", "localhost:8080"], "--url must look like http://localhost:8080"],
  [["why?", "--user", ""], "--user is empty"],
  [["why?", "--colour"], "Unknown option '--colour'"],
  [["why?", "--timeout"], "argument missing"],
])("%j is refused", (words, reason) => {
  expect(() => parseAskArguments(words)).toThrow(reason);
  expect(() => parseAskArguments(words)).toThrow(TypeError);
});

test("--help alone asks how to ask; beside other words it is part of no question", () => {
  expect([["--help"], ["-h"]].map(asksForUsage)).toEqual([true, true]);
  expect(asksForUsage(["show", "--help"])).toBe(false);
});
