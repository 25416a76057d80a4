import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpBackend } from "../backends/http-backend.ts";

/** A server of metrics or alerts that answers as the test says, on a free port of loopback. */
export async function openAnswering(
  name: string,
  answer: RequestListener,
): Promise<HttpBackend & AsyncDisposable> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // listen() on host and port gives an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    token: undefined,
    [Symbol.asyncDispose]: async () => void server.close().closeAllConnections(),
  };
}
