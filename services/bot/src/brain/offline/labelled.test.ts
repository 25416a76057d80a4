import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isGoodEnough, type LabelledRow, parseLabelled, score } from "./score.ts";
import { understand } from "./understand.ts";

const rows = parseLabelled(readFileSync(join(import.meta.dirname, "labelled.jsonl"), "utf8"));

// Over a thousand utterances take seconds beside other tests.
const timeout = 60_000;

test("the labelled utterances are understood, and no restart is ever guessed", { timeout }, () => {
  const result = score(rows);

  expect(result.rows).toBeGreaterThanOrEqual(300);
  expect(isGoodEnough(result) ? [] : result.misses).toEqual([]);
  expect(result.guessedWrites).toEqual([]);
});

// Nobody looks into this set while working on the rules: what is learnt from goes into the other.
const unseen = parseLabelled(
  readFileSync(join(import.meta.dirname, "labelled-unseen.jsonl"), "utf8"),
);

test("utterances that the rules were not made with are understood, and no restart is guessed", {
  timeout,
}, () => {
  const { misses, ...result } = score(unseen);

  expect(result.guessedWrites.length).toBe(0);
  expect(isGoodEnough({ ...result, misses })).toBe(true);
});

test("a third of all labelled utterances is unseen, and none is in both sets", () => {
  const key = ({ context, text }: LabelledRow) => `${context ?? ""}\n${text.toLowerCase()}`;
  const seen = new Set(rows.map(key));

  expect(unseen.filter((row) => seen.has(key(row))).length).toBe(0);
  expect(unseen.length / (unseen.length + rows.length)).toBeGreaterThanOrEqual(1 / 3);
});

test("a wrong intent, a wrong argument and a guessed restart are counted", () => {
  const row = { id: "a", lang: "en" as const, context: null };
  const result = score([
    { ...row, text: "show gateway logs", intent: "get_logs", args: { service: "gateway" } },
    { ...row, text: "show gateway logs", intent: "get_logs", args: { service: "logic" } },
    { ...row, text: "restart logic", intent: "unknown", args: {} },
  ]);
  expect(result).toMatchObject({ rows: 3, intentRight: 2, allRight: 1 });
  expect(result.guessedWrites.map(({ text }) => text)).toEqual(["restart logic"]);
  expect(result.byIntent).toMatchObject({ get_logs: { rows: 2, allRight: 1 } });
  expect(isGoodEnough(result)).toBe(false);
});

test.each(["a或", '"', "messages sent ", "compared to ", "重启"])(
  "%s, repeated, takes no long time",
  (piece) => {
    const text = piece.repeat(60_000 / piece.length);
    const started = performance.now();
    understand(text, understand(text, null));
    expect(performance.now() - started).toBeLessThan(10_000);
  },
);

test.each([
  ["alternatives in another order", { include: "503|502" }, { include: "502|503" }],
  ["another case", { include: "Timeout" }, { include: "timeout" }],
  ["another pattern for all of 5xx", { include: "5\\d\\d" }, { include: "5[0-9]{2}" }],
])("%s is no mistake", (_, said, wanted) => {
  const text = `gateway logs with ${said.include === "5\\d\\d" ? "5xx" : said.include.replace("|", " or ")}`;
  const row = { id: "a", lang: "en", context: null, text, intent: "get_logs" };

  const result = score([{ ...row, args: { service: "gateway", ...wanted } }]);

  expect(result.misses).toEqual([]);
});
