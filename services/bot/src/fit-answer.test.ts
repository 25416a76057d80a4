import { expect, test } from "vitest";
import { answerMaxBytes, fitAnswer } from "./fit-answer.ts";

test("an answer that fits is not touched", () => {
  expect(fitAnswer("a\nb", "en")).toBe("a\nb");
});

test("a long answer is cut at a line, says so, and closes its block", () => {
  const text = `head\n\n\`\`\`log\n${"line of log 日志\n".repeat(10_000)}\`\`\``;
  const cut = fitAnswer(text, "zh");
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(answerMaxBytes);
  expect(cut).toMatch(/\n```\n\n_（回答过长/);
  expect(cut.match(/^```/gm)).toHaveLength(2);
});

test("one line that is too long is cut between characters", () => {
  const cut = fitAnswer("日".repeat(40_000), "en");
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(answerMaxBytes);
  expect(cut).not.toContain("\uFFFD");
});
