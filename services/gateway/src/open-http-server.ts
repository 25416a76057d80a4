import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { ListenAddress } from "@resonance/kit";

const lastAnswersWithinMs = 6_000;

export type HttpServer = AsyncDisposable & {
  /** The port that was taken; of interest when port 0 was asked for. */
  readonly port: number;
};

/** How long a client may take, so that nobody holds a connection without using it. */
export type Patience = {
  readonly headersMs: number;
  /** For a whole request. */
  readonly requestMs: number;
  /** Between requests, and while neither side writes. */
  readonly silenceMs: number;
  readonly checkEveryMs: number;
};

const usualPatience: Patience = {
  headersMs: 10_000,
  requestMs: 30_000,
  silenceMs: 60_000,
  checkEveryMs: 5_000,
};

/**
 * Serves HTTP/1.1. Disposing stops listening and lets running requests finish for at most 6 s;
 * sockets that were upgraded are left to whoever has them.
 *
 * @throws the error of listening, with its `code`.
 */
export async function openHttpServer(
  listen: ListenAddress,
  handlers: {
    readonly request: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  },
  patience: Patience = usualPatience,
): Promise<HttpServer> {
  const running = new Set<ServerResponse>();
  let onIdle: () => void = () => undefined;
  const server = createServer(
    {
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      keepAliveTimeout: patience.silenceMs,
      connectionsCheckingInterval: patience.checkEveryMs,
    },
    (request, response) => {
      running.add(response);
      response.once("close", () => {
        running.delete(response);
        if (running.size === 0) onIdle();
      });
      void handlers.request(request, response);
    },
  );
  // Of sockets that neither read nor write; upgraded ones are exempt.
  server.setTimeout(patience.silenceMs);
  server.on("upgrade", handlers.upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listen.port, listen.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  // listen() on host and port gives an AddressInfo, never a pipe's name.
  const { port } = server.address() as AddressInfo;

  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeIdleConnections();
      if (running.size > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
          setTimeout(resolve, lastAnswersWithinMs).unref();
        });
      }
      server.closeAllConnections();
    },
  };
}
