import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { natsAuthorization } from "./authorization.ts";

const shipped = new URL("../../../deploy/nats.conf", import.meta.url);

test("the shipped configuration has the accounts and rights of this code", () => {
  const authorization = natsAuthorization((user) => `$RESONANCE_NATS_${user.toUpperCase()}`);

  expect(readFileSync(shipped, "utf8")).toContain(authorization);
});

test("a password is quoted, and a name of the environment is not", () => {
  const text = natsAuthorization((user) => (user === "bot" ? 'a"b' : "$SECRET"));

  expect(text).toContain('user: bot, password: "a\\"b"');
  expect(text).toContain("user: task, password: $SECRET");
});
