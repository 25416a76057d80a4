import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { ListenAddress } from "./settings.ts";

export type Metrics = AsyncDisposable & {
  readonly registry: Registry;
  /** Where `/metrics` and `/health` are served. */
  readonly url: string;
};

/** Serves `/metrics` (Prometheus text) and `/health`, for operators: bind it to loopback. */
export async function openMetrics(service: string, listen: ListenAddress): Promise<Metrics> {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const server = createServer((request, response) => {
    if (request.url === "/health") {
      response.setHeader("content-type", "application/json").end('{"status":"ok"}');
      return;
    }
    if (request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.setHeader("content-type", registry.contentType).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listen.port, listen.host, resolve);
  });
  // listen() on host and port gives an AddressInfo, never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    registry,
    url: `http://${listen.host}:${port}/metrics`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
