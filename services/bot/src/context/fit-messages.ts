import type { BrainMessage, ToolResultForBrain } from "../brain/model-port.ts";
import { estimateTokens } from "../loop/tokens.ts";
import type { Exchange } from "./build-context.ts";
import { mergeNames, namesIn } from "./names.ts";
import { shareWindow } from "./share-window.ts";

export type Fitting = {
  /** What was said before the question, oldest first. */
  readonly before: readonly Exchange[];
  /** The question. */
  readonly asked: BrainMessage;
  /** Calls and results since. */
  readonly since: readonly BrainMessage[];
  /** Named earlier in the session, further back than `before`. */
  readonly named: readonly string[];
  readonly maxTokens: number;
};

/**
 * What fits into a brain's window, whole exchanges at a time. First the results of older tool calls
 * become a line each, then the oldest exchanges go; what was named in them stays, as a note in front
 * of the question. The question always stays, and of the last results as much as there is room for.
 */
export function fitMessages(fitting: Fitting): BrainMessage[] {
  const { asked, maxTokens } = fitting;
  const since = shortenResults(fitting.since, maxTokens - tokensOf([asked]));
  let room = maxTokens - tokensOf([asked, ...since]) - noteTokens;
  const kept: Exchange[] = [];
  for (const exchange of fitting.before.toReversed()) {
    room -= tokensOf(exchange);
    if (room < 0) break;
    kept.unshift(exchange);
  }
  const dropped = fitting.before.slice(0, fitting.before.length - kept.length);
  const before = kept.flat();
  return [...before, withNote(asked, dropped, fitting.named, before), ...since];
}

const noteTokens = 600;
const noteNames = 40;

function withNote(
  asked: BrainMessage,
  dropped: readonly Exchange[],
  named: readonly string[],
  before: readonly BrainMessage[],
): BrainMessage {
  if (asked.role !== "user") return asked;
  const visible = [...before, asked].map(textOf).join("\n");
  const names = mergeNames(
    named,
    dropped.flat().flatMap((message) => namesIn(textOf(message))),
  );
  const missing = names.filter((name) => !visible.includes(name)).slice(-noteNames);
  if (missing.length === 0 && dropped.length === 0) return asked;
  const left = dropped.length > 0 ? `${dropped.length} earlier exchanges are left out. ` : "";
  const list = missing.length > 0 ? `Named earlier: ${missing.join(", ")}.` : "";
  return { ...asked, text: `[${`${left}${list}`.trim()}]\n\n${asked.text}` };
}

/**
 * The results of all but the last calls, from the oldest on, as one line each until it fits; if it
 * does not even then, the last ones share what is left.
 */
function shortenResults(since: readonly BrainMessage[], maxTokens: number): BrainMessage[] {
  const messages = [...since];
  const last = messages.findLastIndex(({ role }) => role === "tool");
  for (let index = 0; index < last && tokensOf(messages) > maxTokens; index++) {
    const message = messages[index];
    if (message?.role === "tool") {
      messages[index] = { role: "tool", results: message.results.map(oneLine) };
    }
  }
  const newest = messages[last];
  const overTokens = tokensOf(messages) - maxTokens;
  if (newest?.role === "tool" && overTokens > 0) {
    messages[last] = shareWindow(newest, tokensOf([newest]) - overTokens);
  }
  return messages;
}

function oneLine(result: ToolResultForBrain): ToolResultForBrain {
  const lines = result.text.split("\n").length;
  const text = `[${result.call.name}: ${result.outcome}, ${lines} lines, read before and left out for length]`;
  return { ...result, text };
}

export function tokensOf(messages: readonly BrainMessage[]): number {
  return messages.reduce((sum, message) => sum + estimateTokens(textOf(message)) + 4, 0);
}

function textOf(message: BrainMessage): string {
  switch (message.role) {
    case "user":
      return message.text;
    case "assistant":
      return message.toolCalls.length === 0
        ? message.text
        : `${message.text}${JSON.stringify(message.toolCalls)}`;
    case "tool":
      return message.results.map(({ text }) => text).join("\n");
    default:
      return message satisfies never;
  }
}
