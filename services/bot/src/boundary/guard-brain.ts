import { Pseudonyms } from "@resonance/redact";
import {
  BrainError,
  type BrainMessage,
  type BrainPort,
  type BrainRequest,
} from "../brain/model-port.ts";
import type { Redaction } from "../loop/keep-result.ts";
import type { ToolDefinition } from "../tools/tool-source.ts";
import { RevealingStream } from "./revealing-stream.ts";
import { type DataPolicy, usesPseudonyms } from "./session-policy.ts";

export type Guard = {
  readonly policy: DataPolicy;
  /** Of the session: gives its pseudonyms. */
  readonly key: string;
  /** Names of machines that cannot be told from words. */
  readonly hosts?: readonly string[];
  /** Whatever it throws at is not sent. */
  readonly redaction: Redaction;
};

/**
 * A brain behind the boundary: no secret reaches it, nor, where the policy wants it, a true name;
 * what it says comes back with the true names. If the boundary fails, nothing is sent.
 *
 * @throws BrainError `refused` from `next` where the policy keeps the session in the house and the
 * brain is outside
 */
export function guardBrain(brain: BrainPort, guard: Guard): BrainPort {
  const pseudonyms = usesPseudonyms(guard.policy, brain)
    ? new Pseudonyms({ key: guard.key, ...(guard.hosts ? { hosts: guard.hosts } : {}) })
    : undefined;
  const { redaction } = guard;
  // Of a run: most of what a step is told was told in the step before.
  const hidden = new Map<string, string>();
  const hide = (text: string) => {
    const known = hidden.get(text);
    if (known !== undefined) return known;
    const clean = redaction.text(text);
    const result = pseudonyms?.hide(clean) ?? clean;
    hidden.set(text, result);
    return result;
  };
  return {
    name: brain.name,
    model: brain.model,
    reach: brain.reach,
    async next(request, signal) {
      if (guard.policy === "local" && brain.reach === "cloud") {
        throw new BrainError("refused", "the session's data policy keeps it in the house");
      }
      const stream = new RevealingStream(pseudonyms, request.onText);
      const step = await brain
        .next(guarded(request, { hide, redaction, pseudonyms, stream }), signal)
        .catch((error: unknown) => {
          throw pseudonyms ? revealedError(error, pseudonyms) : error;
        });
      stream.end();
      if (!pseudonyms) return step;
      const toolCalls = step.toolCalls.map((call) => ({
        ...call,
        input: pseudonyms.revealJson(call.input),
      }));
      return { ...step, text: pseudonyms.reveal(step.text), toolCalls };
    },
  };
}

/** What had been said when it broke off is for the asker, who knows the true names. */
function revealedError(error: unknown, pseudonyms: Pseudonyms): unknown {
  if (!(error instanceof BrainError) || error.partialText === "") return error;
  const { kind, message, cause } = error;
  return new BrainError(kind, message, {
    partialText: pseudonyms.reveal(error.partialText),
    cause,
  });
}

type Hiding = {
  readonly hide: (text: string) => string;
  readonly redaction: Redaction;
  readonly pseudonyms: Pseudonyms | undefined;
  readonly stream: RevealingStream;
};

function guarded(request: BrainRequest, hiding: Hiding): BrainRequest {
  const { hide, stream } = hiding;
  try {
    return {
      ...request,
      system: hide(request.system),
      question: {
        ...request.question,
        text: hide(request.question.text),
        earlier: request.question.earlier.map((one) => ({ ...one, text: hide(one.text) })),
      },
      messages: request.messages.map((message) => guardedMessage(message, hiding)),
      tools: request.tools.map((tool) => {
        const clean = withoutSecrets(tool, hiding.redaction);
        return hiding.pseudonyms ? hiddenTool(clean, hide) : clean;
      }),
      onText: (delta) => stream.add(delta),
      onRestart: () => {
        stream.restart();
        request.onRestart?.();
      },
    };
  } catch (error) {
    throw new BrainError("failed", "the request could not be searched for secrets", {
      cause: error,
    });
  }
}

// What describes a tool is another object when it changes; a process has one redaction.
const cleanTools = new WeakMap<Redaction, WeakMap<ToolDefinition, ToolDefinition>>();

/** Each is searched once: together they are most of what a model is told. */
function withoutSecrets(tool: ToolDefinition, redaction: Redaction): ToolDefinition {
  const known = cleanTools.get(redaction) ?? new WeakMap<ToolDefinition, ToolDefinition>();
  cleanTools.set(redaction, known);
  const clean = known.get(tool) ?? hiddenTool(tool, redaction.text);
  known.set(tool, clean);
  return clean;
}

function hiddenTool(tool: ToolDefinition, hide: (text: string) => string): ToolDefinition {
  return {
    ...tool,
    description: hide(tool.description),
    inputSchema: hideWithin(tool.inputSchema, hide) as typeof tool.inputSchema,
  };
}

/** A schema with its texts hidden: what it describes stays what it is, whatever it is called. */
function hideWithin(value: unknown, hide: (text: string) => string): unknown {
  if (typeof value === "string") return hide(value);
  if (Array.isArray(value)) return value.map((part) => hideWithin(part, hide));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, hideWithin(part, hide)]),
  );
}

function guardedMessage(
  message: BrainMessage,
  { hide, redaction, pseudonyms }: Hiding,
): BrainMessage {
  const hideInput = (input: unknown) => {
    const clean = redaction.json(input);
    return pseudonyms ? pseudonyms.hideJson(clean) : clean;
  };
  switch (message.role) {
    case "user":
      return { ...message, text: hide(message.text) };
    case "assistant": {
      const toolCalls = message.toolCalls.map((call) => ({
        ...call,
        input: hideInput(call.input),
      }));
      return { ...message, text: hide(message.text), toolCalls };
    }
    case "tool": {
      const results = message.results.map((result) => ({
        ...result,
        call: { ...result.call, input: hideInput(result.call.input) },
        text: hide(result.text),
      }));
      return { ...message, results };
    }
    default:
      return message satisfies never;
  }
}
