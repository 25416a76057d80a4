import type { Question } from "../../question.ts";
import type { BrainPort } from "../model-port.ts";
import { act } from "./act.ts";
import { nextByReplay } from "./replay.ts";
import { understand } from "./understand.ts";
import type { Understanding } from "./understanding.ts";

const followUpWithinMs = 15 * 60_000;

/** Answers by rules, without a model. */
export const offlineBrain: BrainPort = {
  name: "offline",
  model: "",
  reach: "local",
  next: (request, signal) =>
    nextByReplay(
      (question, tools) => act(understandInContext(question), question.text, tools, signal),
      request,
      signal,
    ),
};

/** What a question asks for, taken on from what the same person asked just before. */
function understandInContext(question: Question): Understanding {
  let previous: Understanding | null = null as Understanding | null;
  let previousAtMs = 0;
  for (const { text, askedAtMs } of question.earlier) {
    if (askedAtMs - previousAtMs > followUpWithinMs) previous = null;
    const understanding = understand(text, previous);
    const isUnderstood = understanding.intent !== "unknown" && understanding.intent !== "help";
    // What was not understood does not make the question before it unsaid, but what it names.
    if (previous && !isUnderstood) {
      previous = { ...previous, named: understanding.named };
      continue;
    }
    previous = understanding;
    previousAtMs = askedAtMs;
  }
  if (question.askedUntilMs - previousAtMs > followUpWithinMs) previous = null;
  return { ...understand(question.text, previous), language: question.language };
}
