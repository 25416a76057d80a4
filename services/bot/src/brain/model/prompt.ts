import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4ReasoningPart,
} from "@ai-sdk/provider";
import type { Question } from "../../question.ts";
import type { BrainMessage, BrainRequest } from "../model-port.ts";

export type PromptOptions = {
  /** What stands behind the question. */
  readonly contextOf: (question: Question) => string;
  /** What the model thought before it made this call; it wants to read it again. */
  readonly reasoningBefore: (callId: string) => readonly LanguageModelV4ReasoningPart[];
};

export type Prompt = Pick<LanguageModelV4CallOptions, "prompt" | "tools" | "toolChoice">;

/**
 * A request in the SDK's words. The parts come in an order that prompt caches can hold on to:
 * tools, system, history, and only with the question what changes from question to question. For
 * Anthropic, the end of the system and the end of the conversation are marked to be cached.
 */
export function toPrompt(request: BrainRequest, options: PromptOptions): Prompt {
  const messages = conversation(request, options);
  return {
    prompt: [
      { role: "system", content: request.system, ...cached },
      ...messages.slice(0, -1),
      ...messages.slice(-1).map((last) => ({ ...last, ...cached })),
    ],
    ...toolsOf(request),
  };
}

const cached = { providerOptions: { anthropic: { cacheControl: { type: "ephemeral" } } } };

function conversation(request: BrainRequest, options: PromptOptions): LanguageModelV4Message[] {
  const { messages, question } = request;
  // A history that was cut may begin in the middle: providers want a person to speak first.
  const first = messages.findIndex(({ role }) => role === "user");
  const questionIndex = messages.findLastIndex(({ role }) => role === "user");
  return messages.slice(Math.max(first, 0)).flatMap((message, index) => {
    const isQuestion = index + Math.max(first, 0) === questionIndex;
    const context = isQuestion ? `\n\n${options.contextOf(question)}` : "";
    return messageOf(message, context, options);
  });
}

function messageOf(
  message: BrainMessage,
  context: string,
  { reasoningBefore }: PromptOptions,
): LanguageModelV4Message[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: [{ type: "text", text: `${message.text}${context}` }] }];
    case "assistant": {
      const { text, toolCalls } = message;
      const content = [
        ...toolCalls.slice(0, 1).flatMap(({ id }) => reasoningBefore(id)),
        // Empty texts are refused.
        ...(text.trim() === "" ? [] : [{ type: "text" as const, text: text.trimEnd() }]),
        ...toolCalls.map(({ id, name, input }) => ({
          type: "tool-call" as const,
          toolCallId: id,
          toolName: name,
          input: asObject(input),
        })),
      ];
      return content.length === 0 ? [] : [{ role: "assistant", content }];
    }
    case "tool":
      return [
        {
          role: "tool",
          content: message.results.map(({ call, outcome, text }) => ({
            type: "tool-result",
            toolCallId: call.id,
            toolName: call.name,
            output: {
              type: outcome === "error" ? "error-text" : "text",
              value: text.trim() === "" ? "(empty)" : text,
            },
          })),
        },
      ];
    default:
      return message satisfies never;
  }
}

/** Arguments that were no object are shown to the model as what they were; providers want one. */
function asObject(input: unknown): Record<string, unknown> {
  // Checked right here; a JSON object has string keys.
  if (typeof input === "object" && input !== null && !Array.isArray(input)) {
    return input as Record<string, unknown>;
  }
  return { invalid_arguments: typeof input === "string" ? input : JSON.stringify(input) };
}

function toolsOf({ tools, messages }: BrainRequest): Pick<Prompt, "tools" | "toolChoice"> {
  if (tools.length > 0) {
    const offered = tools.map(
      ({ name, description, inputSchema }): LanguageModelV4FunctionTool => ({
        type: "function",
        name,
        description,
        inputSchema,
      }),
    );
    return { tools: offered, toolChoice: { type: "auto" } };
  }
  // Providers want a tool to be known while a call of it is in the conversation.
  const called = messages.flatMap((one) => (one.role === "assistant" ? one.toolCalls : []));
  const names = [...new Set(called.map(({ name }) => name))];
  if (names.length === 0) return {};
  const known = names.map(
    (name): LanguageModelV4FunctionTool => ({
      type: "function",
      name,
      description: "Not available any more.",
      inputSchema: { type: "object" },
    }),
  );
  return { tools: known, toolChoice: { type: "none" } };
}
