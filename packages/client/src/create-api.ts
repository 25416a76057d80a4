import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { SessionService } from "@resonance/mq-proto/gateway";
import { ClientError, toClientError } from "./client-error.ts";
import { defaultTiming } from "./timing.ts";
import { type TokenSource, tokenSource } from "./token-source.ts";

export type Api = Client<typeof SessionService>;

/**
 * The sessions, messages and people of one signed-in user. Every method takes `{ signal }` and
 * throws ClientError; a request without an answer fails after 15 s with `timed_out`. What is
 * refused for its token is asked once more with a renewed one, where the source has any.
 */
export function createApi(baseUrl: string, token: string | TokenSource, timeoutMs?: number): Api {
  return createClient(SessionService, createTransport(baseUrl, { token, timeoutMs }));
}

/** A Connect transport whose failures are ClientErrors. */
export function createTransport(
  baseUrl: string,
  options: { token?: string | TokenSource; timeoutMs?: number | undefined } = {},
): Transport {
  const transport = createConnectTransport({
    baseUrl,
    defaultTimeoutMs: options.timeoutMs ?? defaultTiming.requestTimeoutMs,
  });
  const source = options.token === undefined ? undefined : tokenSource(options.token);
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      const call = (token?: string) => {
        const headers = new Headers(header);
        if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
        return transport
          .unary(method, signal, timeoutMs, headers, input, contextValues)
          .catch(fail);
      };
      if (!source) return await call();
      const until = signal ?? new AbortController().signal;
      const token = await source.token(until).catch(fail);
      try {
        return await call(token);
      } catch (error) {
        if (!(error instanceof ClientError) || error.reason !== "not_signed_in") throw error;
        return await call(await source.renewed(token, until).catch(fail));
      }
    },
    stream: transport.stream,
  };
}

function fail(error: unknown): never {
  throw toClientError(error);
}
