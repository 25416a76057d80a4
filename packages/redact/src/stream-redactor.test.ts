import { expect, test } from "vitest";
import { redact } from "./redact.ts";
import { StreamRedactor } from "./stream-redactor.ts";

const password = ["corr3ct", "h0rse"].join("-");
const line = (index: number) => `2026-11-26T10:00:00Z INFO gateway request ${index} took 12 ms\n`;
const lines = (count: number) => Array.from({ length: count }, (_, index) => line(index)).join("");

function stream(text: string, chunkLength: number): string {
  const redactor = new StreamRedactor();
  let result = "";
  for (let at = 0; at < text.length; at += chunkLength) {
    result += redactor.write(text.slice(at, at + chunkLength));
  }
  return result + redactor.end();
}

test.each([1_000, 4_096, 65_536])(
  "chunks of %d characters come out as the whole does",
  (length) => {
    const text = `${lines(900)}db_password=${password}\n${lines(900)}`;

    expect(stream(text, length)).toBe(redact(text).text);
  },
);

test("a key block longer than what is held back leaves nothing", () => {
  const body = Array.from({ length: 500 }, (_, index) =>
    Buffer.from(`${index}`.repeat(48).slice(0, 48)).toString("base64"),
  );
  const text = `${lines(50)}-----BEGIN RSA PRIVATE KEY-----\n${body.join("\n")}\n-----END RSA PRIVATE KEY-----\n${lines(300)}`;

  const result = stream(text, 3_000);

  expect(body.filter((piece) => result.includes(piece.slice(8, 24)))).toEqual([]);
  expect(result.endsWith(lines(300))).toBe(true);
});

test("a text without a line break is bounded, and its secret gone", () => {
  const text = `{"a":"${"x y,".repeat(100_000)}","password":"${password}","b":"${"x y,".repeat(100_000)}"}`;

  const result = stream(text, 50_000);

  expect(result).not.toContain(password.slice(0, 8));
  expect(result.length).toBeGreaterThan(700_000);
});

test("a value without an end is passed over", () => {
  const result = stream(`token=${"aB3".repeat(200_000)} then`, 50_000);

  expect(result).toMatch(/^(?:token=)?(?:\[redacted\])+ then$/);
});
