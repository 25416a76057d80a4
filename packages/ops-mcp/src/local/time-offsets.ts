import type { FileHandle } from "node:fs/promises";
import { readHead } from "../log-line.ts";

export type TimedLine = { readonly offset: number; readonly atMs: number };

const probeBytes = 64 * 1024;
const mostProbes = 16;

/**
 * Where to begin so as to read every line from an instant on, in a file in the order of time: the
 * beginning of a line before it, at most 64 KiB too early, or 0.
 */
export async function findStart(
  file: FileHandle,
  size: number,
  instantMs: number,
  signal: AbortSignal,
): Promise<number> {
  let low = 0;
  let high = size;
  while (high - low > probeBytes) {
    const middle = Math.floor((low + high) / 2);
    const line = await timedLineAfter(file, middle, size, signal);
    if (line === undefined || line.atMs >= instantMs || line.offset >= high) high = middle;
    else low = line.offset;
  }
  return low;
}

/** Where to end so as to read every line before an instant: the beginning of a line, or the size. */
export async function findEnd(
  file: FileHandle,
  size: number,
  instantMs: number,
  signal: AbortSignal,
): Promise<number> {
  const last = await timedLineAfter(file, Math.max(0, size - probeBytes), size, signal);
  if (last !== undefined && last.atMs < instantMs) return size;
  let low = 0;
  let high = size;
  while (high - low > probeBytes) {
    const middle = Math.floor((low + high) / 2);
    const line = await timedLineAfter(file, middle, size, signal);
    if (line === undefined || line.atMs < instantMs) low = middle;
    else high = middle;
  }
  if (high === size) return size;
  return (await timedLineAfter(file, high, size, signal))?.offset ?? size;
}

/** The first line that begins at or after a position and has a time; looks at 1 MiB at most. */
export async function timedLineAfter(
  file: FileHandle,
  position: number,
  size: number,
  signal: AbortSignal,
): Promise<TimedLine | undefined> {
  const buffer = Buffer.allocUnsafe(probeBytes);
  // From the byte before, so that a line which begins at the position is found.
  let at = Math.max(0, position - 1);
  let isLineStart = position === 0;
  for (let probe = 0; probe < mostProbes && at < size; probe++) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, Math.min(probeBytes, size - at), at);
    if (bytesRead === 0) return undefined;
    const bytes = buffer.subarray(0, bytesRead);
    let start = isLineStart ? 0 : bytes.indexOf(0x0a) + 1;
    if (start === 0 && !isLineStart) {
      at += bytesRead;
      continue;
    }
    for (;;) {
      const end = bytes.indexOf(0x0a, start);
      const isWhole = end !== -1 || at + bytesRead >= size;
      // The head of a long line is enough to know its time.
      if (!isWhole && bytesRead - start < 1_024) break;
      const { atMs } = readHead(bytes.toString("utf8", start, end === -1 ? bytesRead : end));
      if (atMs !== undefined) return { offset: at + start, atMs };
      if (end === -1) break;
      start = end + 1;
    }
    // Goes on with the line that was cut, or after one that is longer than a probe.
    isLineStart = start > 0 && start < bytesRead && bytesRead - start < 1_024;
    at += isLineStart ? start : bytesRead;
  }
  return undefined;
}
