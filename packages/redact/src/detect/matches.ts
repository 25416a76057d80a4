import type { SecretKind, Span } from "../span.ts";
import { plain, readValue, type Value } from "./read-value.ts";

/** What a pattern finds: its last group, which ends it, or all of it where it has none. */
export function secretsIn(
  text: string,
  pattern: RegExp,
  kind: SecretKind,
  isSecret: (content: string, match: RegExpExecArray) => boolean = () => true,
): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(pattern)) {
    const content = match.at(-1) ?? "";
    if (!isSecret(content, match)) continue;
    const end = match.index + match[0].length;
    spans.push({ start: end - content.length, end, kind, from: match.index });
  }
  return spans;
}

/** The values that begin where a pattern ends. */
export function valuesBehind(
  text: string,
  pattern: RegExp,
  kind: SecretKind,
  isSecret: (content: string, match: RegExpExecArray, value: Value) => boolean,
): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(pattern)) {
    const value = readValue(text, match.index + match[0].length, plain);
    if (!value || !isSecret(text.slice(value.start, value.end), match, value)) continue;
    spans.push({ start: value.start, end: value.end, kind, from: match.index });
  }
  return spans;
}
