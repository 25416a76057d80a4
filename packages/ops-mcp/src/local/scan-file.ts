import type { FileHandle } from "node:fs/promises";
import { maxLineBytes } from "../lines-of-stream.ts";
import { guessLevel, readHead } from "../log-line.ts";
import type { LogQuery } from "../log-query.ts";
import { type IncompleteCause, matchesQuery, type TallyLine } from "../log-tally.ts";
import { findEnd, findStart, timedLineAfter } from "./time-offsets.ts";

export type Scanned = {
  /** The time of the oldest line that was looked at. */
  readonly oldestMs: number | undefined;
  /** Whether the window begins in this file: older files need not be read. */
  readonly isBeforeWindow: boolean;
  readonly incompleteBecause: IncompleteCause | undefined;
};

type Scan = { readonly query: LogQuery; readonly size: number; readonly deadline: number };

const smallest = 4 * 1024 * 1024;
const chunkBytes = 1024 * 1024;
/** One byte more than is shown of a line: one that was cut here counts as cut there. */
const maxCarry = maxLineBytes + 1;
/** Processes that share a file, and clocks that are set back, put lines slightly out of order. */
export const disorderMs = 10_000;

/** Whether reading only the lines with the filter's word gives what is wanted, and is worth it. */
export function canScan(size: number, query: LogQuery): boolean {
  return size >= smallest && query.context === 0 && query.include?.prefilter !== undefined;
}

/**
 * Looks at the lines that have the filter's word, from the end of the window back to its start.
 * The file is taken to be in the order of time, but for 10 s. Memory: two chunks of 1 MiB.
 */
export async function scanFile(
  file: FileHandle,
  scan: Scan,
  onMatch: (line: TallyLine) => void,
  signal: AbortSignal,
): Promise<Scanned> {
  const { query, size } = scan;
  const begin = await findStart(file, size, query.fromMs - disorderMs, signal);
  const end = await findEnd(file, size, query.untilMs + disorderMs, signal);
  const reader = new ChunkScan(query, onMatch);
  const chunks = chunksBackwards(file, begin, end, signal);
  let incompleteBecause: IncompleteCause | undefined;
  for await (const { bytes, isFirst, isShort } of chunks) {
    if (isShort) incompleteBecause = "file_shrank";
    else reader.read(bytes, isFirst);
    if (incompleteBecause === undefined && performance.now() > scan.deadline) {
      incompleteBecause = "out_of_time";
    }
    if (incompleteBecause !== undefined) break;
  }
  const oldest = await timedLineAfter(file, begin, size, signal);
  return { oldestMs: oldest?.atMs, isBeforeWindow: begin > 0, incompleteBecause };
}

type Chunk = {
  /** Whole lines, and before them the end of one that begins in the chunk before. */
  readonly bytes: Buffer;
  /** Whether it begins with the first line that is read. */
  readonly isFirst: boolean;
  /** The file ended before what was there when reading began. */
  readonly isShort: boolean;
};

/**
 * The bytes of `[begin, end)` in chunks, the last first. While one is looked at the next is read: a
 * chunk is good until the next one is asked for.
 */
async function* chunksBackwards(
  file: FileHandle,
  begin: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<Chunk, void, undefined> {
  let current = Buffer.allocUnsafe(chunkBytes + maxCarry);
  let other = Buffer.allocUnsafe(chunkBytes + maxCarry);
  let position = end;
  // Bytes at the beginning of the last chunk whose line begins further up.
  let carry = 0;
  const readBefore = (into: Buffer) => {
    const wanted = Math.min(chunkBytes, position - begin);
    return { wanted, reading: file.read(into, 0, wanted, position - wanted) };
  };
  let { wanted, reading } = readBefore(current);
  while (position > begin) {
    signal.throwIfAborted();
    const { bytesRead } = await reading;
    position -= wanted;
    const isFirst = position === begin;
    other.copy(current, wanted, 0, carry);
    const bytes = current.subarray(0, wanted + carry);
    const first = bytes.indexOf(0x0a) + 1;
    carry = Math.min(first > 0 ? first : bytes.length, maxCarry);
    // The other buffer's carry was taken over: it is free.
    const next = isFirst ? undefined : readBefore(other);
    yield { bytes, isFirst, isShort: bytesRead < wanted };
    if (!next) return;
    ({ wanted, reading } = next);
    [current, other] = [other, current];
  }
}

class ChunkScan {
  readonly #query: LogQuery;
  readonly #onMatch: (line: TallyLine) => void;

  constructor(query: LogQuery, onMatch: (line: TallyLine) => void) {
    this.#query = query;
    this.#onMatch = onMatch;
  }

  /** Looks at the whole lines of a chunk, the last one first. */
  read(chunk: Buffer, isFirst: boolean): void {
    const { prefilter } = this.#query.include ?? {};
    // What stands before the first line break belongs to a line that begins further up.
    const start = isFirst ? 0 : chunk.indexOf(0x0a) + 1;
    if (!prefilter || (start === 0 && !isFirst)) return;
    const lines: { from: number; to: number }[] = [];
    let at = prefilter.next(chunk, start, chunk.length);
    while (at !== -1) {
      const from = chunk.lastIndexOf(0x0a, at) + 1;
      const next = chunk.indexOf(0x0a, at);
      const to = next === -1 ? chunk.length : next;
      lines.push({ from: Math.max(start, from), to });
      at = to >= chunk.length ? -1 : prefilter.next(chunk, to + 1, chunk.length);
    }
    for (const { from, to } of lines.reverse()) this.#look(chunk, start, from, to);
  }

  #look(chunk: Buffer, start: number, from: number, to: number): void {
    const line = lineAt(chunk, from, to);
    const head = readHead(line.text);
    const above = head.atMs === undefined ? headAbove(chunk, start, from) : head;
    const level =
      head.level ??
      (head.atMs === undefined && !/^\s/.test(line.text) ? guessLevel(line.text) : undefined) ??
      above.level ??
      "info";
    const atMs = head.atMs;
    const whenMs = atMs ?? above.atMs;
    const { fromMs, untilMs } = this.#query;
    if (whenMs !== undefined && (whenMs < fromMs || whenMs >= untilMs)) return;
    const found = { ...line, atMs, level };
    if (matchesQuery(found, this.#query)) this.#onMatch(found);
  }
}

function lineAt(chunk: Buffer, from: number, to: number): { text: string; omittedBytes: number } {
  const end = to > from && chunk[to - 1] === 0x0d ? to - 1 : to;
  const kept = Math.min(end, from + maxLineBytes);
  return { text: chunk.toString("utf8", from, kept), omittedBytes: end - kept };
}

const longestUntimedRun = 200;

/** Time and severity of the nearest line above that has a time, within the chunk. */
function headAbove(chunk: Buffer, start: number, from: number): ReturnType<typeof readHead> {
  let end = from - 1;
  for (let lines = 0; end > start && lines < longestUntimedRun; lines++) {
    const begin = Math.max(start, chunk.lastIndexOf(0x0a, end - 1) + 1);
    const head = readHead(chunk.toString("utf8", begin, Math.min(end, begin + 512)));
    if (head.atMs !== undefined) return head;
    end = begin - 1;
  }
  return { atMs: undefined, level: undefined };
}
