import { expect, test } from "vitest";
import { corsHeaders, isAllowedOrigin } from "./origins.ts";

const allowed = new Set(["https://chat.example"]);

test.each([
  ["none", { host: "localhost:8080" }],
  ["the page's own", { host: "localhost:8080", origin: "http://localhost:8080" }],
  ["the page's own behind TLS", { host: "ops.example", origin: "https://ops.example" }],
  [
    "the page's own with the default port",
    { host: "ops.example:443", origin: "https://ops.example" },
  ],
  ["one on the list", { host: "localhost:8080", origin: "https://chat.example" }],
])("an origin is allowed: %s", (_, headers) => {
  expect(isAllowedOrigin(headers, allowed)).toBe(true);
});

test.each([
  ["another port", { host: "localhost:8080", origin: "http://localhost:8081" }],
  ["another host", { host: "localhost:8080", origin: "https://evil.example" }],
  ["one that begins like one on the list", { origin: "https://chat.example.evil", host: "x" }],
  ["another scheme than on the list", { origin: "http://chat.example", host: "x" }],
  ["null", { host: "localhost", origin: "null" }],
  ["no URL", { host: "localhost", origin: "localhost" }],
])("an origin is refused: %s", (_, headers) => {
  expect(isAllowedOrigin(headers, allowed)).toBe(false);
});

test("a refused origin is not named to the browser", () => {
  expect(corsHeaders({ host: "x", origin: "https://evil.example" }, allowed)).toEqual({
    vary: "Origin",
  });
});

test("an allowed origin is named alone, with the headers that Connect needs", () => {
  const headers = corsHeaders({ host: "x", origin: "https://chat.example" }, allowed);
  expect(headers["access-control-allow-origin"]).toBe("https://chat.example");
  const names = headers["access-control-allow-headers"]?.toLowerCase();
  for (const name of ["authorization", "content-type", "connect-protocol-version"]) {
    expect(names).toContain(name);
  }
});
