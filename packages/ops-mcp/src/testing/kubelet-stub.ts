import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { KubeLogs } from "./kube-logs.ts";

/** What an API server asks for the logs of a pod. */
export type KubeletStub = AsyncDisposable & { readonly port: number };

/** Serves logs the way a kubelet does, with a certificate that the API server does not check. */
export async function openKubeletStub(
  certificate: { readonly certificateFile: string; readonly keyFile: string },
  logs: KubeLogs,
): Promise<KubeletStub> {
  const credentials = {
    cert: readFileSync(certificate.certificateFile),
    key: readFileSync(certificate.keyFile),
  };
  const server = createServer(credentials, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "https://kubelet");
    const found = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(pathname);
    if (!found?.[1] || !found[2] || !found[3]) {
      response.writeHead(404).end();
      return;
    }
    const where = { namespace: found[1], pod: found[2], container: found[3] };
    const refusal = logs.serve(where, searchParams, response);
    if (refusal !== undefined) response.writeHead(400).end(refusal);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // listen() on host and port gives an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
