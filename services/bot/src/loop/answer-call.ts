import type { Logger, Tracing } from "@resonance/kit";
import { editDistance } from "@resonance/ops-mcp";
import type { BotMetrics } from "../metrics.ts";
import { openJoinedSignal } from "../open-joined-signal.ts";
import type {
  ToolCall,
  ToolContext,
  ToolDefinition,
  ToolOutcome,
  ToolSource,
} from "../tools/tool-source.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { mostCallsAtOnce } from "./transcript.ts";

/** What a call of a writing tool comes to: a proposal, or words that refuse it. */
export type OnWrite = (
  call: ToolCall,
  definition: ToolDefinition,
  context: ToolContext,
  signal: AbortSignal,
) => Promise<ToolOutcome>;

/** Why a reading tool may not be called, in words; undefined where it may. */
export type Permit = (
  call: Pick<ToolCall, "name" | "input">,
  definition: ToolDefinition,
  context: Pick<ToolContext, "requester" | "sessionId" | "language">,
  signal: AbortSignal,
) => Promise<string | undefined>;

export type CallDeps = {
  readonly permit: Permit;
  readonly tools: Pick<ToolSource, "definitions" | "call">;
  readonly onWrite: OnWrite;
  readonly toolTimeoutMs: number;
  readonly metrics?: Pick<BotMetrics, "toolCall">;
  readonly tracing?: Tracing | undefined;
  readonly log: Logger;
};

/**
 * Answers one call, in words where it cannot be made: the brain reads them and does better.
 *
 * @throws only the reason of an aborted signal
 */
export async function answerCall(
  deps: CallDeps,
  call: ToolCall,
  context: ToolContext & { readonly isOneTooMany?: boolean; readonly isRepeated: boolean },
  signal: AbortSignal,
): Promise<ToolOutcome> {
  if (context.isOneTooMany) {
    return refusal(
      `More than ${mostCallsAtOnce} calls at once are not made. Ask for those that matter, after what the others gave.`,
    );
  }
  const definitions = deps.tools.definitions();
  const definition = definitions.find(({ name }) => name === call.name);
  if (!definition) return refusal(unknownTool(call.name, definitions));
  const input = readInput(call.input);
  if (input === undefined) {
    return refusal("The arguments are not a JSON object. Call it again with valid arguments.");
  }
  if (context.isRepeated) {
    return refusal(
      `${call.name} was called with these very arguments before in this run; its result stands above. Use it, change the arguments, or answer.`,
    );
  }
  if (definition.access === "write") {
    return await deps.onWrite({ ...call, input }, definition, context, signal);
  }
  const permit = (one: object) =>
    deps.permit({ name: call.name, input: one }, definition, context, signal);
  const forbidden = await permit(input);
  if (forbidden !== undefined) return denied(forbidden);
  const outcome = await callWithin(deps, { name: call.name, input }, context, signal);
  const strayed = await strayedInto(permit, input, outcome);
  return strayed === undefined ? outcome : denied(strayed);
}

/**
 * Why what a name was found to be may not be looked at; undefined where it may. A name that was
 * permitted may be resolved to another one, which nobody has permitted.
 */
async function strayedInto(
  permit: (input: object) => Promise<string | undefined>,
  input: object,
  { about = [] }: ToolOutcome,
): Promise<string | undefined> {
  if (!("service" in input)) return undefined;
  for (const { service, namespace } of about) {
    if (service === input.service) continue;
    // Rules may call our own services as people do, without the prefix of their workloads.
    const names = new Set([service, service.replace(/^resonance-/, "")]);
    const whys = await Promise.all(
      [...names].map((one) => permit({ ...input, service: one, namespace })),
    );
    if (!whys.includes(undefined)) return whys[0];
  }
  return undefined;
}

function denied(why: string): ToolOutcome {
  const data = {
    outcome: "error",
    cause: "not_allowed",
    message: why,
    retryHelps: false,
    near: [],
  };
  return { outcome: "error", text: `NOT ALLOWED: ${why} A retry does not help. Say so.`, data };
}

async function callWithin(
  deps: CallDeps,
  call: Pick<ToolCall, "name" | "input">,
  context: ToolContext,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const timeout = AbortSignal.timeout(deps.toolTimeoutMs);
  using joined = openJoinedSignal(signal, timeout);
  const limited = joined.signal;
  const startMs = Date.now();
  try {
    const outcome = await unlessAborted(deps.tools.call(call, context, limited), limited);
    note(deps, call, context, { startMs, outcome: outcome.outcome });
    return outcome;
  } catch (error) {
    const cause = signal.aborted ? "stopped" : timeout.aborted ? "timed_out" : "internal";
    note(deps, call, context, { startMs, outcome: cause });
    signal.throwIfAborted();
    if (timeout.aborted) {
      const seconds = Math.round(deps.toolTimeoutMs / 1_000);
      return failure("timed_out", `${call.name} gave no result within ${seconds} s`, true);
    }
    deps.log.error({ err: error, tool: call.name }, "a tool source failed");
    return failure("internal", `${call.name} failed`, false);
  }
}

/** The tool's name, and nothing of what it was told or gave. */
function note(
  deps: CallDeps,
  { name }: Pick<ToolCall, "name">,
  { msgId }: ToolContext,
  { startMs, outcome }: { readonly startMs: number; readonly outcome: string },
): void {
  const endMs = Date.now();
  deps.metrics?.toolCall(name, outcome, (endMs - startMs) / 1_000);
  deps.tracing?.record({
    traceOf: msgId,
    name: "bot.tool",
    parent: "run",
    startMs,
    endMs,
    attributes: { "gen_ai.tool.name": name, "resonance.outcome": outcome },
    failure: outcome === "ok" || outcome === "no_data" ? undefined : outcome,
  });
}

/** With data in the form of our own tools' errors, which the offline rules put into words. */
function failure(cause: string, message: string, retryHelps: boolean): ToolOutcome {
  const data = { outcome: "error", cause, message, retryHelps, near: [] };
  const retry = retryHelps ? "A narrower call may help." : "A retry does not help.";
  return { outcome: "error", text: `ERROR (${cause}): ${message}. ${retry}`, data };
}

function refusal(text: string): ToolOutcome {
  return { outcome: "error", text: `NOT CALLED. ${text}` };
}

/** An object, also where a model wrote its JSON into a string; otherwise undefined. */
function readInput(input: unknown): object | undefined {
  let value = input ?? {};
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

const nearestShown = 3;

function unknownTool(name: string, definitions: readonly ToolDefinition[]): string {
  const nearest = definitions
    .map((definition) => definition.name)
    .sort((one, other) => editDistance(name, one) - editDistance(name, other))
    .slice(0, nearestShown);
  return `There is no tool ${JSON.stringify(name.slice(0, 80))}. The nearest: ${nearest.join(", ")}.`;
}
