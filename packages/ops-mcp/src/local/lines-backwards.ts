import type { FileHandle } from "node:fs/promises";
import { type StreamLine, toLine, maxLineBytes as usualMaxLineBytes } from "../lines-of-stream.ts";

/** One line, without its line break. */
export type RawLine = StreamLine & {
  /** The file ended without a line break: somebody may be writing the rest. */
  readonly unfinished: boolean;
};

export type ReadOptions = {
  readonly chunkBytes?: number;
  readonly maxLineBytes?: number;
  /** Called when the file is shorter than it was when reading began; nothing follows. */
  readonly onShrunk?: () => void;
};

const lineBreak = 0x0a;

/**
 * Yields the lines of a file from the last one to the first, in batches of one chunk. Holds one
 * chunk and one line at a time, whatever the file's size; of a line that is longer than
 * `maxLineBytes` (64 KiB) its beginning. What is appended meanwhile is not read. Bytes that are not
 * UTF-8 become U+FFFD.
 */
export async function* linesBackwards(
  file: FileHandle,
  options: ReadOptions,
  signal: AbortSignal,
): AsyncGenerator<RawLine[], void, undefined> {
  const maxLineBytes = options.maxLineBytes ?? usualMaxLineBytes;
  let position = (await file.stat()).size;
  // What was read of the line whose beginning is still to come.
  let carry: Buffer = Buffer.alloc(0);
  let omitted = 0;
  let isLast = true;
  const lineOf = (bytes: Buffer): RawLine => ({
    ...toLine(bytes, omitted, maxLineBytes),
    unfinished: isLast,
  });
  while (position > 0) {
    signal.throwIfAborted();
    const wanted = Math.min(options.chunkBytes ?? 256 * 1024, position);
    position -= wanted;
    const chunk = Buffer.alloc(wanted);
    const { bytesRead } = await file.read(chunk, 0, wanted, position);
    if (bytesRead < wanted) {
      options.onShrunk?.();
      return;
    }
    const joined = Buffer.concat([chunk, carry]);
    const batch: RawLine[] = [];
    let end = joined.length;
    // Line breaks are only in the chunk: the carry was searched when it was read.
    let found = joined.lastIndexOf(lineBreak, wanted - 1);
    while (found !== -1) {
      const line = joined.subarray(found + 1, end);
      // A file that ends in a line break has nothing after it.
      if (!(isLast && line.length === 0)) batch.push(lineOf(line));
      isLast = false;
      omitted = 0;
      end = found;
      found = found === 0 ? -1 : joined.lastIndexOf(lineBreak, found - 1);
    }
    omitted += Math.max(0, end - maxLineBytes);
    carry = Buffer.from(joined.subarray(0, Math.min(end, maxLineBytes)));
    if (batch.length > 0) yield batch;
  }
  if (carry.length > 0 || !isLast) yield [lineOf(carry)];
}
