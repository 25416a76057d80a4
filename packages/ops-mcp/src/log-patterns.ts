import { isAtLeast, type Level } from "./log-line.ts";

/** Lines that are the same but for numbers, ids and addresses. */
export type LogPattern = {
  /** The line with `<*>` for what differs. */
  readonly text: string;
  readonly level: Level;
  readonly count: number;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
};

type Counted = { -readonly [Key in keyof LogPattern]: LogPattern[Key] };

const mostPatterns = 1_000;

/** Counts lines by their pattern. Holds 1,000 patterns; further ones are counted as one number. */
export class PatternCount {
  readonly #byText = new Map<string, Counted>();
  #overflow = 0;

  add(text: string, level: Level, atMs: number | undefined): void {
    const pattern = patternOf(text);
    const known = this.#byText.get(pattern);
    if (known) {
      known.count++;
      if (isAtLeast(level, known.level)) known.level = level;
      known.firstMs = least(known.firstMs, atMs);
      known.lastMs = most(known.lastMs, atMs);
    } else if (this.#byText.size < mostPatterns) {
      this.#byText.set(pattern, { text: pattern, level, count: 1, firstMs: atMs, lastMs: atMs });
    } else this.#overflow++;
  }

  /** The most frequent first. `others` are lines of patterns that are not among them. */
  top(limit: number): { readonly patterns: LogPattern[]; readonly others: number } {
    const all = [...this.#byText.values()].toSorted((one, other) => other.count - one.count);
    const rest = all.slice(limit).reduce((sum, { count }) => sum + count, 0);
    return { patterns: all.slice(0, limit), others: rest + this.#overflow };
  }

  merge(other: PatternCount): void {
    for (const pattern of other.#byText.values()) {
      const known = this.#byText.get(pattern.text);
      if (known) {
        known.count += pattern.count;
        known.firstMs = least(known.firstMs, pattern.firstMs);
        known.lastMs = most(known.lastMs, pattern.lastMs);
      } else if (this.#byText.size < mostPatterns) this.#byText.set(pattern.text, { ...pattern });
      else this.#overflow += pattern.count;
    }
    this.#overflow += other.#overflow;
  }
}

/** The line without its time, and with `<*>` for numbers, ids, addresses and quoted values. */
export function patternOf(text: string): string {
  return text
    .slice(0, 600)
    .replace(/^\[?(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d:\d\d(?:[.,]\d+)?Z?\]?\s*/, "")
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<*>")
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,64}\b/gi, "<*>")
    .replace(/(?<![a-zA-Z])[-+]?\d[\d.:,]*(?=ms\b|[a-zA-Z]{0,3}\b|\W|$)/g, "<*>")
    .replace(/<\*>(?:[.:/-]?<\*>)+/g, "<*>")
    .slice(0, 300);
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function most(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
