import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type FakePrometheus = AsyncDisposable & {
  readonly url: string;
  /** Names of metrics, which their targets choose. */
  readonly names: string[];
};

/** Prometheus as far as the tools ask it. A query about a foreign namespace gives `marker`. */
export async function openFakePrometheus(marker: string): Promise<FakePrometheus> {
  const names: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://prometheus");
    const data = answerTo(pathname, searchParams.get("query") ?? "", names, marker);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ status: "success", data }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // listen() on host and port gives an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    names,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo(path: string, query: string, names: readonly string[], marker: string): unknown {
  switch (path) {
    case "/api/v1/label/__name__/values":
      return names;
    case "/api/v1/metadata":
      return {};
    case "/api/v1/alerts":
      return { alerts: [] };
    default: {
      const isForeign = /vault|kube-system/.test(query);
      const metric = { __name__: "secret_info", note: marker };
      const values = [[Math.floor(Date.now() / 1_000) - 60, "1"]];
      return { resultType: "matrix", result: isForeign ? [{ metric, values }] : [] };
    }
  }
}
