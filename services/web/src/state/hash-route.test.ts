import { expect, test } from "vitest";
import { hashOfSession, sessionOfHash } from "./hash-route.ts";

test.each(["0", "single:alice:ops-bot", "group:7", "single:a%b:王 五"])(
  "the address of %s leads back to it",
  (sessionId) => {
    expect(sessionOfHash(hashOfSession(sessionId))).toBe(sessionId);
  },
);

test("an address without a session, or a broken one, names none", () => {
  expect(sessionOfHash("")).toBeUndefined();
  expect(sessionOfHash("#")).toBeUndefined();
  expect(sessionOfHash("#%E0%A4%A")).toBeUndefined();
});
