import { expect, test } from "vitest";
import { createRedaction } from "./create-redaction.ts";
import { redact } from "./redact.ts";
import { redactJson } from "./redact-json.ts";
import { redactedMark } from "./span.ts";

const password = ["Sommer", "2024!"].join("");

test("what had no secret is searched once, and what had one each time", () => {
  const searched: string[] = [];
  const redaction = createRedaction((text) => {
    searched.push(text);
    return redact(text).text;
  });

  for (let time = 0; time < 3; time++) {
    expect(redaction.text("all is well")).toBe("all is well");
    expect(redaction.text(`password=${password}`)).toBe(`password=${redactedMark}`);
  }

  expect(searched.filter((text) => text === "all is well")).toHaveLength(1);
  expect(searched.filter((text) => text !== "all is well")).toHaveLength(3);
});

test("a value is redacted as without memory, the first and the second time", () => {
  const value = {
    password,
    lines: ["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "said alice"],
    rows: [{ text: "user=root" }, { text: `DB_PASSWORD=${password}` }],
    env: { name: "DB_PASSWORD", value: password },
  };
  const redaction = createRedaction();

  for (let time = 0; time < 2; time++) expect(redaction.json(value)).toEqual(redactJson(value));
});

test("a search that fails is no answer, and is made again", () => {
  let isBroken = true;
  const redaction = createRedaction((text) => {
    if (isBroken) throw new Error("broken");
    return text;
  });

  expect(() => redaction.text("hello")).toThrow("broken");
  isBroken = false;

  expect(redaction.text("hello")).toBe("hello");
});
