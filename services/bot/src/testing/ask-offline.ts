import { type OpsDeps, toolDefinitions } from "@resonance/ops-mcp";
import type { BrainMessage, ToolResultForBrain } from "../brain/model-port.ts";
import { offlineBrain } from "../brain/offline/offline-brain.ts";
import { commandBrain } from "../commands/command-brain.ts";
import { isCommand } from "../commands/parse-command.ts";
import type { Question } from "../question.ts";
import { openOpsSource } from "../tools/ops-source.ts";
import type { ToolCall } from "../tools/tool-source.ts";
import { questionOf } from "./question-of.ts";

export type Asked = {
  readonly answer: string;
  /** The tools that were called, in order. */
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
};

/** Asks the rules, or has a command run, with our own tools really run on what `ops` names. */
export async function askOffline(text: string, ops: OpsDeps, signal: AbortSignal): Promise<Asked> {
  const question = questionOf(text, { askedUntilMs: ops.nowMs() });
  await using source = openOpsSource(ops);
  const calls: Asked["calls"][number][] = [];
  const context = {
    requester: question.from,
    sessionId: question.sessionId,
    msgId: question.msgId,
    asked: text,
    language: question.language,
    nowMs: question.askedUntilMs,
  };
  const resultOf = async (call: ToolCall) => {
    calls.push({ name: call.name, input: call.input });
    return { call, ...(await source.call(call, context, signal)) };
  };
  return { answer: await answerByRules(question, resultOf, signal), calls };
}

/** Has the rules, or a command, go step by step to the answer, as the loop does. */
export async function answerByRules(
  question: Question,
  resultOf: (call: ToolCall) => Promise<ToolResultForBrain>,
  signal: AbortSignal,
): Promise<string> {
  const brain = isCommand(question.text) ? commandBrain : offlineBrain;
  const messages: BrainMessage[] = [{ role: "user", text: question.text }];
  const common = { system: "", tools: toolDefinitions(), maxOutputTokens: 100 };
  for (;;) {
    const step = await brain.next(
      { ...common, question, messages, onText: () => undefined },
      signal,
    );
    if (step.finish === "answer") return step.text;
    const results: ToolResultForBrain[] = [];
    for (const call of step.toolCalls) results.push(await resultOf(call));
    messages.push({ role: "assistant", ...step }, { role: "tool", results });
  }
}
