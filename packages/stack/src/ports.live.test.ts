import { createServer } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { freePort } from "@resonance/testkit";
import { expect, test } from "vitest";
import { assertHttpPortFree } from "./ports.ts";

const never = new AbortController().signal;

async function listen(server: Server, host: string): Promise<number> {
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return port;
}

function closing(server: Server): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

test("a port that is taken is named, with a command for another one", async () => {
  const server = createTcpServer((socket) => socket.destroy());
  await using _ = closing(server);
  const port = await listen(server, "127.0.0.1");

  const check = assertHttpPortFree(port, never);

  await expect(check).rejects.toThrow(`port ${port} is taken\n`);
  await expect(check).rejects.toThrow(/^ {2}RESONANCE_HTTP_PORT=\d+ npm start$/m);
});

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((at) => at?.address === "::1");

test.runIf(hasIpv6)("a port that a browser would reach elsewhere counts as taken", async () => {
  const server = createTcpServer();
  await using _ = closing(server);
  const port = await listen(server, "::1");

  await expect(assertHttpPortFree(port, never)).rejects.toThrow(`port ${port} is taken`);
});

test("another Resonance on the port is recognised, and a second home advised", async () => {
  const server = createServer((_, response) => response.end("<title>Resonance</title>"));
  await using _ = closing(server);
  const port = await listen(server, "127.0.0.1");

  const check = assertHttpPortFree(port, never);

  await expect(check).rejects.toThrow(`port ${port} is taken by another Resonance`);
  await expect(check).rejects.toThrow("RESONANCE_HOME=.resonance-2 RESONANCE_HTTP_PORT=");
});
