import { type FileHandle, open } from "node:fs/promises";
import { guessLevel, type Level, readHead } from "../log-line.ts";
import type { LogQuery } from "../log-query.ts";
import { type IncompleteCause, type LogFindings, LogTally } from "../log-tally.ts";
import { linesBackwards, type RawLine } from "./lines-backwards.ts";
import { canScan, disorderMs, scanFile } from "./scan-file.ts";

type Timed = { readonly raw: RawLine; readonly atMs: number | undefined; readonly level: Level };

const longestUntimedRun = 1_000;

/**
 * Searches log files, newest file first, from the last line back to the window's start. A line
 * without a time belongs to the line above it. Memory is bounded by one chunk and the lines shown.
 * In a large file whose matches all have some word, only the lines with that word are looked at.
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
  readonly #tally: LogTally;
  readonly #deadline: number;
  // Lines without a time, newest first, until the line above them is read.
  #untimed: RawLine[] = [];
  #newerAtMs: number | undefined;
  #oldestReadMs: number | undefined;
  #bytesTotal = 0;
  #wasScanned = false;
  #incompleteBecause: IncompleteCause | undefined;
  isOver = false;

  constructor(query: LogQuery) {
    this.#query = query;
    this.#tally = new LogTally(query, "newest_first");
    this.#deadline = performance.now() + query.budgetMs;
  }

  async readFile(file: FileHandle, signal: AbortSignal): Promise<void> {
    const { size } = await file.stat();
    this.#bytesTotal += size;
    if (canScan(size, this.#query)) await this.#scan(file, size, signal);
    else await this.#readLines(file, signal);
  }

  findings(): LogFindings {
    return this.#tally.findings({
      linesInWindow: this.#wasScanned ? null : this.#tally.linesInWindow,
      incompleteBecause: this.#incompleteBecause,
      oldestReadMs: this.#oldestReadMs,
      bytesTotal: this.#bytesTotal,
    });
  }

  async #scan(file: FileHandle, size: number, signal: AbortSignal): Promise<void> {
    this.#wasScanned = true;
    const scan = { query: this.#query, size, deadline: this.#deadline };
    const { oldestMs, isBeforeWindow, incompleteBecause } = await scanFile(
      file,
      scan,
      (line) => this.#tally.addMatch(line),
      signal,
    );
    if (oldestMs !== undefined) {
      this.#oldestReadMs = Math.min(this.#oldestReadMs ?? oldestMs, oldestMs);
    }
    this.#incompleteBecause = incompleteBecause;
    this.isOver = isBeforeWindow || incompleteBecause !== undefined;
  }

  async #readLines(file: FileHandle, signal: AbortSignal): Promise<void> {
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

  #consider({ raw, atMs, level }: Timed): void {
    this.#tally.add({ text: raw.text, omittedBytes: raw.omittedBytes, atMs, level });
  }
}
