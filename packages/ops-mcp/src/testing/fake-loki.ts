import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A line that Loki has collected. */
export type LokiLine = {
  readonly atMs: number;
  readonly text: string;
  readonly labels: Readonly<Record<string, string>>;
};

/** A Loki of our own over HTTP: `query_range` with a selector and one line filter. */
export type FakeLoki = AsyncDisposable & {
  readonly url: string;
  lines: readonly LokiLine[];
  /** The queries that were asked, oldest first. */
  readonly asked: string[];
  /** Set, it answers requests instead, or leaves them hanging when it does nothing. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
};

/** Starts it on a free port of loopback. */
export async function openFakeLoki(): Promise<FakeLoki> {
  const server = createServer((request, response) => {
    if (loki.intercept?.(request, response)) return;
    answer(loki, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // listen() on host and port gives an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const loki: FakeLoki = {
    url: `http://127.0.0.1:${port}`,
    lines: [],
    asked: [],
    intercept: undefined,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return loki;
}

function answer(loki: FakeLoki, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://loki");
  const query = searchParams.get("query") ?? "";
  const parsed = /^\{([^}]*)\}(?: \|~ ("(?:[^"\\]|\\.)*"))?$/.exec(query);
  if (pathname !== "/loki/api/v1/query_range" || !parsed) {
    response.writeHead(400, { "content-type": "text/plain" }).end(`parse error in ${query}`);
    return;
  }
  loki.asked.push(query);
  const matches = matcherOf(parsed[1] ?? "", parsed[2]);
  const startMs = Number(BigInt(searchParams.get("start") ?? 0) / 1_000_000n);
  const end = BigInt(searchParams.get("end") ?? 0);
  const found = loki.lines
    .filter((line) => line.atMs >= startMs && BigInt(line.atMs) * 1_000_000n < end)
    .filter(matches)
    .toSorted((one, other) => other.atMs - one.atMs)
    .slice(0, Number(searchParams.get("limit") ?? 100));
  const streams = Map.groupBy(found, ({ labels }) => JSON.stringify(labels));
  const result = [...streams.values()].map((lines) => ({
    stream: lines[0]?.labels ?? {},
    values: lines.map(({ atMs, text }) => [String(BigInt(atMs) * 1_000_000n), text]),
  }));
  const body = { status: "success", data: { resultType: "streams", result } };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function matcherOf(selector: string, filter: string | undefined): (line: LokiLine) => boolean {
  const labels = [...selector.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)];
  const source = filter === undefined ? undefined : String(JSON.parse(filter));
  const expression =
    source === undefined ? undefined : new RegExp(source.replace(/^\(\?i\)/, ""), "i");
  return (line) =>
    labels.every(([, key = "", value]) => line.labels[key] === value) &&
    (expression === undefined || expression.test(line.text));
}
