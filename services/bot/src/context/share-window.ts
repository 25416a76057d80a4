import type { BrainMessage, ToolResultForBrain } from "../brain/model-port.ts";
import { fitResult } from "../loop/fit-result.ts";
import { estimateTokens } from "../loop/tokens.ts";

// A result that is cut to less says nothing.
const leastTokens = 400;

/**
 * The results of calls that were made side by side, each cut to its share of the window: what needs
 * less than its share leaves the rest to the others.
 */
export function shareWindow(
  message: Extract<BrainMessage, { role: "tool" }>,
  maxTokens: number,
): BrainMessage {
  const needs = message.results.map(({ text }) => estimateTokens(text));
  const share = Math.max(leastTokens, shareOf(needs, maxTokens));
  return { role: "tool", results: message.results.map((result) => cut(result, share)) };
}

/** How much each may have at most, so that all together have no more than there is. */
function shareOf(needs: readonly number[], maxTokens: number): number {
  let room = maxTokens;
  let waiting = needs.length;
  for (const need of needs.toSorted((one, other) => one - other)) {
    const share = Math.floor(room / waiting);
    if (need > share) return share;
    room -= need;
    waiting -= 1;
  }
  return Number.POSITIVE_INFINITY;
}

function cut(result: ToolResultForBrain, maxTokens: number): ToolResultForBrain {
  if (maxTokens === Number.POSITIVE_INFINITY) return result;
  // Named where it was cut before, which is what is left out now.
  const artifact = /\bartifact (a-[0-9a-f]{16})\b/.exec(result.text)?.[1];
  const rest =
    artifact === undefined
      ? "Ask for less at once."
      : `The whole is artifact ${artifact}: read_artifact searches it.`;
  return { ...result, text: fitResult(result.text, rest, maxTokens).text };
}
