import type { FileHandle } from "node:fs/promises";
import { guessLevel, readHead } from "../log-line.ts";
import { type IncompleteCause, type LogQuery, matchesQuery, type TallyLine } from "../log-tally.ts";
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
const chunkBytes = 512 * 1024;
const maxLineBytes = 64 * 1024;
// As in search-log: lines of processes that share a file stand slightly out of order.
const disorderMs = 10_000;

/** Whether reading only the lines with the filter's word gives what is wanted, and is worth it. */
export function canScan(size: number, query: LogQuery): boolean {
  return size >= smallest && query.context === 0 && query.include?.prefilter !== undefined;
}

/**
 * Looks at the lines that have the filter's word, from the end of the window back to its start.
 * The file is taken to be in the order of time, but for 10 s. Memory: two chunks, whatever its size.
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
  const buffer = Buffer.allocUnsafe(chunkBytes + maxLineBytes);
  let incompleteBecause: IncompleteCause | undefined;
  let position = end;
  // Bytes of the line whose beginning lies in the chunk before, at the buffer's end after a move.
  let carry = 0;
  while (position > begin && incompleteBecause === undefined) {
    signal.throwIfAborted();
    if (performance.now() > scan.deadline) incompleteBecause = "out_of_time";
    const wanted = Math.min(chunkBytes, position - begin);
    buffer.copyWithin(wanted, 0, carry);
    const { bytesRead } = await file.read(buffer, 0, wanted, position - wanted);
    if (bytesRead < wanted) incompleteBecause = "file_shrank";
    else {
      position -= wanted;
      const chunk = buffer.subarray(0, wanted + carry);
      // What stands before the first line break belongs to a line that begins further up.
      const first = position === begin ? 0 : chunk.indexOf(0x0a) + 1;
      if (first > 0 || position === begin) reader.read(chunk, first);
      carry = first > 0 ? Math.min(first, maxLineBytes) : Math.min(chunk.length, maxLineBytes);
    }
  }
  const oldest = await timedLineAfter(file, begin, size, signal);
  return { oldestMs: oldest?.atMs, isBeforeWindow: begin > 0, incompleteBecause };
}

class ChunkScan {
  readonly #query: LogQuery;
  readonly #onMatch: (line: TallyLine) => void;

  constructor(query: LogQuery, onMatch: (line: TallyLine) => void) {
    this.#query = query;
    this.#onMatch = onMatch;
  }

  /** Looks at the lines of a chunk that begin at or after `start`, the last one first. */
  read(chunk: Buffer, start: number): void {
    const { prefilter } = this.#query.include ?? {};
    if (!prefilter) return;
    const text = chunk.toString("latin1", start);
    const lines: { from: number; to: number }[] = [];
    prefilter.lastIndex = 0;
    for (let found = prefilter.exec(text); found; found = prefilter.exec(text)) {
      const from = text.lastIndexOf("\n", found.index) + 1;
      const next = text.indexOf("\n", found.index);
      const to = next === -1 ? text.length : next;
      lines.push({ from: start + from, to: start + to });
      prefilter.lastIndex = to + 1;
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
