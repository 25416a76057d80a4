/**
 * An estimate, on the high side: a token for every three ASCII characters, and one for every other
 * character. Prose has about four characters a token and logs about three; what matters is that a
 * limit holds for every model without a tokenizer of its own.
 */
export function estimateTokens(text: string): number {
  let thirds = 0;
  for (const character of text) thirds += thirdsOf(character);
  return Math.ceil(thirds / 3);
}

/** The longest beginning of the text that has at most so many tokens, by the same estimate. */
export function headOfTokens(text: string, tokens: number): string {
  let room = tokens * 3;
  let end = 0;
  for (const character of text) {
    room -= thirdsOf(character);
    if (room < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The longest end of the text that has at most so many tokens. */
export function tailOfTokens(text: string, tokens: number): string {
  let room = tokens * 3;
  let start = text.length;
  while (start > 0) {
    const isPair = start > 1 && (text.codePointAt(start - 2) ?? 0) > 0xffff;
    room -= thirdsOf(text.charAt(start - 1));
    if (room < 0) break;
    start -= isPair ? 2 : 1;
  }
  return text.slice(start);
}

function thirdsOf(character: string): number {
  return character <= "\u007f" ? 1 : 3;
}
