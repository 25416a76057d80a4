import { formatLine, type LogLine, searchableText } from "./format-line.ts";
import { isAtLeast, type Level, levels } from "./log-line.ts";
import { type LogPattern, PatternCount } from "./log-patterns.ts";
import type { LogQuery } from "./log-query.ts";

/** A line whose severity is known, and its time if it has one or inherits it. */
export type TallyLine = {
  readonly text: string;
  readonly omittedBytes: number;
  readonly atMs: number | undefined;
  readonly level: Level;
  /** The pod that wrote it, where several are read. */
  readonly pod?: string;
};

export type LogCount = {
  readonly at: string;
  readonly lines: number;
  readonly errors: number;
};

export type LogFindings = {
  /** Lines that match; of the part that was read, when not complete. */
  readonly total: number;
  /** Lines in the window, whether they match or not; null where only matches were looked at. */
  readonly linesInWindow: number | null;
  /** Those of them that are warnings. */
  readonly warningsInWindow: number | null;
  readonly byLevel: Readonly<Record<Level, number>>;
  /** The last matches and what stands around them, oldest first. */
  readonly shown: readonly LogLine[];
  /** Matches among `shown`. */
  readonly matchesShown: number;
  /** The oldest match of level error or fatal. */
  readonly firstError: LogLine | undefined;
  /** Up to three lines before and after it; empty where they were not read. */
  readonly aroundFirstError: readonly LogLine[];
  readonly patterns: readonly LogPattern[];
  /** Matches whose pattern is not among `patterns`. */
  readonly otherPatterns: number;
  /** Matches in equal parts of the window, oldest first. */
  readonly counts: readonly LogCount[];
  /** Whether everything in the window was read. */
  readonly complete: boolean;
  readonly incompleteBecause: IncompleteCause | undefined;
  /** The time of the oldest line that was read, in or before the window. */
  readonly oldestReadMs: number | undefined;
  readonly bytesTotal: number;
};

export type IncompleteCause =
  | "out_of_time"
  | "file_shrank"
  | "too_many_pods"
  | "pod_unreadable"
  | "source_limit";

type Entry = { readonly line: TallyLine; readonly isMatch: boolean };
type Block = {
  readonly before: TallyLine[];
  readonly match: TallyLine;
  readonly after: TallyLine[];
};

const aroundError = 3;
const countParts = 24;

/**
 * Takes the lines of a window in one direction and keeps what a query wants of them. Memory is
 * bounded by the lines shown, those passed over and their context.
 */
export class LogTally {
  readonly #query: LogQuery;
  readonly #order: "newest_first" | "oldest_first";
  readonly #byLevel = Object.fromEntries(levels.map((level) => [level, 0])) as Record<
    Level,
    number
  >;
  readonly #patterns = new PatternCount();
  readonly #counts: { lines: number; errors: number }[];
  #blocks: Block[] = [];
  #before: TallyLine[] = [];
  #open: Block[] = [];
  #firstError: Block | undefined;
  #passedOver = 0;
  total = 0;
  linesInWindow = 0;
  #warningsInWindow = 0;

  constructor(query: LogQuery, order: "newest_first" | "oldest_first") {
    this.#query = query;
    this.#order = order;
    this.#counts = Array.from({ length: countParts }, () => ({ lines: 0, errors: 0 }));
  }

  /** A line of the window. */
  add(line: TallyLine): void {
    this.linesInWindow++;
    if (line.level === "warn") this.#warningsInWindow++;
    const isMatch = matchesQuery(line, this.#query);
    this.#around({ line, isMatch });
    if (isMatch) this.#count(line);
  }

  /** A line that is known to match, where the others are not looked at. */
  addMatch(line: TallyLine): void {
    this.#around({ line, isMatch: true });
    this.#count(line);
  }

  /** Takes in what another tally of the same query, of another source, has found. Oldest first only. */
  merge(other: LogTally): void {
    this.total += other.total;
    this.linesInWindow += other.linesInWindow;
    this.#warningsInWindow += other.#warningsInWindow;
    for (const level of levels) this.#byLevel[level] += other.#byLevel[level];
    for (const [index, part] of this.#counts.entries()) {
      part.lines += other.#counts[index]?.lines ?? 0;
      part.errors += other.#counts[index]?.errors ?? 0;
    }
    this.#patterns.merge(other.#patterns);
    this.#blocks = [...this.#blocks, ...other.#blocks].toSorted(
      (one, another) => (one.match.atMs ?? 0) - (another.match.atMs ?? 0),
    );
    const errors = [this.#firstError, other.#firstError].filter((block) => block !== undefined);
    this.#firstError = errors.toSorted(
      (one, another) => (one.match.atMs ?? 0) - (another.match.atMs ?? 0),
    )[0];
  }

  findings(
    rest: Pick<LogFindings, "incompleteBecause" | "oldestReadMs" | "bytesTotal"> & {
      readonly linesInWindow: number | null;
    },
  ): LogFindings {
    const { mode, limit } = this.#query;
    const blocks = mode === "lines" ? this.#shownBlocks() : [];
    const { patterns, others } = this.#patterns.top(mode === "patterns" ? limit : 0);
    const first = this.#firstError && ordered(this.#firstError, this.#order);
    return {
      total: this.total,
      warningsInWindow: rest.linesInWindow === null ? null : this.#warningsInWindow,
      byLevel: this.#byLevel,
      shown: formatBlocks(
        blocks.map((block) => ordered(block, this.#order)),
        this.#query.context,
      ),
      matchesShown: blocks.length,
      firstError: first && format(first.match),
      aroundFirstError: first ? formatBlocks([first], aroundError) : [],
      patterns,
      otherPatterns: mode === "patterns" ? others : 0,
      counts: mode === "count" ? this.#partCounts() : [],
      complete: rest.incompleteBecause === undefined,
      ...rest,
    };
  }

  #count(line: TallyLine): void {
    this.total++;
    this.#byLevel[line.level]++;
    const { mode, fromMs, untilMs } = this.#query;
    if (mode === "patterns") {
      const text = searchableText(line.text, line);
      this.#patterns.add(text, line.omittedBytes > 0, line.level, line.atMs);
    }
    if (mode === "count" && line.atMs !== undefined) {
      const index = Math.floor((countParts * (line.atMs - fromMs)) / (untilMs - fromMs));
      const part = this.#counts[Math.min(countParts - 1, Math.max(0, index))];
      if (part) {
        part.lines++;
        if (isAtLeast(line.level, "error")) part.errors++;
      }
    }
  }

  /** Puts matches and the lines next to them together, in the direction of reading. */
  #around({ line, isMatch }: Entry): void {
    const reach = Math.max(this.#query.context, aroundError);
    for (const block of this.#open) block.after.push(line);
    this.#open = this.#open.filter(({ after }) => after.length < reach);
    if (isMatch) {
      const block = { before: [...this.#before], match: line, after: [] };
      const isFirst = this.#order === "newest_first" || this.#firstError === undefined;
      const isError = isAtLeast(line.level, "error") && isFirst;
      if (isError) this.#firstError = block;
      const isKept = this.#query.mode === "lines" && this.#keep(block);
      // Only the lines around what is kept are gathered.
      if (isError || (isKept && this.#query.context > 0)) this.#open.push(block);
    }
    this.#before.push(line);
    if (this.#before.length > reach) this.#before.shift();
  }

  #keep(block: Block): boolean {
    const { limit, skip } = this.#query;
    if (this.#order === "oldest_first") {
      this.#blocks.push(block);
      // Moving the rest to the front costs; now and then it does not.
      if (this.#blocks.length > 2 * (limit + skip))
        this.#blocks = this.#blocks.slice(-(limit + skip));
      return true;
    }
    if (this.#passedOver < skip) {
      this.#passedOver++;
      return false;
    }
    if (this.#blocks.length >= limit) return false;
    this.#blocks.push(block);
    return true;
  }

  /** Oldest first. */
  #shownBlocks(): readonly Block[] {
    const { limit, skip } = this.#query;
    if (this.#order === "newest_first") return this.#blocks.toReversed();
    return this.#blocks.slice(-(limit + skip)).slice(0, skip === 0 ? undefined : -skip);
  }

  #partCounts(): LogCount[] {
    const { fromMs, untilMs } = this.#query;
    return this.#counts.map(({ lines, errors }, index) => ({
      at: new Date(fromMs + (index * (untilMs - fromMs)) / countParts).toISOString(),
      lines,
      errors,
    }));
  }
}

/** Whether level, include and exclude all fit. */
export function matchesQuery(line: TallyLine, query: LogQuery): boolean {
  const { lowest, include, exclude } = query;
  if (lowest !== undefined && !isAtLeast(line.level, lowest)) return false;
  // Only a line with escapes can show what does not stand in it as it is.
  if (include?.isWord && !line.text.includes("\\") && !include.matches(line.text)) return false;
  if (!include && !exclude) return true;
  const text = searchableText(line.text, line);
  return (!include || include.matches(text)) && !exclude?.matches(text);
}

/** The block in the order of time. */
function ordered(block: Block, order: "newest_first" | "oldest_first"): Block {
  if (order === "oldest_first") return block;
  return { before: block.after.toReversed(), match: block.match, after: block.before.toReversed() };
}

/** Each line once, also where the lines around two matches overlap. */
function formatBlocks(blocks: readonly Block[], context: number): LogLine[] {
  const matches = new Set(blocks.map(({ match }) => match));
  const seen = new Set<TallyLine>();
  const around = (lines: readonly TallyLine[]): LogLine[] =>
    lines.flatMap((line) => {
      if (matches.has(line) || seen.has(line)) return [];
      seen.add(line);
      return [{ ...format(line), isContext: true as const }];
    });
  return blocks.flatMap(({ before, match, after }) => [
    ...(context === 0 ? [] : around(before.slice(-context))),
    format(match),
    ...(context === 0 ? [] : around(after.slice(0, context))),
  ]);
}

function format(line: TallyLine): LogLine {
  const formatted = formatLine(line.text, line, line.omittedBytes);
  return line.pod === undefined ? formatted : { ...formatted, pod: line.pod };
}
