import type { Question } from "../question.ts";
import type { ToolCall, ToolDefinition } from "../tools/tool-source.ts";

/** What was said so far, oldest first. */
export type BrainMessage =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly toolCalls: readonly ToolCall[] }
  /** The outcomes of the calls of the message before it, all of them, in their order. */
  | { readonly role: "tool"; readonly results: readonly ToolResultForBrain[] };

export type ToolResultForBrain = {
  readonly call: ToolCall;
  readonly outcome: "ok" | "no_data" | "error";
  /** Redacted, fenced and at most 8,000 tokens. */
  readonly text: string;
  /** The structured result; only the rules of the offline brain read it. */
  readonly data?: unknown;
};

export type BrainRequest = {
  readonly system: string;
  readonly question: Question;
  /** Ends with the question, or with the results of tools. */
  readonly messages: readonly BrainMessage[];
  /** Empty: the answer has to come now, in words. */
  readonly tools: readonly ToolDefinition[];
  readonly maxOutputTokens: number;
  /** Told of text as it comes. */
  readonly onText: (delta: string) => void;
  /** Told of each sign that a model works, words or not. */
  readonly onToken?: () => void;
  /** What was told through `onText` for this step is void: the brain starts over. */
  readonly onRestart?: () => void;
  /** Told of what a try has cost that came to no step. */
  readonly onLost?: (usage: Usage) => void;
};

export type Usage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
};

export const noUsage: Usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };

/** What the brain wants next: tools, or to say this. */
export type BrainStep = {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: "answer" | "tool_calls" | "length" | "refused";
  readonly usage: Usage;
  /** Who gave it, where that is not the one who was asked. */
  readonly saidBy?: BrainName;
};

export type BrainName = Pick<BrainPort, "name" | "model">;

/**
 * A language model, or rules that stand in for one, taken one step at a time: the loop around it,
 * with its limits, permissions and records, is ours.
 */
export type BrainPort = {
  readonly name: "anthropic" | "openai-compatible" | "offline";
  /** The model's name; empty for rules. */
  readonly model: string;
  /** Whether what it is told leaves the house. Decides over pseudonyms and data policy. */
  readonly reach: "local" | "cloud";
  /** Who may answer in its stead. */
  readonly fallback?: BrainName;
  /** @throws BrainError, or the reason of an aborted signal */
  next(request: BrainRequest, signal: AbortSignal): Promise<BrainStep>;
};

/** Why a brain has no next step. Each has its own plain sentence for the asker. */
export type BrainErrorKind =
  | "busy"
  | "too_long"
  | "key_problem"
  | "timed_out"
  | "refused"
  | "offline"
  | "budget"
  | "failed";

/** The provider's own text is in `cause`, for the log alone. */
export class BrainError extends Error {
  override readonly name = "BrainError";
  readonly kind: BrainErrorKind;
  /** What had been said when it broke off; kept for the asker. */
  readonly partialText: string;

  constructor(
    kind: BrainErrorKind,
    message: string,
    details: { partialText?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.kind = kind;
    this.partialText = details.partialText ?? "";
  }
}
