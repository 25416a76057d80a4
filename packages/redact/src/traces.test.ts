import { expect, test } from "vitest";
import { redact } from "./redact.ts";

test.each([
  ["<< PASS tulipLamp7", "tulipLamp7"],
  ['write(4, "a3 LOGIN kai tulip-7Lamp\\r\\n", 26) = 26', "tulip-7Lamp"],
  ["C: a2 login kai tulip-7Lamp", "tulip-7Lamp"],
  ["a1 AUTHENTICATE PLAIN AGthaQBSdiU5eFBsazIw", "AGthaQBSdiU5eFBsazIw"],
  ["log in as deploy with pass wl)q0*pK57", "wl)q0*pK57"],
  ["user `deploy` / pass `tulip`", "`tulip`"],
  ["Config(db=Db(host='x', password=SecretStr('kE7!mmQx22')))", "kE7!mmQx22"],
  ['token: Some(\n    Secret(\n        "kE7mmQx22",\n    ),\n)', "kE7mmQx22"],
  ["'kE7!mmQx22' | ConvertTo-SecureString -AsPlainText -Force", "kE7!mmQx22"],
  ["set the password to sunshine", "sunshine"],
  ["failed login for kai with password: letmein from 10.0.0.1", "letmein"],
  ['{"password":"must love dogs"}', "must love dogs"],
])("%j keeps nothing of its password", (text, secret) => {
  expect(redact(text).text).not.toContain(secret);
});

test("a token between bytes of 1 goes with the base64 that holds it", () => {
  const encoded = Buffer.from("n,a=kai,\u0001auth=Bearer R7xQz2Lm\u0001\u0001").toString("base64");
  expect(redact(`C: AUTH OAUTHBEARER ${encoded}`).text).toBe("C: AUTH OAUTHBEARER [redacted]");
});

test("a block of YAML without lines has nothing to hide", () => {
  expect(redact("password: |\n").text).toBe("password: |\n");
});

test("pairs and traces without an end are read once", () => {
  const started = performance.now();
  redact("user a pass ".repeat(4_000));
  redact("> a1 LOGIN ".repeat(4_000));
  redact("Some(Some(".repeat(4_000));
  redact("SecretStr('".repeat(4_000));
  expect(performance.now() - started).toBeLessThan(4_000);
});
