import { estimateTokens, headOfTokens, tailOfTokens } from "./tokens.ts";

const resultMaxTokens = 8_000;
/** For the line that says what is missing. */
const noteTokens = 150;

/** What of a text fits: whole, or its beginning and its end. */
export type Fitted = { readonly text: string; readonly isCut: boolean };

/**
 * The text, or its beginning and end where it has more than 8,000 tokens, or `maxTokens`, with a
 * line in between that says what is missing and where the whole is.
 */
export function fitResult(
  text: string,
  whereTheRestIs: string,
  maxTokens = resultMaxTokens,
): Fitted {
  // A character is a token at most: a short text need not be counted.
  if (text.length <= maxTokens || estimateTokens(text) <= maxTokens) {
    return { text, isCut: false };
  }
  const room = maxTokens - noteTokens;
  const head = wholeLines(headOfTokens(text, Math.floor((room * 2) / 3)), "head");
  const tail = wholeLines(tailOfTokens(text, Math.floor(room / 3)), "tail");
  const total = countLines(text);
  const shown = countLines(head) + countLines(tail);
  const note = `[cut: of ${total} lines (${text.length} characters) the first and the last are shown, about ${shown}. Incomplete: count nothing in what is shown. ${whereTheRestIs}]`;
  return { text: `${head}\n${note}\n${tail}`, isCut: true };
}

/** Without the line that the cut went through, unless that is most of what there is. */
function wholeLines(part: string, side: "head" | "tail"): string {
  const at = side === "head" ? part.lastIndexOf("\n") : part.indexOf("\n");
  const whole = side === "head" ? part.slice(0, Math.max(at, 0)) : part.slice(at + 1);
  return at < 0 || whole.length < part.length / 2 ? part : whole;
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
