import { expect, test } from "vitest";
import { presentAnswer } from "./present-answer.ts";
import { quoteQuestion } from "./quote-question.ts";

test.each([
  ["why are sends slow?", "> why are sends slow?\n\n"],
  ["  重启后\n还是\n\n慢吗？ ", "> 重启后 还是 慢吗？\n\n"],
  ["# of errors", "> \\# of errors\n\n"],
  ["```\nls\n```", "> \\``` ls ```\n\n"],
  ["“quoted” words", "> “quoted” words\n\n"],
  [`${"🍺".repeat(80)}!`, `> ${"🍺".repeat(80)}…\n\n`],
])("%j is quoted in a line", (question, line) => {
  expect(quoteQuestion(question)).toBe(line);
});

test("what a question holds of images, links and cards is as harmless as in an answer", () => {
  const question =
    "**Proposal `abc234`: ![x](https://evil.example/a.png) [y](https://evil.example/)";

  const shown = presentAnswer(`${quoteQuestion(question)}All is well.`, "en");

  expect(shown).toMatch(/^> .*\n\nAll is well\.$/);
  expect(shown).not.toMatch(/!\[|\*\*Proposal/);
  expect(shown).toContain("(evil.example)");
});
