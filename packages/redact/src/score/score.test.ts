import { expect, test } from "vitest";
import { benignRows } from "./corpus/benign-rows.ts";
import { secretRows } from "./corpus/secret-rows.ts";
import { leakIn } from "./leaks.ts";
import { report } from "./report.ts";
import { parseSecretRows } from "./rows.ts";
import { padded } from "./score-secrets.ts";

test("no secret of our own set leaks, and ordinary lines stay as they are", () => {
  const secrets = secretRows(1, 6);
  const benign = benignRows(1);

  const { text, isGood } = report(secrets, benign);

  expect(new Set(secrets.map((row) => row.kind)).size).toBeGreaterThanOrEqual(25);
  expect(secrets.length).toBeGreaterThanOrEqual(300);
  expect(benign.length).toBeGreaterThanOrEqual(400);
  expect(isGood ? "" : text).toBe("");
}, 120_000);

test("eight characters of a secret in a row are a leak, ordinary words are none", () => {
  expect(leakIn("x 7Gh2kL9p y", "aaa7Gh2kL9pbbb")).toBe("7Gh2kL9p");
  expect(leakIn("the horse battery", "correct horse battery 17")).toBeUndefined();
  expect(leakIn("ends in k9", "abc-k9", ["k9"])).toBe("k9");
});

test("padding puts the middle of the secret at the byte that is asked for", () => {
  const { text, edge } = padded({
    id: "1",
    kind: "k",
    text: "密码 abcd",
    secret: "abcd",
    padTo: 500,
  });

  expect(edge).toBe(500);
  expect(Buffer.from(text).subarray(498, 502).toString()).toBe("abcd");
  expect(text.slice(0, text.indexOf("密码")).endsWith("\n")).toBe(true);
});

test("a row of another form is named by its line", () => {
  expect(() => parseSecretRows('{"id":1,"kind":"k","text":"t","secret":"s"}\n{"id":2}')).toThrow(
    "line 2",
  );
});
