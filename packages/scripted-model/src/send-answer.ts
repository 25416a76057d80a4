import type { ServerResponse } from "node:http";
import type { Piece } from "./piece.ts";
import type { Trouble } from "./reply.ts";

export type Answer = {
  readonly pieces: readonly Piece[];
  readonly trouble: Trouble | undefined;
  /** Of the API in use. */
  readonly errorEvent: (type: string, message: string) => string;
};

/** Waits as the script says, and no longer than the request lasts. */
export type Wait = (ms: number) => Promise<void>;

/**
 * Sends the pieces until the trouble comes. Resolves when nothing more is to be sent; a stalled
 * response stays open.
 */
export async function sendAnswer(response: ServerResponse, answer: Answer, wait: Wait) {
  const { pieces, trouble } = answer;
  response.writeHead(200, { "content-type": "text/event-stream" });
  let deltas = 0;
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (piece.kind === "wait") {
      await wait(piece.ms);
      continue;
    }
    if (piece.isDelta) {
      if (breaksOff(response, answer, deltas)) return;
      deltas += 1;
    }
    if (trouble?.kind === "trickle") await trickle(response, piece.text, trouble, wait);
    else await write(response, piece.text);
  }
  // A trouble after the last delta.
  if (!breaksOff(response, answer, deltas)) response.end();
}

/** Whether the trouble comes at this delta, and has come. */
function breaksOff(response: ServerResponse, answer: Answer, deltas: number): boolean {
  const { trouble } = answer;
  if (trouble === undefined || !("afterDeltas" in trouble)) return false;
  if (trouble.afterDeltas !== deltas) return false;
  switch (trouble.kind) {
    case "reset":
      response.socket?.resetAndDestroy();
      return true;
    case "cut":
      response.end();
      return true;
    case "stall":
      return true;
    case "error_event":
      response.end(answer.errorEvent(trouble.type, trouble.message));
      return true;
    default:
      return trouble satisfies never;
  }
}

async function trickle(
  response: ServerResponse,
  text: string,
  { bytesPerSecond }: { bytesPerSecond: number },
  wait: Wait,
): Promise<void> {
  for (const byte of Buffer.from(text)) {
    if (response.destroyed) return;
    await write(response, Buffer.from([byte]));
    await wait(1_000 / bytesPerSecond);
  }
}

/** Resolves when the bytes are with the kernel, or the client is gone. */
function write(response: ServerResponse, data: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(data, () => resolve());
  });
}
