import { isAtLeast, type Level } from "./log-line.ts";
import { truncateRedacted } from "./truncate-redacted.ts";

/** Lines that are the same but for numbers, ids and addresses. */
export type LogPattern = {
  /** The line with `<*>` for what differs. */
  readonly text: string;
  readonly level: Level;
  readonly count: number;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
};

/** `text` is the pattern of a line as it was written, by which lines are told apart. */
type Counted = { -readonly [Key in keyof LogPattern]: LogPattern[Key] } & {
  readonly example: Example;
};

/** The beginning of the first line of a pattern. */
type Example = { readonly text: string; readonly isCut: boolean };

const mostPatterns = 1_000;
const longestLine = 600;
const longestPattern = 300;
const longestExample = 16_384;

/**
 * Counts lines by their pattern. Holds 1,000 patterns; further ones are counted as one number. Of
 * each pattern one line is kept, and searched for secrets only where the pattern is asked for.
 */
export class PatternCount {
  readonly #byText = new Map<string, Counted>();
  #overflow = 0;

  /** @param isCut whether the end of the line is missing */
  add(text: string, isCut: boolean, level: Level, atMs: number | undefined): void {
    const pattern = patternOf(text);
    const known = this.#byText.get(pattern);
    if (known) {
      known.count++;
      if (isAtLeast(level, known.level)) known.level = level;
      known.firstMs = least(known.firstMs, atMs);
      known.lastMs = most(known.lastMs, atMs);
    } else if (this.#byText.size < mostPatterns) {
      const example = exampleOf(text, isCut);
      const times = { firstMs: atMs, lastMs: atMs };
      this.#byText.set(pattern, { text: pattern, example, level, count: 1, ...times });
    } else this.#overflow++;
  }

  /**
   * The most frequent first, without secrets. `others` are lines of patterns that are not among
   * them.
   */
  top(limit: number): { readonly patterns: LogPattern[]; readonly others: number } {
    const all = [...this.#byText.values()].toSorted((one, other) => other.count - one.count);
    const rest = all.slice(limit).reduce((sum, { count }) => sum + count, 0);
    return { patterns: all.slice(0, limit).map(shownPattern), others: rest + this.#overflow };
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

function exampleOf(text: string, isCut: boolean): Example {
  if (text.length <= longestExample) return { text, isCut };
  // Through bytes: a slice would hold on to the whole line.
  const bytes = Buffer.from(text.slice(0, longestExample), "utf16le");
  return { text: bytes.toString("utf16le"), isCut: true };
}

/** Secrets go before numbers and ids do: without these a token is none that could be recognised. */
function shownPattern({ example, ...pattern }: Counted): LogPattern {
  const line = truncateRedacted(example.text, longestLine, example);
  return { ...pattern, text: patternOf(line) };
}

/** The line without its time, and with `<*>` for numbers, ids, addresses and quoted values. */
function patternOf(text: string): string {
  return text
    .slice(0, longestLine)
    .replace(/^\[?(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d:\d\d(?:[.,]\d+)?Z?\]?\s*/, "")
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<*>")
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,64}\b/gi, "<*>")
    .replace(/(?<![a-zA-Z])[-+]?\d[\d.:,]*(?=ms\b|[a-zA-Z]{0,3}\b|\W|$)/g, "<*>")
    .replace(/<\*>(?:[.:/-]?<\*>)+/g, "<*>")
    .slice(0, longestPattern);
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function most(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
