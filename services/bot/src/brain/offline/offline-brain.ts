import type { ToolOutput } from "@resonance/ops-mcp";
import type { Question } from "../../question.ts";
import type { BrainPort } from "../model-port.ts";
import { act } from "./act.ts";
import { decisionText } from "./deciding.ts";
import { questionsIn } from "./questions-in.ts";
import { nextByReplay } from "./replay.ts";
import type { Toolbox } from "./toolbox.ts";
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
      (question, tools) => answerAll(question, callingOnce(tools), signal),
      request,
      signal,
    ),
};

async function answerAll(question: Question, tools: Toolbox, signal: AbortSignal): Promise<string> {
  const { language } = question;
  const answers: string[] = [];
  const before = askedBefore(question);
  for (const { text, understanding } of questionsIn(question.text, before)) {
    const isAfterOrder = before?.intent === "restart_service" && understanding.intent === "unknown";
    const decision = isAfterOrder ? decisionText(text, language) : undefined;
    answers.push(decision ?? (await act({ ...understanding, language }, text, tools, signal)));
  }
  return answers.join("\n\n---\n\n");
}

/** The same call is made once, and its result given again: a run refuses to repeat one. */
function callingOnce(tools: Toolbox): Toolbox {
  const results = new Map<string, unknown>();
  return {
    async call(name, input, signal) {
      const key = JSON.stringify([name, input]);
      if (!results.has(key)) results.set(key, await tools.call(name, input, signal));
      // What this very name was answered with.
      return results.get(key) as ToolOutput<typeof name>;
    },
  };
}

/** What the same person asked just before. */
function askedBefore(question: Question): Understanding | null {
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
  return previous;
}
