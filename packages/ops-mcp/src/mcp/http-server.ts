import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import {
  createMcpHandler,
  type McpServerFactory,
  validateHostHeader,
  validateOriginHeader,
} from "@modelcontextprotocol/server";
import type { ListenAddress, Logger } from "@resonance/kit";

export type McpHttpOptions = {
  readonly listen: ListenAddress;
  /** What every request has to bear. */
  readonly token: string;
  /** Host names of the Host and Origin headers: a page of elsewhere cannot get in by its own name. */
  readonly allowedHosts: readonly string[];
  readonly factory: McpServerFactory;
  readonly log: Logger;
};

export type McpHttp = AsyncDisposable & { readonly url: string };

const maxRequestBytes = 256 * 1024;
const maxInFlight = 64;
const maxSubscriptions = 16;

/**
 * Serves MCP over streamable HTTP at `/mcp`. No session is kept between requests; at most 64 are
 * worked on, and 16 streams of changes are open, at a time. Disposing ends what is in flight.
 */
export async function openMcpHttp(options: McpHttpOptions): Promise<McpHttp> {
  const { listen, factory, log } = options;
  const onerror = (error: Error) => log.warn({ err: error }, "mcp request failed");
  const handler = createMcpHandler(factory, {
    maxRequestBodySize: maxRequestBytes,
    maxSubscriptions,
    onerror,
  });
  const serve = toNodeHandler(handler, { maxRequestBodySize: maxRequestBytes, onerror });
  let inFlight = 0;
  const server = createServer((request, response) => {
    const refusal = refuse(options, request, inFlight);
    if (refusal) return answerRefusal(response, refusal);
    inFlight += 1;
    response.once("close", () => {
      inFlight -= 1;
    });
    // What a server receives has a method and a URL; only the type, which is a client's too, may not.
    serve(request as IncomingMessage & { method: string; url: string }, response).catch(
      (error: unknown) => {
        log.error({ err: error }, "mcp request failed");
        response.destroy();
      },
    );
  });
  server.maxConnections = 2 * maxInFlight;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  const port = await listening(server, listen);
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  return {
    url: `http://${host}:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      await handler.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Refusal = {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Why a request goes no further; undefined when it may. */
function refuse(
  { token, allowedHosts }: McpHttpOptions,
  { url, headers }: IncomingMessage,
  inFlight: number,
): Refusal | undefined {
  const host = validateHostHeader(headers.host, [...allowedHosts]);
  if (!host.ok) return { status: 403, message: host.message };
  const origin = validateOriginHeader(headers.origin, [...allowedHosts]);
  if (!origin.ok) return { status: 403, message: origin.message };
  if (!bears(headers.authorization, token)) {
    const challenge = { "www-authenticate": 'Bearer realm="resonance-ops-mcp"' };
    return { status: 401, message: "a bearer token is required", headers: challenge };
  }
  if (url?.split("?")[0] !== "/mcp") return { status: 404, message: "the only path is /mcp" };
  if (inFlight >= maxInFlight) {
    return { status: 503, message: "too many requests at once", headers: { "retry-after": "1" } };
  }
  return undefined;
}

function bears(authorization: string | undefined, token: string): boolean {
  const [, given] = /^Bearer (\S+)$/i.exec(authorization ?? "") ?? [];
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function answerRefusal(response: ServerResponse, { status, message, headers }: Refusal): void {
  const error = { jsonrpc: "2.0", id: null, error: { code: -32_000, message } };
  // The body that was not read would be taken for the next request.
  const close = { connection: "close" };
  response.writeHead(status, { "content-type": "application/json", ...close, ...headers });
  response.end(JSON.stringify(error));
}

function listening(server: Server, { host, port }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
