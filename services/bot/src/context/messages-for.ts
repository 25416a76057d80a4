import type { PushMessage } from "@resonance/mq-proto/gateway";
import type { BrainMessage } from "../brain/model-port.ts";
import type { Redaction } from "../loop/keep-result.ts";
import { estimateTokens } from "../loop/tokens.ts";
import type { Question } from "../question.ts";
import type { ToolDefinition, ToolSource } from "../tools/tool-source.ts";
import { buildContext } from "./build-context.ts";
import { fitMessages, tokensOf } from "./fit-messages.ts";

export type MessagesDeps = {
  readonly redaction: Redaction;
  readonly tools: Pick<ToolSource, "definitions">;
  /** What the brain's window holds, the answer included. */
  readonly contextTokens: number;
};

const forTheAnswer = 4_096;

/**
 * The messages for each step of a run: the question in its context, without secrets, as much as the
 * window holds. `isTight`: half of what was sent, for a brain that found that too long.
 */
export function messagesFor(
  deps: MessagesDeps,
  asked: {
    readonly question: Question;
    readonly system: string;
    readonly before: readonly PushMessage[];
    readonly named: readonly string[];
    /** What is told in front of the question; may be empty. */
    readonly note: string;
  },
): (since: readonly BrainMessage[], isTight: boolean) => readonly BrainMessage[] {
  const redact = (text: string) => deps.redaction.text(text);
  const before = buildContext(asked.before, asked.question).map((exchange) =>
    exchange.map((message) =>
      message.role === "tool" ? message : { ...message, text: redact(message.text) },
    ),
  );
  const common = {
    before,
    asked: {
      role: "user",
      text: redact([asked.note, asked.question.text].filter((text) => text !== "").join("\n\n")),
    },
    named: asked.named,
  } as const;
  const tools = deps.tools.definitions().reduce((sum, tool) => sum + tokensOfTool(tool), 0);
  const fixed = estimateTokens(asked.system) + tools;
  const room = Math.max(1_000, deps.contextTokens - fixed - forTheAnswer);
  return (since, isTight) => {
    const whole = fitMessages({ ...common, since, maxTokens: room });
    if (!isTight) return whole;
    return fitMessages({ ...common, since, maxTokens: Math.floor(tokensOf(whole) / 2) });
  };
}

// What describes a tool is another object when it changes.
const toolTokens = new WeakMap<ToolDefinition, number>();

function tokensOfTool(tool: ToolDefinition): number {
  const known = toolTokens.get(tool);
  if (known !== undefined) return known;
  const tokens = estimateTokens(JSON.stringify(tool));
  toolTokens.set(tool, tokens);
  return tokens;
}
