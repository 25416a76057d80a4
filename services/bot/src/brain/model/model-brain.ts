import { setTimeout as delay } from "node:timers/promises";
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4ReasoningPart,
  SharedV4Warning,
} from "@ai-sdk/provider";
import type { Logger } from "@resonance/kit";
import type { ToolCall } from "../../tools/tool-source.ts";
import { BrainError, type BrainPort, type BrainRequest, type BrainStep } from "../model-port.ts";
import type { ModelFailure } from "./model-failure.ts";
import { toPrompt } from "./prompt.ts";
import { questionContextIn } from "./question-context.ts";
import { readStep } from "./read-step.ts";
import type { TimeLimits } from "./silence-limit.ts";

export type ModelBrainOptions = {
  readonly name: Exclude<BrainPort["name"], "offline">;
  readonly reach: BrainPort["reach"];
  readonly model: LanguageModelV4;
  readonly limits: TimeLimits;
  /** Default: the model's own. Not sent to a model that takes none, which the log says once. */
  readonly temperature?: number | undefined;
  /** Instead of the request's limit, for models whose thinking counts, too. */
  readonly maxOutputTokens?: number | undefined;
  readonly timeZone: string;
  /** The longest first wait between tries. Default 500, doubled per try, at most 8,000. */
  readonly retryBaseMs?: number;
  readonly log: Logger;
};

const retries = 3;
const longestBackoffMs = 8_000;
/** A longer wait that a provider asks for is not waited for. */
const longestRetryAfterMs = 20_000;
/** Claude's thinking counts as output. */
const leastTokens = { anthropic: 16_384, "openai-compatible": 0 } as const;

/**
 * A language model as a brain. Asks up to three times more when that may help; a silence is not
 * tried again, it has cost its time. What was told through `onText` before another try is void,
 * and `onRestart` says so.
 */
export function createModelBrain(options: ModelBrainOptions): BrainPort {
  const { name, reach, model } = options;
  const thoughts = new Thoughts();
  const told: Told = {
    contextOf: questionContextIn(options.timeZone),
    reasoningBefore: (callId) => thoughts.before(callId),
  };
  const warned = new Set<string>();
  const onWarning = (warning: SharedV4Warning) => {
    const words = JSON.stringify(warning);
    if (warned.has(words)) return;
    warned.add(words);
    options.log.warn({ model: model.modelId, warning }, "the model does not take all that is set");
  };
  return {
    name,
    reach,
    model: model.modelId,
    async next(request, signal) {
      const { step, reasoning } = await ask({ ...options, onWarning }, told, request, signal);
      const toolCalls = request.tools.length === 0 ? [] : uniqueCalls(request, step.toolCalls);
      if (name === "anthropic") thoughts.keep(toolCalls, reasoning);
      return sensible(options, request, { ...step, toolCalls });
    },
  };
}

type Told = Parameters<typeof toPrompt>[1];

async function ask(
  options: ModelBrainOptions & { readonly onWarning: (warning: SharedV4Warning) => void },
  told: Told,
  request: BrainRequest,
  signal: AbortSignal,
) {
  const call = callOptions(options, told, request);
  let partialText = "";
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const { onText, onToken, onLost } = request;
    const { limits, onWarning } = options;
    const watch = { limits, onText, onToken, onLost, onWarning };
    const tried = await readStep(options.model, call, watch, signal);
    if (tried.kind === "step") return tried;
    const { failure } = tried;
    if (tried.partialText.length > partialText.length) ({ partialText } = tried);
    const waitMs = attempt <= retries ? waitBefore(options, failure, attempt) : undefined;
    const about = { model: options.model.modelId, attempt, failure, waitMs };
    options.log.warn(about, "the model gave no step");
    if (waitMs === undefined) throw errorOf(options, failure, { attempt, partialText });
    if (tried.partialText !== "") request.onRestart?.();
    await delay(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function callOptions(
  { name, temperature, maxOutputTokens }: ModelBrainOptions,
  told: Told,
  request: BrainRequest,
): LanguageModelV4CallOptions {
  return {
    ...toPrompt(request, told),
    maxOutputTokens: maxOutputTokens ?? Math.max(request.maxOutputTokens, leastTokens[name]),
    ...(temperature === undefined ? {} : { temperature }),
    // Arguments in pieces that nobody has looked at are of no use here.
    providerOptions: { anthropic: { toolStreaming: false } },
  };
}

/** How long until the next try; undefined: it would not help, or not soon enough. */
function waitBefore(
  options: ModelBrainOptions,
  failure: ModelFailure,
  attempt: number,
): number | undefined {
  if (!failure.isRetryable) return undefined;
  const baseMs = options.retryBaseMs ?? 500;
  const ceilingMs = Math.min(longestBackoffMs, baseMs * 2 ** (attempt - 1));
  const backoffMs = ceilingMs * (0.5 + Math.random() / 2);
  const { retryAfterMs = 0 } = failure;
  if (retryAfterMs > longestRetryAfterMs) return undefined;
  // A little later than asked: everybody was asked the same.
  return retryAfterMs > 0 ? retryAfterMs + backoffMs / 2 : backoffMs;
}

function errorOf(
  { name, model }: ModelBrainOptions,
  failure: ModelFailure,
  { attempt, partialText }: { attempt: number; partialText: string },
): BrainError {
  const message = `${name} ${model.modelId}: ${failure.kind} after ${attempt} of ${retries + 1} tries`;
  return new BrainError(failure.kind, message, { partialText, cause: new Error(failure.detail) });
}

/** @throws BrainError for a model that ends without a word */
function sensible(
  { name, model }: ModelBrainOptions,
  { onLost }: BrainRequest,
  step: BrainStep,
): BrainStep {
  if (step.finish === "refused") return { ...step, toolCalls: [] };
  if (step.toolCalls.length > 0) return step;
  if (step.text.trim() === "") {
    onLost?.(step.usage);
    throw new BrainError(
      "failed",
      `${name} ${model.modelId}: ended (${step.finish}) without a word`,
    );
  }
  return step.finish === "tool_calls" ? { ...step, finish: "answer" } : step;
}

/** Some servers count their calls anew in every answer. */
function uniqueCalls({ messages }: BrainRequest, calls: readonly ToolCall[]): ToolCall[] {
  const taken = new Set(
    messages.flatMap((one) => (one.role === "assistant" ? one.toolCalls.map(({ id }) => id) : [])),
  );
  return calls.map((call) => {
    let { id } = call;
    for (let count = 2; taken.has(id); count++) id = `${call.id}-${count}`;
    taken.add(id);
    return { ...call, id };
  });
}

const mostKept = 500;

/**
 * What a model thought before its calls, for as long as they are answered: it goes on from there.
 * A run that another worker takes over goes on without, which the API allows.
 */
class Thoughts {
  readonly #byCall = new Map<string, readonly LanguageModelV4ReasoningPart[]>();

  keep(calls: readonly ToolCall[], reasoning: readonly LanguageModelV4ReasoningPart[]): void {
    const [first] = calls;
    if (first === undefined || reasoning.length === 0) return;
    this.#byCall.set(first.id, reasoning);
    if (this.#byCall.size <= mostKept) return;
    const [oldest] = this.#byCall.keys();
    if (oldest !== undefined) this.#byCall.delete(oldest);
  }

  before(callId: string): readonly LanguageModelV4ReasoningPart[] {
    return this.#byCall.get(callId) ?? [];
  }
}
