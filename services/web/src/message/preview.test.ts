import { expect, test } from "vitest";
import { previewOf } from "./preview.ts";

test.each([
  ["hello", "hello"],
  ["\n\n## Gateway **logs**\n", "Gateway logs"],
  ["```log\n10:00 INFO a\n```", "10:00 INFO a"],
  ["| Service | State |\n|---|---|", "Service State"],
  ["|---|---|\n| a | b |", "a b"],
  ["- see [the runbook](https://example.com/x)", "see the runbook"],
  ["> quoted\nanswer", "quoted"],
  ["a_b_c stays", "a_b_c stays"],
  ["", ""],
  ["---", ""],
])("the preview of %j is %j", (content, preview) => {
  expect(previewOf(content)).toBe(preview);
});

test("a preview is short, whatever the message", () => {
  expect(previewOf("x".repeat(65_000))).toHaveLength(200);
});
