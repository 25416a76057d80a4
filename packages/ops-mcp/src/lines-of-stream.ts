/** One line of a stream of bytes, without its line break. */
export type StreamLine = {
  readonly text: string;
  /** How much of the line's end was left out because it is too long. */
  readonly omittedBytes: number;
};

/** Of a longer line the beginning is kept. */
export const maxLineBytes = 64 * 1024;

/**
 * Cuts a stream at its line breaks, never within a character. Of a line over 64 KiB the beginning
 * is kept. Bytes that are not UTF-8 become U+FFFD. Holds one line and one chunk.
 */
export async function* linesOfStream(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<StreamLine[], void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  let omitted = 0;
  for await (const chunk of chunks) {
    const lines: StreamLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      lines.push(toLine(Buffer.concat([held, chunk.subarray(start, end)]), omitted));
      held = Buffer.alloc(0);
      omitted = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    const room = maxLineBytes - held.length;
    omitted += Math.max(0, rest.length - room);
    held = Buffer.concat([held, rest.subarray(0, Math.max(0, room))]);
    if (lines.length > 0) yield lines;
  }
  if (held.length > 0) yield [toLine(held, omitted)];
}

/** The beginning of a line's bytes as text, without the rest of its line break. */
export function toLine(
  bytes: Buffer,
  omittedBefore: number,
  maxBytes: number = maxLineBytes,
): StreamLine {
  const kept = bytes.subarray(0, maxBytes);
  const text = kept.toString("utf8");
  return {
    text: text.endsWith("\r") ? text.slice(0, -1) : text,
    omittedBytes: omittedBefore + bytes.length - kept.length,
  };
}
