import { expect, test } from "vitest";
import { understand } from "../understand.ts";
import { exampleQuestions } from "./help.ts";
import { type NextQuestion, next } from "./next-questions.ts";

const questions = Object.values(next).flatMap((one): NextQuestion[] =>
  typeof one === "function" ? [one("gateway"), one("task")] : [one],
);

test.each(questions)("what is offered next is understood: $en", ({ zh, en, intent }) => {
  expect(understand(zh, null).intent).toBe(intent);
  expect(understand(en, null).intent).toBe(intent);
});

test.each(exampleQuestions)("an example of the help is understood: $en", ({ zh, en, intent }) => {
  expect(understand(zh, null)).toMatchObject({ intent, language: "zh" });
  expect(understand(en, null)).toMatchObject({ intent, language: "en" });
});
