/** Said of an answer that is larger than what is taken. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/**
 * `fetch` whose answers break off after `maxBytes`, which is told too. An event stream may last for
 * days; there it is one event that may not be larger.
 */
export function boundedFetch(
  maxBytes: number,
  onTooLarge: (error: TooLargeError) => void,
): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.body) return response;
    const streams = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
    const body = response.body.pipeThrough(limit(maxBytes, streams, onTooLarge));
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  };
}

function limit(
  maxBytes: number,
  perEvent: boolean,
  onTooLarge: (error: TooLargeError) => void,
): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        const error = new TooLargeError(`the answer is larger than ${maxBytes} bytes`);
        onTooLarge(error);
        controller.error(error);
        return;
      }
      // An empty line ends an event; where it lies on the edge of two chunks, the next one counts.
      const end = perEvent ? lastEmptyLine(chunk) : -1;
      if (end >= 0) bytes = chunk.byteLength - end;
      controller.enqueue(chunk);
    },
  });
}

function lastEmptyLine(chunk: Uint8Array): number {
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return Math.max(text.lastIndexOf("\n\n"), text.lastIndexOf("\r\n\r\n"));
}
