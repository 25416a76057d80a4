import { estimateTokens, headOfTokens } from "../loop/tokens.ts";

const longestBlockLines = 5;
const longestTokens = 1_000;

/**
 * An answer of the bot as it is remembered: what it says, with the logs and tables it shows reduced
 * to a line each. They are stale, and can be looked up again.
 */
export function shortenAnswer(text: string): string {
  const kept: string[] = [];
  let block: string[] = [];
  let fence: string | undefined;
  const endBlock = (what: string) => {
    if (block.length > longestBlockLines) kept.push(`[${block.length} ${what} were shown here]`);
    else kept.push(...block);
    block = [];
  };
  for (const line of text.split("\n")) {
    const ticks = /^\s*(`{3,})/.exec(line)?.[1];
    if (fence === undefined && ticks !== undefined) {
      endBlock("table rows");
      fence = ticks;
    } else if (fence !== undefined && line.trim() === fence) {
      endBlock("lines");
      fence = undefined;
    } else if (fence !== undefined || line.startsWith("|")) {
      block.push(line);
    } else {
      endBlock("table rows");
      kept.push(line);
    }
  }
  endBlock(fence === undefined ? "table rows" : "lines");
  const whole = kept.join("\n");
  if (estimateTokens(whole) <= longestTokens) return whole;
  return `${headOfTokens(whole, longestTokens)} […]`;
}
