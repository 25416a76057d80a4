import type { BrainMessage, BrainRequest, BrainStep } from "../brain/model-port.ts";
import type { ToolDefinition } from "../tools/tool-source.ts";
import { questionOf } from "./question-of.ts";

export const logsTool: ToolDefinition = {
  name: "get_logs",
  description: "Lines of a service's log.",
  inputSchema: {
    type: "object",
    properties: { service: { type: "string" }, since: { type: "string" } },
    required: ["service"],
    additionalProperties: false,
  },
  access: "read",
};

/** What a loop asks a brain: alice's question with one tool, unless told. */
export function brainRequest(text: string, more: Partial<BrainRequest> = {}): BrainRequest {
  return {
    system: "You are ops-bot.",
    question: questionOf(text),
    messages: [{ role: "user", text }],
    tools: [logsTool],
    maxOutputTokens: 500,
    onText: () => undefined,
    ...more,
  };
}

/** The conversation after a step whose calls came to this. */
export function answered(
  before: readonly BrainMessage[],
  step: BrainStep,
  result: { outcome: "ok" | "no_data" | "error"; text: string; data?: unknown },
): BrainMessage[] {
  const { text, toolCalls } = step;
  return [
    ...before,
    { role: "assistant", text, toolCalls },
    { role: "tool", results: toolCalls.map((call) => ({ call, ...result })) },
  ];
}
