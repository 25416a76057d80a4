import type { ToolName, ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../language.ts";
import type { Question } from "../../question.ts";
import {
  BrainError,
  type BrainMessage,
  type BrainRequest,
  type BrainStep,
  type ToolResultForBrain,
} from "../model-port.ts";
import type { Toolbox } from "./toolbox.ts";

/** Rules from the question to the answer, which call tools on the way. */
export type Rules = (question: Question, tools: Toolbox, signal: AbortSignal) => Promise<string>;

/**
 * Takes rules one step at a time, as a model is taken. They run from the beginning at every step,
 * and are given the results that stand in the messages; the first call that has none is what they
 * want next. So they hold no state, and any process can go on with a run.
 */
export async function nextByReplay(
  rules: Rules,
  request: BrainRequest,
  signal: AbortSignal,
): Promise<BrainStep> {
  signal.throwIfAborted();
  const results = resultsSinceQuestion(request.messages);
  let used = 0;
  const tools: Toolbox = {
    async call(name, input) {
      const result = results[used];
      if (!result) throw new CallNotMade(name, input);
      used++;
      return outputOf(name, result);
    },
  };
  try {
    const text = await rules(request.question, tools, signal);
    return said(request, text);
  } catch (error) {
    if (!(error instanceof CallNotMade)) throw error;
    if (request.tools.length === 0) return said(request, outOfSteps(request.question.language));
    const call = { id: `call-${results.length + 1}`, name: error.toolName, input: error.input };
    return { text: "", toolCalls: [call], finish: "tool_calls", usage: noUsage };
  }
}

function said(request: BrainRequest, text: string): BrainStep {
  request.onText(text);
  return { text, toolCalls: [], finish: "answer", usage: noUsage };
}

function outOfSteps(language: Language): string {
  return language === "zh"
    ? "这个问题要查的地方太多，我查到一半就停下了，所以没有结论。请缩小范围，例如只问一个服务。"
    : "This takes more look-ups than I may make for one question, so I stopped without a result. Please narrow it down, for example to one service.";
}

const noUsage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };

class CallNotMade extends Error {
  readonly toolName: string;
  readonly input: unknown;

  constructor(toolName: string, input: unknown) {
    super(`${toolName} is to be called`);
    this.toolName = toolName;
    this.input = input;
  }
}

function resultsSinceQuestion(messages: readonly BrainMessage[]): readonly ToolResultForBrain[] {
  const question = messages.findLastIndex(({ role }) => role === "user");
  return messages
    .slice(question + 1)
    .flatMap((message) => (message.role === "tool" ? message.results : []));
}

function outputOf<Name extends ToolName>(
  name: Name,
  { call, data, text }: ToolResultForBrain,
): ToolOutput<Name> {
  if (call.name !== name) {
    throw new BrainError("failed", `the rules want ${name} where ${call.name} was called`);
  }
  // The data of a tool of ours is its output; what the loop says in a tool's place has none.
  if (data !== undefined) return data as ToolOutput<Name>;
  const failure = { outcome: "error", cause: "internal", message: text, retryHelps: false };
  return { ...failure, near: [] } as unknown as ToolOutput<Name>;
}
