import { expect, test } from "vitest";
import { tokenOfUser } from "./testing/open-test-logic.ts";
import { markOf, tokenOf } from "./token.ts";

const noQuery = new URLSearchParams();

test.each([
  ["Bearer abc", "abc"],
  ["bearer  abc", "abc"],
  ["abc", "abc"],
])("the header %j gives the token %j", (authorization, token) => {
  expect(tokenOf({ authorization }, noQuery)).toBe(token);
});

test("the header goes before the query", () => {
  expect(tokenOf({ authorization: "Bearer a" }, new URLSearchParams("token=b"))).toBe("a");
  expect(tokenOf({}, new URLSearchParams("token=b"))).toBe("b");
});

test.each([[""], ["Bearer"], ["Bearer "]])("the header %j gives no token", (authorization) => {
  expect(tokenOf({ authorization }, noQuery)).toBeUndefined();
});

test("what ends a token is read from its claims", () => {
  const claims = { exp: 1_769_427_043, iat: 1_769_340_643, sid: "s1" };
  expect(markOf(tokenOfUser("alice", claims))).toMatchObject({
    expiresAtMs: 1_769_427_043_000,
    issuedAt: 1_769_340_643,
    signInId: "s1",
  });
});

test.each([["abc"], ["a.b.c"], [tokenOfUser("alice")], [""]])(
  "the token %j never expires",
  (token) => {
    expect(markOf(token).expiresAtMs).toBeUndefined();
  },
);
