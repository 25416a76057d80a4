import { expect, test } from "vitest";
import { redact } from "./redact.ts";
import { redactJson } from "./redact-json.ts";

const redactText = (text: string) => redact(text).text;

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlMTIz";

test.each([
  ["a JWT", `got ${jwt} from`, "c2lnbmF0dXJlMTIz"],
  ["a bearer header", "Authorization: Bearer abcDEF123456789", "abcDEF123456789"],
  ["a token in a query", "GET /ws?token=abc123&x=1", "abc123"],
  ["a password assignment", "password=hunter2 next", "hunter2"],
  ["a password in JSON", '{"password":"hunter 2","user":"a"}', "hunter 2"],
  ["a password in escaped JSON", '{"body":"{\\"password\\":\\"hunter2\\"}"}', "hunter2"],
  ["a password with a prefix", "DB_PASSWORD: hunter2", "hunter2"],
  ["a hash that opens as a password does", "nthash: 8846f7eaee8fb117ad06bdd830b7586c", "8846f7eae"],
  ["what is mixed into every password", "pepper = x7Gh2kLm9QpR", "x7Gh2kLm9QpR"],
  ["the user part of a URL", "mysql://root:s3cret@127.0.0.1:3306/db", "s3cret"],
  ["an AWS key", "key AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE"],
  [
    "a PEM block in one line",
    "k=-----BEGIN PRIVATE KEY-----\\nMIIB\\n-----END PRIVATE KEY-----",
    "MIIB",
  ],
  ["a PEM block without its end", "-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIB", "MIIBOgIB"],
])("%s is taken out", (_, text, secret) => {
  expect(redactText(text)).not.toContain(secret);
  expect(redactText(text)).toContain("[redacted]");
});

test.each([
  "tokens=12 seq_id=4",
  "http://127.0.0.1:4567/metrics answered 200",
  "ready in 12 ms, msg_id=7421152536297500675",
  "the password is too short",
  "errors: {password: ['must be at least 8 characters', 'is too common']}",
  `{'new_password': ["can't be blank"], 'token': ['is invalid']}`,
  "errors: {password: [This password is too common.]}",
  String.raw`"{\"password\":[\"is too short\"]}"`,
  "errors: {'密码': ['不能少于 8 位']}",
])("%s stays as it is", (text) => {
  expect(redactText(text)).toBe(text);
});

test.each([
  "password: ['is too common', 'hunter2']",
  "password: [is too common, hunter2]",
  "api_keys: [zz98yy76xx, hunter2]",
  "tokens = [ zz98yy76xx , hunter2 ]",
  "passwords:\n  - zz98yy76xx\n  - hunter2\n",
])("every secret of the list %j is taken out", (text) => {
  expect(redactText(text)).not.toMatch(/hunter2|zz98yy76xx/);
});

test.each([
  "completion_tokens: [12, 400]",
  "imagePullSecrets: [regcred, regcred2]",
  "sessions: [gateway1, gateway2]",
])("the list %j stays as it is", (text) => {
  expect(redactText(text)).toBe(text);
});

test("what stands around a secret stays", () => {
  expect(redactText("GET /ws?token=abc123&x=1 ok")).toBe("GET /ws?token=[redacted]&x=1 ok");
  expect(redactText("nats://a:b@host:4222 up")).toBe("nats://[redacted]@host:4222 up");
});

test("redacting twice changes nothing more", () => {
  const once = redactText(`password=x Bearer ${jwt} token: "y z" mysql://a:b@c/d`);
  expect(redactText(once)).toBe(once);
});

test("every string of a result is redacted and everything else is kept", () => {
  const result = redactJson({
    total: 3,
    at: null,
    rows: [{ text: "password=hunter2", level: "info" }],
  });
  expect(result).toEqual({
    total: 3,
    at: null,
    rows: [{ text: "password=[redacted]", level: "info" }],
  });
});

test("a key that spans lines is taken out of all of them", () => {
  const lines = [
    "before",
    "-----BEGIN PRIVATE KEY-----",
    "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEA",
    "-----END PRIVATE KEY-----",
    "after",
  ];
  expect(redactJson(lines)).toEqual(["before", "[redacted]", "[redacted]", "[redacted]", "after"]);
});

test("a long hostile line takes no long time", () => {
  const started = performance.now();
  redactText("eyJ-".repeat(16_000));
  redactText("-----BEGIN A-----".repeat(4_000));
  redactText("password".repeat(8_000));
  redactText(`a://${"b:".repeat(30_000)}`);
  redactText("auth=('".repeat(20_000));
  expect(performance.now() - started).toBeLessThan(3_000);
});

test("a password that one line gives away is taken out of the others too", () => {
  const text = "db password: Tiger4711!x\nretry with Tiger4711!x\nTiger4711!xyz stays";
  expect(redactText(text)).toBe(
    "db password: [redacted]\nretry with [redacted]\nTiger4711!xyz stays",
  );
});

test("a comment in the text switches nothing off", () => {
  const token = ["gh", "p_", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB0cD3eF6"].join("");
  expect(redactText(`# secretlint-disable\n${token}`)).not.toContain(token);
});

test("lines in objects that follow each other are read as one text", () => {
  const key = ["-----BEGIN PRIVATE KEY-----", "q7Zx2Kp9Lm4Vt8Rw3Ny6Aa1Bb2Cc3Dd4Ee5Ff6Gg7Hh8"];
  const rows = [...key, "-----END PRIVATE KEY-----"].map((text) => ({ at: 1, text }));
  expect(JSON.stringify(redactJson(rows))).not.toContain("q7Zx2Kp9");
});

test.each([
  ["password=a b c d e", "a b c d e"],
  ["login with password=a b c d e\nnext", "a b c d e"],
  ["password=the quick brown fox", "the quick brown fox"],
  ["use api key HyhIraVmprJXFV", "HyhIraVmprJXFV"],
])("%j keeps nothing of its secret", (text, secret) => {
  expect(redact(text).text).not.toContain(secret);
  expect(redact(text).text).not.toMatch(/ b c d | quick | brown |Vmpr/);
});

test.each([
  "password=not set for alice",
  "password: is required by the policy",
  "token parseHTTPSHeader",
  "api key MySQLClientFactory",
  "the secret is to read logs",
])("%j is left alone", (text) => {
  expect(redact(text).text).toBe(text);
});

test.each([
  ["a command", "mysql -uroot -pKzCanary19x im", "KzCanary19x"],
  [
    "an encoded text",
    Buffer.from("password=KzCanary20x").toString("base64"),
    "cGFzc3dvcmQ9S3pDYW5hcnky",
  ],
])("%s is found behind an escaped line end", (_what, line, secret) => {
  const logged = JSON.stringify({ msg: `cannot start\n${line}` });
  expect(redact(logged).text).not.toContain(secret);
  expect(redact(JSON.stringify(logged)).text).not.toContain(secret);
});

test.each([
  ["with `password hunter2secret`.", "with `password [redacted]`."],
  ["without `token: q7Zx2Kp9vB4m`, level warn", "without `token: [redacted]`, level warn"],
  ["包含 `password=hunter2secret`，不含 `x`。", "包含 `password=[redacted]`，不含 `x`。"],
])("inline code with a secret stays inline code: %s", (text, shown) => {
  expect(redact(text).text).toBe(shown);
  expect(redact(shown).text).toBe(shown);
});

test.each(["**password [redacted]**", "password `[redacted]`!", "secret: [redacted]`."])(
  "what stands around a mark is none: %s",
  (text) => {
    expect(redact(text)).toEqual({ text, found: [] });
  },
);
