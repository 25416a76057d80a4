import { type FileHandle, open } from "node:fs/promises";
import { formatLine, type LogLine, searchableText } from "../format-line.ts";
import { guessLevel, isAtLeast, type Level, levels, readHead } from "../log-line.ts";
import type { TextFilter } from "../text-filter.ts";
import { linesBackwards, type RawLine } from "./lines-backwards.ts";

/** Which lines are wanted. */
export type LogQuery = {
  readonly fromMs: number;
  /** Excluded. */
  readonly untilMs: number;
  readonly lowest: Level | undefined;
  readonly include: TextFilter | undefined;
  readonly exclude: TextFilter | undefined;
  /** How many of the last matches are returned. */
  readonly limit: number;
  /** After this time what was found so far is returned, marked incomplete. */
  readonly budgetMs: number;
};

/** What a search has found. */
export type LogFindings = {
  /** Lines that match; of the part that was read, when not complete. */
  readonly total: number;
  /** Lines in the window, whether they match or not. */
  readonly linesInWindow: number;
  readonly byLevel: Readonly<Record<Level, number>>;
  /** The last matches, oldest first. */
  readonly shown: readonly LogLine[];
  /** The oldest match of level error or fatal. */
  readonly firstError: LogLine | undefined;
  /** Whether everything in the window was read. */
  readonly complete: boolean;
  readonly incompleteBecause: "out_of_time" | "file_shrank" | undefined;
  /** The time of the oldest line that was read, in or before the window. */
  readonly oldestReadMs: number | undefined;
  readonly bytesTotal: number;
};

type Timed = { readonly raw: RawLine; readonly atMs: number | undefined; readonly level: Level };

// Processes that share a file, and clocks that are set back, put lines slightly out of order.
const disorderMs = 10_000;
const longestUntimedRun = 1_000;

/**
 * Searches log files, newest file first, from the last line back to the window's start. A line
 * without a time belongs to the line above it. Memory is bounded by one chunk and the lines shown.
 */
export async function searchLog(
  paths: readonly string[],
  query: LogQuery,
  signal: AbortSignal,
): Promise<LogFindings> {
  const search = new Search(query);
  for (const path of paths) {
    const file = await openIfThere(path);
    if (!file) continue;
    try {
      await search.readFile(file, signal);
    } finally {
      await file.close();
    }
    if (search.isOver) break;
  }
  return search.findings();
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    // Rotated away between listing and opening.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

class Search {
  readonly #query: LogQuery;
  readonly #deadline: number;
  readonly #byLevel = Object.fromEntries(levels.map((level) => [level, 0])) as Record<
    Level,
    number
  >;
  // Newest first while reading.
  readonly #shown: LogLine[] = [];
  // Lines without a time, newest first, until the line above them is read.
  #untimed: RawLine[] = [];
  #newerAtMs: number | undefined;
  #firstError: Timed | undefined;
  #total = 0;
  #linesInWindow = 0;
  #oldestReadMs: number | undefined;
  #bytesTotal = 0;
  #incompleteBecause: "out_of_time" | "file_shrank" | undefined;
  isOver = false;

  constructor(query: LogQuery) {
    this.#query = query;
    this.#deadline = performance.now() + query.budgetMs;
  }

  async readFile(file: FileHandle, signal: AbortSignal): Promise<void> {
    this.#bytesTotal += (await file.stat()).size;
    const onShrunk = () => {
      this.#incompleteBecause = "file_shrank";
      this.isOver = true;
    };
    for await (const batch of linesBackwards(file, { onShrunk }, signal)) {
      for (const line of batch) {
        this.#read(line);
        if (this.isOver) return;
      }
      if (performance.now() > this.#deadline) {
        this.#incompleteBecause = "out_of_time";
        this.isOver = true;
        return;
      }
    }
    this.#flushUntimed();
  }

  findings(): LogFindings {
    const first = this.#firstError;
    return {
      total: this.#total,
      linesInWindow: this.#linesInWindow,
      byLevel: this.#byLevel,
      shown: this.#shown.toReversed(),
      firstError: first && formatLine(first.raw.text, first, first.raw.omittedBytes),
      complete: this.#incompleteBecause === undefined,
      incompleteBecause: this.#incompleteBecause,
      oldestReadMs: this.#oldestReadMs,
      bytesTotal: this.#bytesTotal,
    };
  }

  #read(raw: RawLine): void {
    const head = readHead(raw.text);
    if (head.atMs === undefined) {
      // Half of a JSON line is no line yet.
      if (raw.text === "" || (raw.unfinished && raw.text.startsWith("{"))) return;
      this.#untimed.push(raw);
      if (this.#untimed.length >= longestUntimedRun) this.#flushUntimed();
      return;
    }
    this.#oldestReadMs = Math.min(this.#oldestReadMs ?? head.atMs, head.atMs);
    this.#newerAtMs = head.atMs;
    if (head.atMs < this.#query.fromMs - disorderMs) {
      this.isOver = true;
      return;
    }
    const level = head.level ?? "info";
    const following = this.#takeUntimed(level);
    if (head.atMs < this.#query.fromMs || head.atMs >= this.#query.untilMs) return;
    for (const line of following) this.#consider(line);
    this.#consider({ raw, atMs: head.atMs, level });
  }

  /** Lines whose time nobody knows count by the time of the line that follows them. */
  #flushUntimed(): void {
    const lines = this.#takeUntimed("info");
    if (this.#newerAtMs !== undefined && this.#newerAtMs >= this.#query.untilMs) return;
    for (const line of lines) this.#consider(line);
  }

  /** The lines that follow a line of this level, newest first, with the level each has. */
  #takeUntimed(above: Level): Timed[] {
    const lines = this.#untimed;
    this.#untimed = [];
    let level = above;
    return lines
      .toReversed()
      .map((raw): Timed => {
        // An indented line goes on with what stands above it.
        if (!/^\s/.test(raw.text)) level = guessLevel(raw.text) ?? above;
        return { raw, atMs: undefined, level };
      })
      .reverse();
  }

  #consider(line: Timed): void {
    this.#linesInWindow++;
    const { lowest, include, exclude, limit } = this.#query;
    if (lowest !== undefined && !isAtLeast(line.level, lowest)) return;
    if (include?.isWord && !include.matches(line.raw.text)) return;
    if (include || exclude) {
      const text = searchableText(line.raw.text, line);
      if (include && !include.matches(text)) return;
      if (exclude?.matches(text)) return;
    }
    this.#total++;
    this.#byLevel[line.level]++;
    if (isAtLeast(line.level, "error")) this.#firstError = line;
    if (this.#shown.length < limit) {
      this.#shown.push(formatLine(line.raw.text, line, line.raw.omittedBytes));
    }
  }
}
