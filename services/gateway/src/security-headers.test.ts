import { expect, test } from "vitest";
import { contentSecurityPolicy } from "./security-headers.ts";

test("the page may open sockets to its own host only", () => {
  expect(contentSecurityPolicy("localhost:8080")).toContain(
    "connect-src 'self' ws://localhost:8080 wss://localhost:8080;",
  );
});

test("nobody may frame the page, and nothing comes from elsewhere", () => {
  const policy = contentSecurityPolicy("localhost");
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
});

test.each([["x; script-src *"], ["a b"], [""], [undefined]])(
  "a strange host %j adds nothing",
  (host) => {
    expect(contentSecurityPolicy(host)).toContain("connect-src 'self';");
  },
);
