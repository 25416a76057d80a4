import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";
import { isOrdinaryId, isStateWord } from "./value-kind.ts";

const mostValues = 100;

/**
 * Further places of what was found: a password that its name gives away in one line stands alone
 * in another. Words and ids that logs hold anyway are left.
 */
export function findEchoes(text: string, spans: readonly Span[]): Span[] {
  const values = new Set<string>();
  for (const { start, end } of spans) {
    const value = text.slice(start, end);
    if (values.size < mostValues && isTelling(value)) values.add(value);
  }
  if (values.size === 0) return [];
  const pattern = [...values].map((value) => value.replace(/[^\w\s]/g, "\\$&")).join("|");
  const places = new RegExp(`(?<![A-Za-z0-9])(?:${pattern})(?![A-Za-z0-9])`, "g");
  return secretsIn(text, places, "echo");
}

function isTelling(value: string): boolean {
  if (value.length < 7 || value.length > 256 || /[\n\u0080-\uffff]/.test(value)) return false;
  return (
    !/^[A-Z]?[a-z]+$/.test(value) &&
    !/^\d+$/.test(value) &&
    // Bytes of a dump, as other rows have them, too.
    !/^(?:[\da-f]{2,16}[ -]{1,2})+[\da-f]{2,16}$/i.test(value) &&
    !isOrdinaryId(value) &&
    !isStateWord(value)
  );
}
