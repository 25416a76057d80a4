import type { Logger } from "@resonance/kit";
import type { ToolCall } from "../tools/tool-source.ts";
import {
  BrainError,
  type BrainErrorKind,
  type BrainMessage,
  type BrainPort,
  type BrainRequest,
  type BrainStep,
} from "./model-port.ts";

const mostRemembered = 1_000;

/** What another brain may do better. A refusal, a spent budget and a long text stay what they are. */
const helps = {
  busy: true,
  key_problem: true,
  timed_out: true,
  offline: true,
  failed: true,
  too_long: false,
  refused: false,
  budget: false,
} as const satisfies Record<BrainErrorKind, boolean>;

/**
 * A brain, and another one for the questions that it fails. A question that the other one has
 * taken over stays with it. It reaches as far as the farther of the two.
 */
export function withFallback(main: BrainPort, fallback: BrainPort, log: Logger): BrainPort {
  // Oldest first; each process decides anew.
  const takenOver = new Set<bigint>();
  const saidBy = { name: fallback.name, model: fallback.model };
  const goOn = async (request: BrainRequest, signal: AbortSignal): Promise<BrainStep> => {
    const step = await (fallback.name === "offline"
      ? fromTheBeginning(fallback, request, signal)
      : fallback.next(request, signal));
    return { ...step, saidBy };
  };
  return {
    name: main.name,
    model: main.model,
    reach: main.reach === "local" ? fallback.reach : "cloud",
    fallback: saidBy,
    async next(request, signal) {
      const { msgId } = request.question;
      if (takenOver.has(msgId)) return await goOn(request, signal);
      try {
        return await main.next(request, signal);
      } catch (error) {
        if (!(error instanceof BrainError && helps[error.kind])) throw error;
        log.warn({ err: error, brain: fallback.name, model: fallback.model }, "falling back");
        takenOver.add(msgId);
        const [oldest] = takenOver;
        if (takenOver.size > mostRemembered && oldest !== undefined) takenOver.delete(oldest);
        if (error.partialText !== "") request.onRestart?.();
        return await goOn(request, signal).catch((second: unknown) => {
          throw keepLongerText(error, second);
        });
      }
    },
  };
}

/**
 * Rules know only what they have asked for themselves: they begin with the question, and where
 * they ask for what the brain before them has looked up, they are given that.
 */
async function fromTheBeginning(
  rules: BrainPort,
  request: BrainRequest,
  signal: AbortSignal,
): Promise<BrainStep> {
  const question = request.messages.findLastIndex(({ role }) => role === "user");
  const known = request.messages
    .slice(question + 1)
    .flatMap((message) => (message.role === "tool" ? message.results : []));
  const messages: BrainMessage[] = request.messages.slice(0, question + 1);
  for (;;) {
    const step = await rules.next({ ...request, messages }, signal);
    const { text, toolCalls } = step;
    const results = toolCalls.flatMap((call) => {
      const found = known.find((one) => sameCall(one.call, call));
      return found === undefined ? [] : [{ ...found, call }];
    });
    if (toolCalls.length === 0 || results.length < toolCalls.length) return step;
    messages.push({ role: "assistant", text, toolCalls }, { role: "tool", results });
  }
}

function sameCall(one: ToolCall, other: ToolCall): boolean {
  return one.name === other.name && JSON.stringify(one.input) === JSON.stringify(other.input);
}

function keepLongerText(first: BrainError, second: unknown): unknown {
  if (!(second instanceof BrainError)) return second;
  if (second.partialText.length >= first.partialText.length) return second;
  const { kind, message, cause } = second;
  return new BrainError(kind, message, { partialText: first.partialText, cause });
}
