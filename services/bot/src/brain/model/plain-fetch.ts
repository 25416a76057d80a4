import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";

type Asked = {
  readonly method?: string | undefined;
  readonly headers?: HeadersInit | undefined;
  /** Nothing but text: that is what models are asked with. */
  readonly body?: BodyInit | null | undefined;
  readonly signal?: AbortSignal | null | undefined;
};

/**
 * What `fetch` does for a model's endpoint, with its answers and its errors, and nothing besides: it
 * follows no redirect, takes no cookie and unpacks nothing. A request of `fetch` outlives its answer
 * until the old generation is collected, the conversation that it carries included, and takes
 * longer.
 */
export function plainFetch(input: string | URL | Request, asked: Asked = {}): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  const { method = "GET", body, signal } = asked;
  const headers = Object.fromEntries(new Headers(asked.headers));
  const request = url.protocol === "https:" ? requestTls : requestPlain;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const options = { method, headers: { ...headers, "accept-encoding": "identity" } };
    const call = request(url, options, (answer) => {
      try {
        resolve(responseOf(answer, signal));
      } catch (error) {
        call.destroy();
        reject(error);
      }
    });
    const abort = () => call.destroy();
    signal?.addEventListener("abort", abort, { once: true });
    call.on("close", () => signal?.removeEventListener("abort", abort));
    call.on("error", (cause) => reject(brokenBy(cause, "fetch failed", signal)));
    call.end(body);
  });
}

function responseOf(answer: IncomingMessage, signal: AbortSignal | null | undefined): Response {
  const { statusCode: status = 0, statusMessage: statusText = "" } = answer;
  if (status >= 300 && status < 400) {
    throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") });
  }
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const isEmpty = status === 204 || status === 205;
  if (isEmpty) answer.resume();
  return new Response(isEmpty ? null : bodyOf(answer, signal), { status, statusText, headers });
}

function bodyOf(
  answer: IncomingMessage,
  signal: AbortSignal | null | undefined,
): ReadableStream<Uint8Array> {
  let isOver = false;
  return new ReadableStream({
    start(controller) {
      answer.on("data", (chunk: Buffer) => {
        if (isOver) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) answer.pause();
      });
      answer.on("end", () => {
        if (!isOver) controller.close();
        isOver = true;
      });
      answer.on("error", (cause) => {
        if (!isOver) controller.error(brokenBy(cause, "terminated", signal));
        isOver = true;
      });
      answer.pause();
    },
    pull: () => void answer.resume(),
    cancel() {
      isOver = true;
      answer.destroy();
    },
  });
}

/** As `fetch` puts it. */
function brokenBy(
  cause: Error,
  message: "fetch failed" | "terminated",
  signal: AbortSignal | null | undefined,
): unknown {
  return signal?.aborted ? signal.reason : new TypeError(message, { cause });
}
