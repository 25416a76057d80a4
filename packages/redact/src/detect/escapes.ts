import type { Span } from "../span.ts";
import { endOfLine } from "./read-value.ts";

/**
 * Secrets that show themselves once their line is unescaped: `\u5bc6\u7801…`, `\xe5\xaf\x86…`,
 * `%E5%AF%86…`, `pass%77ord`, `&#23494;…`. Only lines with such signs are looked at.
 *
 * @param findIn is asked about lines as they read unescaped
 */
export function findInEscapes(text: string, findIn: (inner: string) => readonly Span[]): Span[] {
  return linesWithEscapes(text).flatMap(({ start, end }) => {
    const lines = unescaped(text.slice(start, end));
    return findIn(lines.text).map((span) => ({
      ...span,
      start: start + (lines.places[span.start] ?? 0),
      end: start + (lines.places[span.end] ?? 0),
      from: start + (lines.places[span.from ?? span.start] ?? 0),
    }));
  });
}

/** Lines that follow each other are read together: it costs less. */
function linesWithEscapes(text: string): { start: number; end: number }[] {
  const blocks: { start: number; end: number }[] = [];
  for (const match of text.matchAll(telling)) {
    const last = blocks.at(-1);
    if (last && match.index < last.end) continue;
    const start = text.lastIndexOf("\n", match.index) + 1;
    const end = endOfLine(text, match.index);
    if (last?.end === start - 1) last.end = end;
    else blocks.push({ start, end });
  }
  return blocks;
}

// Letters and what is not of ASCII: other signs are read as they stand.
const telling =
  /\\u(?!00[0-3])[\da-f]{4}|\\x(?:[4-7][\da-f]|e[4-9])|%(?:E[4-9]%[89AB]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])|&#(?:x[\da-f]{2,6}|\d{2,7});/gi;

const escaped =
  /\\{1,4}u[\da-f]{4}|(?:\\{1,4}x[\da-f]{2}){1,4096}|(?:%[\da-f]{2}){1,4096}|&#(?:x[\da-f]{1,6}|\d{1,7});/gi;

type Unescaped = {
  readonly text: string;
  /** Where each of its characters begins, and where the last one ends. */
  readonly places: readonly number[];
};

function unescaped(line: string): Unescaped {
  let text = "";
  const places: number[] = [];
  let at = 0;
  const keep = (end: number) => {
    for (; at < end; at += 1) {
      text += line[at];
      places.push(at);
    }
  };
  for (const { 0: sign, index } of line.matchAll(escaped)) {
    keep(index);
    const characters = /^[\\%]+(?:x|[\da-f]{2})/i.test(sign) ? bytesOf(sign) : [codeOf(sign)];
    if (!characters) continue;
    let from = index;
    for (const { character, length } of characters) {
      for (let unit = 0; unit < character.length; unit += 1) places.push(from);
      text += character;
      from += length;
    }
    at = index + sign.length;
  }
  keep(line.length);
  places.push(line.length);
  return { text, places };
}

type Character = { readonly character: string; readonly length: number };

function codeOf(sign: string): Character {
  const [, hex, decimal] = /(?:u|x)([\da-f]+);?$|#(\d+);$/i.exec(sign) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isOne = code > 0 && code <= 0x10_ff_ff;
  return { character: isOne ? String.fromCodePoint(code) : " ", length: sign.length };
}

/** The characters of a run of bytes, unless they are no UTF-8. */
function bytesOf(run: string): Character[] | undefined {
  const hex = run.replaceAll(/[\\x%]/gi, "");
  const width = (run.length / hex.length) * 2;
  const decoded = Buffer.from(hex, "hex").toString("utf8");
  if (decoded.includes("\ufffd")) return undefined;
  return Array.from(decoded, (character) => ({
    character,
    length: width * Buffer.byteLength(character),
  }));
}
