import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeHome } from "./testing/home.ts";
import { serveHttp, token } from "./testing/served.ts";

// Each starts processes that read much code, and others may be at work on the machine.
vi.setConfig({ testTimeout: 90_000 });

const conformance = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/conformance/dist/index.js",
);
let stack: AsyncDisposableStack;
let url: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const served = stack.use(await serveHttp({ RESONANCE_HOME: await makeHome(["a line"]) }));
  url = await bearToken(served.url);
});
afterAll(() => stack.disposeAsync());

/** The suite cannot send a token: this hands its requests on with one, and changes nothing else. */
async function bearToken(target: string): Promise<string> {
  const { hostname, port } = new URL(target);
  const proxy = createServer((incoming, response) => {
    const { method, url: path, headers } = incoming;
    const authorization = `Bearer ${token}`;
    const onward = request(
      { hostname, port, path, method, headers: { ...headers, authorization } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  stack.defer(() => void proxy.close().closeAllConnections());
  const { port: own } = proxy.address() as AddressInfo;
  return `http://127.0.0.1:${own}/mcp`;
}

// docs/mcp.md says which scenarios there are besides, and why they do not apply.
test.each(["server-initialize", "ping", "tools-list", "dns-rebinding-protection"])(
  "the official conformance suite passes: %s",
  async (scenario) => {
    const words = [conformance, "server", "--url", url, "--scenario", scenario];
    const cwd = mkdtempSync(join(tmpdir(), "conformance-"));
    const suite = spawn(process.execPath, words, { cwd, stdio: ["ignore", "pipe", "inherit"] });

    const output = await text(suite.stdout);

    expect(output).toMatch(/Passed: ([1-9]\d*)\/\1, 0 failed/);
  },
);
