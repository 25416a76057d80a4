/** What stands in the place of a secret. Redacting a redacted text changes nothing. */
export const redactedMark = "[redacted]";

/** Where a secret stands. */
export type Span = {
  readonly start: number;
  /** Excluded. */
  readonly end: number;
  readonly kind: SecretKind;
  /** Where what makes it a secret begins, such as its key word; at most `start`. */
  readonly from?: number;
};

export type SecretKind =
  | "assignment"
  | "authorization"
  | "command_line"
  | "connection"
  | "cookie"
  | "echo"
  | "encoded"
  | "hash"
  | "jwt"
  | "key_block"
  | "mnemonic"
  | "prose"
  | "provider_token"
  | "rule_set"
  | "url_token";

/** The spans in order, those that touch or overlap as one. Empty ones are left out. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  const ordered = spans
    .filter((span) => span.end > span.start)
    .toSorted((one, other) => one.start - other.start || other.end - one.end);
  for (const span of ordered) {
    const last = merged.at(-1);
    if (!last || span.start > last.end) {
      merged.push(span);
      continue;
    }
    const from = Math.min(last.from ?? last.start, span.from ?? span.start);
    merged[merged.length - 1] = { ...last, end: Math.max(last.end, span.end), from };
  }
  return merged;
}

// Further back no backtick is looked for: a line may be as long as its text.
const longestCode = 256;

/** The span without the backtick that closes the inline code it stands in, and what is behind. */
export function withoutClosingTick(text: string, span: Span): Span {
  const closing = /(?<=[^`])`[\s.,;:!?)\]}*_"'。，；：！？）」]*$/.exec(
    text.slice(Math.max(span.start, span.end - longestCode), span.end),
  );
  if (closing === null) return span;
  const end = span.end - closing[0].length;
  const before = text.slice(Math.max(0, end - longestCode), end);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const isOpen = line.replace(/[^`]/g, "").length % 2 === 1;
  return isOpen && end > span.start ? { ...span, end } : span;
}

/** Whether nothing is left to take out of a span but a mark, or the rest of one. */
export function isMarked(text: string, { start, end }: Span): boolean {
  const from = text.lastIndexOf(redactedMark, start);
  const first = from >= 0 && from + redactedMark.length > start ? from : start;
  const covered = text.slice(first, end);
  const left = covered.replaceAll(redactedMark, "");
  return left !== covered && !/[\p{L}\p{N}]/u.test(left);
}

/** The text with a mark in the place of each span, in each of its lines: line breaks stay. */
export function replaceSpans(text: string, spans: readonly Span[]): string {
  let result = "";
  let at = 0;
  for (const { start, end } of spans) {
    const lines = text.slice(start, end).replace(/[^\s](?:.*[^\s])?/g, redactedMark);
    result += text.slice(at, start) + lines;
    at = end;
  }
  return result + text.slice(at);
}
