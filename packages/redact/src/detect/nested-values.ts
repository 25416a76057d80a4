import { endOfLine, sticky } from "./read-value.ts";
import { isOrdinaryId, looksRandom } from "./value-kind.ts";

/** A stretch of the text. */
export type Place = { readonly start: number; readonly end: number };

/**
 * Values one level under a name that tells of secrets: `tokens: {agent: …}`, `"db_pass": {"value":
 * "…"}` and the indented lines under `tokens:`. Only what looks like a secret by itself.
 */
export function nestedValues(text: string, name: number, at: number): Place[] {
  const inner = sticky(/["']?[ \t]{0,4}\{(?=([^{}]{1,4096}))/y, text, at);
  return inner ? placesIn(inner[1] ?? "", at + inner[0].length) : placesBelow(text, name, at);
}

const pair =
  /[\w.$-]{1,80}\\{0,4}["']?\s{0,4}[:=]\s{0,4}(\\{0,4}["']?)([^\s"',{}[\]\\]{12,1024})(?=\1|\s|,|$)/g;

function placesIn(block: string, offset: number): Place[] {
  return [...block.matchAll(pair)].flatMap((match) => {
    const value = match[2] ?? "";
    if (!looksRandom(value) && !isLongId(value)) return [];
    const start = offset + match.index + match[0].length - value.length;
    return [{ start, end: start + value.length }];
  });
}

/** The lines that are indented further than that of the name. */
function placesBelow(text: string, name: number, at: number): Place[] {
  if (!sticky(/[ \t]{0,8}\r?\n(?=[ \t])/y, text, at)) return [];
  const lineStart = text.lastIndexOf("\n", name - 1) + 1;
  if (name - lineStart > 60) return [];
  const indent = indentOf(text.slice(lineStart, name));
  let end = endOfLine(text, at);
  const first = end + 1;
  for (let lines = 0; lines < maxLines && end < text.length; lines += 1) {
    const next = text.slice(end + 1, Math.min(endOfLine(text, end + 1), end + 200));
    if (next.trim() !== "" && indentOf(next) <= indent) break;
    end = endOfLine(text, end + 1);
  }
  return end < first ? [] : placesIn(text.slice(first, Math.min(end, first + 4_096)), first);
}

const maxLines = 20;

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}

/** A UUID or 32 and more digits in hex: ordinary by themselves, not under such a name. */
function isLongId(value: string): boolean {
  return isOrdinaryId(value) && /^[\da-f-]{32,}$/i.test(value);
}
