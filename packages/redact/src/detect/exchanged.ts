import { redactedMark, type Span } from "../span.ts";
import { plain, readValue } from "./read-value.ts";
import { isPlaceholder, isStateWord } from "./value-kind.ts";

/**
 * What a secret was exchanged for: `~ password = "…" -> "…"`, as plans and differences show it. Only
 * what follows a secret is looked at.
 */
export function findExchanged(text: string, spans: readonly Span[]): Span[] {
  return spans.flatMap((span): Span[] => {
    const arrow = /^\\{0,3}["'`]?[ \t]{1,3}(?:-{1,2}>|=>|~>|[→⇒])[ \t]{1,3}/.exec(
      text.slice(span.end, span.end + 16),
    );
    if (!arrow || span.kind === "encoded") return [];
    const value = readValue(text, span.end + arrow[0].length, plain);
    if (!value) return [];
    const content = text.slice(value.start, value.end);
    if (isPlaceholder(content) || isStateWord(content) || content.startsWith(redactedMark))
      return [];
    if (!value.quoted && !/^(?=.*[\d\W])\S{6,}$/.test(content)) return [];
    return [{ ...value, kind: span.kind, from: span.from ?? span.start }];
  });
}
