import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isFresh, replaceFolder } from "./build-page.ts";

const builtAt = new Date("2026-01-01T00:00:00Z");
const before = new Date("2025-12-31T00:00:00Z");
const after = new Date("2026-01-02T00:00:00Z");
let folder: string;
let product: string;
let source: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "build-page-"));
  product = join(folder, "index.html");
  source = join(folder, "src", "nested", "main.ts");
  mkdirSync(join(folder, "src", "nested"), { recursive: true });
  for (const path of [product, source]) writeFileSync(path, "");
  utimesSync(product, builtAt, builtAt);
  for (const path of [source, join(folder, "src", "nested"), join(folder, "src")]) {
    utimesSync(path, before, before);
  }
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a page that is younger than all its sources is fresh", () => {
  expect(isFresh(product, [join(folder, "src"), join(folder, "absent")])).toBe(true);
});

test("a page is stale when a file far down is younger", () => {
  utimesSync(source, after, after);

  expect(isFresh(product, [join(folder, "src")])).toBe(false);
});

test("a page is stale when a source was removed", () => {
  rmSync(source);

  expect(isFresh(product, [join(folder, "src")])).toBe(false);
});

test("a page that was never built is not fresh", () => {
  expect(isFresh(join(folder, "absent"), [])).toBe(false);
});

test("a folder is replaced whole, and nothing is left beside it", () => {
  const site = join(folder, "site");
  const drafts = ["one", "two"].map((name) => join(folder, `draft-${name}`));
  for (const draft of drafts) {
    mkdirSync(draft);
    writeFileSync(join(draft, draft.endsWith("one") ? "one.js" : "two.js"), "");
  }

  for (const draft of drafts) replaceFolder(site, draft);

  expect(readdirSync(site)).toEqual(["two.js"]);
  expect(readdirSync(folder)).toEqual(["index.html", "site", "src"]);
});
