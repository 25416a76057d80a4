import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Row = { readonly id: string; readonly path: string | undefined; readonly text: string };

const table = readFileSync(new URL("PITFALLS.md", import.meta.url), "utf8");
const rows: Row[] = [
  ...table.matchAll(/^\| ([A-Z]\d+) \| (?:\[[^\]]+\]\(([^)]+)\))? ?\| (.+) \|$/gm),
].map(([, id = "", path, text = ""]) => ({ id, path, text }));

const known = { S: 18, L: 21, D: 5, R: 5, P: 8, T: 9, K: 6, M: 8, B: 14 };

test("every pitfall has its row", () => {
  const ids = Object.entries(known).flatMap(([letter, last]) =>
    Array.from({ length: last }, (_, index) => `${letter}${index + 1}`),
  );
  expect([...new Set(rows.map(({ id }) => id))]).toEqual(ids);
});

test("every test that the table names is there", () => {
  const missing = rows.filter(
    ({ path, text }) =>
      path !== undefined && !readFileSync(new URL(path, import.meta.url), "utf8").includes(text),
  );
  expect(missing).toEqual([]);
});
