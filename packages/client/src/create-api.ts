import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { SessionService } from "@resonance/mq-proto/gateway";
import { toClientError } from "./client-error.ts";
import { defaultTiming } from "./timing.ts";

export type Api = Client<typeof SessionService>;

/**
 * The sessions, messages and people of one signed-in user. Every method takes `{ signal }` and
 * throws ClientError; a request without an answer fails after 15 s with `timed_out`.
 */
export function createApi(baseUrl: string, token: string, timeoutMs?: number): Api {
  return createClient(SessionService, createTransport(baseUrl, { token, timeoutMs }));
}

/** A Connect transport whose failures are ClientErrors. */
export function createTransport(
  baseUrl: string,
  options: { token?: string; timeoutMs?: number | undefined } = {},
): Transport {
  const transport = createConnectTransport({
    baseUrl,
    defaultTimeoutMs: options.timeoutMs ?? defaultTiming.requestTimeoutMs,
    interceptors: [
      (next) => (request) => {
        if (options.token) request.header.set("authorization", `Bearer ${options.token}`);
        return next(request);
      },
    ],
  });
  return {
    unary: (...call) =>
      transport.unary(...call).catch((error: unknown) => {
        throw toClientError(error);
      }),
    stream: transport.stream,
  };
}
