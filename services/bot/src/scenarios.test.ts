import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const table = readFileSync(new URL("../SCENARIOS.md", import.meta.url), "utf8");
const rows = [
  ...table.matchAll(/^\| (?!scenario|-)([^|]+) \| \[[^\]]+\]\(([^)]+)\) \| (.+) \|$/gm),
].map(([, scenario = "", path = "", name = ""]) => ({ scenario, path, name }));

/** What a release must pass, under its heading. */
const required: Readonly<Record<string, readonly string[]>> = {
  Honest: [
    "wrong namespace",
    "misspelt service",
    "no target",
    "no logs at all",
    "result cut",
    "no window named",
    "since last Thursday",
    "permission denied by the cluster",
    "integration missing",
    "tool that does not exist",
    "healthy system",
    "noisy but recovered",
    "two faults at once",
    "red herring",
  ],
  "Faults found": [
    "crash loop",
    "OOM kill",
    "image pull",
    "pending for resources",
    "failing probe",
    "config missing",
    "rollout stuck",
    "node not ready",
    "service without endpoints",
    "database down",
    "slow queries",
    "queue lag because the store is slow",
    "dead letters growing",
    "gateway connections at the limit",
    "certificate expired",
  ],
  "Model trouble": [
    "90 s to the first token",
    "stall in mid-stream",
    "cut stream",
    "429 with retry-after",
    "529",
    "500",
    "reset",
    "context too long",
    "invalid JSON arguments",
    "endless tool loop",
    "refusal",
    "key invalid",
    "budget exhausted mid-run",
  ],
  "Tool trouble": [
    "hangs",
    "50 MB",
    "invalid UTF-8",
    "server restarts during the run",
    "name collision",
  ],
  People: [
    "ten users over a limit of two",
    "one user with 50 questions",
    "same event three times",
    "question deleted",
    "stop pressed",
    "two people in one group",
  ],
  Long: ["300 turns in 32k"],
};

test("every scenario has its row, under its heading", () => {
  const headings = [...table.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(Object.keys(required));
  const found = [...new Set(rows.map(({ scenario }) => scenario))];
  expect(found).toEqual(Object.values(required).flat());
});

test("every line of the table is a row with a test", () => {
  const lines = table.split("\n").filter((line) => /^\| (?!scenario)/.test(line));
  expect(rows).toHaveLength(lines.length);
});

test.each(rows)("$scenario: $name", ({ path, name }) => {
  const source = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
  // The title of a test, or the key of a table of scenarios.
  expect(source).toContain(`"${name}"`);
  expect(source).not.toMatch(/\b(test|describe)\.(skip|todo|only)\b/);
});
