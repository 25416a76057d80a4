import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { truncateRedacted } from "./truncate-redacted.ts";

const words = "nothing to report, all is well; ".repeat(4_000);

test.each([0, 1, 299, 300, 301, 8_492, 65_836, 65_837, 120_000])(
  "of %i harmless characters the first 300 stay as they are",
  (length) => {
    const text = words.slice(0, length);
    expect(truncateRedacted(text, 300)).toBe(text.slice(0, 300));
  },
);

test("what is left out is counted", () => {
  const mark = (omitted: number) => ` and ${omitted} more`;
  expect(truncateRedacted(words, 5, { mark })).toBe(`nothi and ${words.length - 5} more`);
  expect(truncateRedacted("hi", 5, { mark })).toBe("hi");
});

test("a secret across the cut is out, its other half too", () => {
  const text = `connecting to im:CanaryDsn13@tcp(db:3306)/im failed`;
  for (let cut = 1; cut < text.length; cut += 1) {
    expect(truncateRedacted(text, cut)).not.toMatch(/Can|nary/);
  }
});

test("where the text's own end is missing, what may be half a secret is not shown", () => {
  const text = `token=${"q7Zx2Kp9".repeat(2_000)} in im:CanaryDs`;
  expect(truncateRedacted(text, 300)).toContain("CanaryDs");
  expect(truncateRedacted(text, 300, { isCut: true })).not.toContain("Canary");
});

test("a key that is longer than what is dropped is out as well", () => {
  const lines = Array.from({ length: 200 }, (_, index) => `q7Zx2Kp9Lm4Vt8Rw3Ny6${index}`.repeat(3));
  const text = ["-----BEGIN", "PRIVATE KEY-----\n"].join(" ") + lines.join("\n");
  expect(truncateRedacted(text, 300, { isCut: true })).not.toContain("q7Zx2Kp9");
});

test("a cut never halves a character", () => {
  expect(truncateRedacted("ab😀😀", 3)).toBe("ab");
  expect(truncateRedacted("ab😀😀", 4)).toBe("ab😀");
});

test("what cannot be searched is not passed on", () => {
  const redact = () => {
    throw new Error("broken");
  };
  expect(() => truncateRedacted(words, 300, { redact })).toThrow("broken");
});

/** Where a text is cut that nobody gets to see, or that has passed the redaction. */
const allowed = [
  "log-line.ts", // of which the level is read
  "log-patterns.ts", // of a line that was searched, or by which lines are told apart
  "mcp/fit-text.ts",
  "text-filter.ts", // what the asker typed
  "truncate-redacted.ts",
];

test("no other file of the tools cuts a text after a number of characters", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
    (path) => /\.ts$/.test(path) && !/\.test\.ts$|(?:^|\/)testing\/|^text\//.test(path),
  );
  const cutting = files.filter((path) =>
    /\.(?:slice|substring)\(0, (?:longest\w*|max(?:\w*Characters)?|\d[\d_]{2,})[ )]/.test(
      readFileSync(join(import.meta.dirname, path), "utf8"),
    ),
  );
  expect(cutting.toSorted()).toEqual(allowed);
});
