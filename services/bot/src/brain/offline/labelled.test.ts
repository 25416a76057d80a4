import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseLabelled, score } from "./score.ts";
import { understand } from "./understand.ts";

const rows = parseLabelled(readFileSync(join(import.meta.dirname, "labelled.jsonl"), "utf8"));

test("the labelled utterances are understood", () => {
  const result = score(rows);
  expect(result.rows).toBeGreaterThanOrEqual(300);
  expect(result.allRight / result.rows, result.mistakes.join("\n")).toBeGreaterThanOrEqual(0.97);
  expect(result.intentRight / result.rows).toBeGreaterThanOrEqual(0.98);
});

test("no restart is ever guessed", () => {
  expect(score(rows).guessedWrites).toBe(0);
});

test("a wrong intent, a wrong argument and a guessed restart are counted", () => {
  const row = { id: "a", lang: "en" as const, context: null };
  const result = score([
    { ...row, text: "show gateway logs", intent: "get_logs", args: { service: "gateway" } },
    { ...row, text: "show gateway logs", intent: "get_logs", args: { service: "logic" } },
    { ...row, text: "restart logic", intent: "unknown", args: {} },
  ]);
  expect(result).toMatchObject({ rows: 3, intentRight: 2, allRight: 1, guessedWrites: 1 });
});

test.each(["a或", '"', "messages sent ", "compared to ", "重启"])(
  "%s, repeated, takes no long time",
  (piece) => {
    const text = piece.repeat(60_000 / piece.length);
    const started = performance.now();
    understand(text, understand(text, null));
    expect(performance.now() - started).toBeLessThan(1_000);
  },
);
