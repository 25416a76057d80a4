import { APICallError } from "@ai-sdk/provider";
import { describe, expect, test } from "vitest";
import { failureOf } from "./model-failure.ts";

const nowMs = Date.UTC(2026, 10, 22, 10, 30, 0);

function refused(statusCode: number, headers: Record<string, string> = {}) {
  const call = { url: "http://model", requestBodyValues: {}, responseHeaders: headers };
  return failureOf(new APICallError({ ...call, statusCode, message: "no" }), nowMs);
}

test.each([
  [400, "failed", false],
  [401, "key_problem", false],
  [402, "key_problem", false],
  [403, "key_problem", false],
  [404, "failed", false],
  [408, "timed_out", true],
  [409, "busy", true],
  [413, "too_long", false],
  [422, "failed", false],
  [429, "busy", true],
  [500, "failed", true],
  [501, "failed", true],
  [502, "offline", true],
  [503, "busy", true],
  [504, "timed_out", true],
  [529, "busy", true],
] as const)("a status of %i is %s; another try may help: %s", (status, kind, isRetryable) => {
  expect(refused(status)).toMatchObject({ kind, isRetryable, status });
});

describe("a provider that wants us to stay away says for how long", () => {
  test.each([
    ["in seconds", { "retry-after": "7" }, 7_000],
    ["until a date of HTTP", { "retry-after": "Sun, 22 Nov 2026 10:30:07 GMT" }, 7_000],
    ["until a date that has passed", { "retry-after": "Sun, 22 Nov 2026 10:29:00 GMT" }, 0],
    ["in milliseconds, which count first", { "retry-after-ms": "250", "retry-after": "7" }, 250],
    ["in words that nobody knows", { "retry-after": "soon" }, undefined],
    ["in a time below nothing", { "retry-after": "-7 s" }, undefined],
    ["with nothing", {}, undefined],
  ])("%s", (_how, headers, retryAfterMs) => {
    expect(refused(429, headers).retryAfterMs).toBe(retryAfterMs);
  });
});
