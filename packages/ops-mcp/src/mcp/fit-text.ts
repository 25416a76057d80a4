/** What a model is given at once. */
export const maxTokens = 8_000;

/**
 * The text, or its beginning and its end with a line between them that says what is missing, within
 * 8,000 tokens. The end is the larger part: the newest lines are
 * there. The tokens are counted too high rather than too low.
 */
export function fitText(text: string): string {
  if (tokensIn(text) <= maxTokens) return text;
  const lines = text.split("\n").map(shortened);
  const head = take(lines, maxTokens / 4);
  const tail = take(lines.slice(head.length).toReversed(), (maxTokens * 3) / 4 - 50).toReversed();
  const missing = lines.length - head.length - tail.length;
  const note = `[INCOMPLETE: ${missing} of ${lines.length} lines are left out here; narrow the window or the filter]`;
  return [...head, note, ...tail].join("\n");
}

/** The lines from the beginning that fit. */
function take(lines: readonly string[], tokens: number): string[] {
  let used = 0;
  const end = lines.findIndex((line) => {
    used += tokensIn(line) + 1;
    return used > tokens;
  });
  return lines.slice(0, end < 0 ? lines.length : end);
}

function shortened(line: string): string {
  const max = 2_000;
  return line.length <= max
    ? line
    : `${line.slice(0, max)} [… ${line.length - max} more characters]`;
}

/** About four ASCII characters are a token, and at worst every other character is one or two. */
export function tokensIn(text: string): number {
  const ascii = text.replace(/[^\0-\x7f]/g, "").length;
  return ascii / 3.5 + (text.length - ascii) * 1.5;
}
