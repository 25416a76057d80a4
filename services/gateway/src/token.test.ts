import { expect, test } from "vitest";
import { tokenOfUser } from "./testing/open-test-logic.ts";
import { expiryOf, tokenOf } from "./token.ts";

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

test("the expiry is read from the claims", () => {
  expect(expiryOf(tokenOfUser("alice", { exp: 1_769_427_043 }))).toBe(1_769_427_043_000);
});

test.each([["abc"], ["a.b.c"], [tokenOfUser("alice")], [""]])(
  "the token %j never expires",
  (token) => {
    expect(expiryOf(token)).toBeUndefined();
  },
);
