import { PassThrough } from "node:stream";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createLogger } from "@resonance/kit";
import { eventually, freePort } from "@resonance/testkit";
import { runOpsMcp } from "../run-ops-mcp.ts";

export const token = "a-token-that-only-this-test-knows-0123456789";

export type Served = AsyncDisposable & { readonly url: string };

/** `resonance-ops-mcp --http` within this process, as its environment says. */
export async function serveHttp(environment: Record<string, string>): Promise<Served> {
  const stop = new AbortController();
  const listen = `127.0.0.1:${await freePort()}`;
  const url = `http://${listen}/mcp`;
  const running = runOpsMcp(
    {
      environment: {
        RESONANCE_MCP_LISTEN: listen,
        RESONANCE_MCP_TOKEN: token,
        RESONANCE_LOG_LEVEL: "silent",
        ...environment,
      },
      log: createLogger("test", "silent"),
      stdin: new PassThrough(),
      stdout: new PassThrough(),
    },
    ["--http"],
    stop.signal,
  );
  await Promise.race([running, eventually(async () => (await fetch(url)).status === 401)]);
  return {
    url,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** A client of it that bears the token; the caller closes it. */
export async function connectTo(
  served: Served,
  mode: "legacy" | "auto" = "legacy",
): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1" },
    { versionNegotiation: { mode }, capabilities: {} },
  );
  const headers = { Authorization: `Bearer ${token}` };
  const url = new URL(served.url);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  return client;
}
