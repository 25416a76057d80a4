import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4ReasoningPart,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4Warning,
} from "@ai-sdk/provider";
import { estimateTokens } from "../../loop/tokens.ts";
import { openJoinedSignal } from "../../open-joined-signal.ts";
import { type BrainStep, noUsage, type Usage } from "../model-port.ts";
import { cutOff, failureOf, type ModelFailure, silence } from "./model-failure.ts";
import { SilenceLimit, type TimeLimits } from "./silence-limit.ts";

/** What one try came to: a step, or why there is none and what had been said till then. */
export type Attempt =
  | {
      readonly kind: "step";
      readonly step: BrainStep;
      readonly reasoning: readonly LanguageModelV4ReasoningPart[];
    }
  | { readonly kind: "failure"; readonly failure: ModelFailure; readonly partialText: string };

/**
 * Asks once, and reads the stream to its end. What a try has cost that came to no step is told
 * through `onLost`: what the provider reported of it, or an estimate by the characters of what was
 * asked and said. Nothing where the answer was an error, or the model was not reached.
 *
 * @throws the reason of an aborted signal, and nothing else
 */
export async function readStep(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  watch: {
    readonly limits: TimeLimits;
    readonly onText: (delta: string) => void;
    readonly onToken?: (() => void) | undefined;
    readonly onLost?: ((usage: Usage) => void) | undefined;
    /** Told what of the options the model does not take. */
    readonly onWarning?: ((warning: SharedV4Warning) => void) | undefined;
  },
  signal: AbortSignal,
): Promise<Attempt> {
  using limit = new SilenceLimit(watch.limits);
  const reader = new StepReader(watch.onText);
  let isAnswered = false;
  const lose = () => watch.onLost?.(reader.usage ?? estimate(options, reader.text));
  const failed = (failure: ModelFailure): Attempt => {
    if (isAnswered || limit.broken) lose();
    return { kind: "failure", failure, partialText: reader.text };
  };
  try {
    using joined = openJoinedSignal(signal, limit.signal);
    const { stream } = await model.doStream({ ...options, abortSignal: joined.signal });
    isAnswered = true;
    for await (const part of stream) {
      if (part.type === "error") return failed(failureOf(part.error));
      if (part.type === "stream-start") part.warnings.forEach((one) => void watch.onWarning?.(one));
      if (isToken(part)) {
        limit.heard();
        watch.onToken?.();
      }
      reader.read(part);
    }
  } catch (error) {
    if (signal.aborted) {
      lose();
      throw signal.reason;
    }
    const { broken } = limit;
    return failed(broken ? silence(broken.kind, broken.limitMs) : failureOf(error));
  }
  const done = reader.done();
  return done === undefined ? failed(cutOff) : { kind: "step", ...done };
}

function estimate({ prompt, tools }: LanguageModelV4CallOptions, said: string): Usage {
  return {
    inputTokens: estimateTokens(JSON.stringify([prompt, tools])),
    outputTokens: estimateTokens(said),
    cachedInputTokens: 0,
  };
}

/** Whether the model says that it works, and not only that it was reached. */
function isToken(part: LanguageModelV4StreamPart): boolean {
  return /^(text|reasoning|tool)-/.test(part.type);
}

class StepReader {
  readonly #onText: (delta: string) => void;
  readonly #calls: { id: string; name: string; input: unknown }[] = [];
  readonly #reasoning = new Map<string, LanguageModelV4ReasoningPart>();
  #text = "";
  #finish: LanguageModelV4FinishReason["unified"] | undefined;
  #usage: LanguageModelV4Usage | undefined;

  constructor(onText: (delta: string) => void) {
    this.#onText = onText;
  }

  get text(): string {
    return this.#text;
  }

  /** What the provider has reported, if it has. */
  get usage(): Usage | undefined {
    const { inputTokens, outputTokens } = this.#usage ?? {};
    // Of a stream that breaks off the SDK reports that it knows nothing.
    if (inputTokens?.total === undefined && outputTokens?.total === undefined) return undefined;
    return {
      inputTokens: inputTokens?.total ?? 0,
      outputTokens: outputTokens?.total ?? 0,
      cachedInputTokens: inputTokens?.cacheRead ?? 0,
    };
  }

  read(part: LanguageModelV4StreamPart): void {
    switch (part.type) {
      case "text-delta":
        this.#text += part.delta;
        this.#onText(part.delta);
        break;
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        this.#readReasoning(part);
        break;
      case "tool-call":
        this.#calls.push({
          id: part.toolCallId,
          name: part.toolName,
          input: parseInput(part.input),
        });
        break;
      case "finish":
        this.#finish = part.finishReason.unified;
        this.#usage = part.usage;
        break;
      default:
      // Pings, metadata, and the input of calls in pieces: it comes whole, too.
    }
  }

  /** Undefined when the stream ended without saying that it was complete. */
  done() {
    if (this.#finish === undefined || this.#finish === "interrupted") return undefined;
    const calls = this.#calls;
    const step: BrainStep = {
      text: this.#text,
      toolCalls: calls,
      finish: finishOf(this.#finish, calls.length > 0),
      usage: this.usage ?? noUsage,
    };
    return { step, reasoning: [...this.#reasoning.values()] };
  }

  #readReasoning(
    part: Extract<LanguageModelV4StreamPart, { type: `reasoning-${"start" | "delta" | "end"}` }>,
  ): void {
    const before = this.#reasoning.get(part.id);
    const text = (before?.text ?? "") + ("delta" in part ? part.delta : "");
    // The signature comes with the last of the pieces.
    const providerOptions = part.providerMetadata ?? before?.providerOptions;
    this.#reasoning.set(part.id, {
      type: "reasoning",
      text,
      ...(providerOptions === undefined ? {} : { providerOptions }),
    });
  }
}

function finishOf(
  finish: LanguageModelV4FinishReason["unified"],
  hasCalls: boolean,
): BrainStep["finish"] {
  if (finish === "content-filter") return "refused";
  // Calls of an answer that was cut off may be cut off themselves.
  if (finish === "length") return "length";
  return hasCalls ? "tool_calls" : "answer";
}

/** What is no JSON stays the text that it is: whoever validates it tells the model. */
function parseInput(json: string): unknown {
  try {
    return JSON.parse(json === "" ? "{}" : json);
  } catch {
    return json;
  }
}
