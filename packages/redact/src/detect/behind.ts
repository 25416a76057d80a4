import type { Span } from "../span.ts";
import { plain, readValue } from "./read-value.ts";

/** The values that begin where a pattern ends, but for those that are none. */
export function valuesBehind(
  text: string,
  pattern: RegExp,
  isNone: (content: string) => boolean,
): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(pattern)) {
    const value = readValue(text, match.index + match[0].length, plain);
    if (!value || isNone(text.slice(value.start, value.end))) continue;
    spans.push({ start: value.start, end: value.end, kind: "command_line", from: match.index });
  }
  return spans;
}
