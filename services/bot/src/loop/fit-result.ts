import { estimateTokens, headOfTokens, tailOfTokens } from "./tokens.ts";

export const resultMaxTokens = 8_000;
const headTokens = 5_000;
const tailTokens = 2_500;

/** What of a text fits: whole, or its beginning and its end. */
export type Fitted = { readonly text: string; readonly isCut: boolean };

/**
 * The text, or its beginning and end where it has more than 8,000 tokens, with a line in between
 * that says what is missing and where the whole is.
 */
export function fitResult(text: string, whereTheRestIs: string): Fitted {
  // A character is a token at most: a short text need not be counted.
  if (text.length <= resultMaxTokens || estimateTokens(text) <= resultMaxTokens) {
    return { text, isCut: false };
  }
  const head = wholeLines(headOfTokens(text, headTokens), "head");
  const tail = wholeLines(tailOfTokens(text, tailTokens), "tail");
  const total = countLines(text);
  const shown = countLines(head) + countLines(tail);
  const note = `[cut: of ${total} lines (${text.length} characters) the first and the last are shown, about ${shown}. Incomplete: count nothing in what is shown. ${whereTheRestIs}]`;
  return { text: `${head}\n${note}\n${tail}`, isCut: true };
}

/** Without the line that the cut went through, unless it is the only one. */
function wholeLines(part: string, side: "head" | "tail"): string {
  const at = side === "head" ? part.lastIndexOf("\n") : part.indexOf("\n");
  if (at < 0) return part;
  return side === "head" ? part.slice(0, at) : part.slice(at + 1);
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
