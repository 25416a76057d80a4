import { createHook } from "node:async_hooks";
import { isIPv6 } from "node:net";

export type WatchedConnections = Disposable & {
  /**
   * In order: `host:port` of each connection and datagram, a path for a socket of this machine,
   * and each name that was looked up.
   */
  readonly tried: () => readonly string[];
};

// What Node itself asks the system for, below every client.
const kinds = new Set([
  "TCPCONNECTWRAP",
  "PIPECONNECTWRAP",
  "UDPSENDWRAP",
  "GETADDRINFOREQWRAP",
  "QUERYWRAP",
]);

/** Sees where this process goes from now on, whatever comes of it. Connections that are there stay unseen. */
export function watchConnections(): WatchedConnections {
  const requests: object[] = [];
  const hook = createHook({
    init: (_id, kind, _trigger, resource) => void (kinds.has(kind) && requests.push(resource)),
  }).enable();
  return {
    tried: () => requests.map(destinationOf),
    [Symbol.dispose]: () => void hook.disable(),
  };
}

/** Node fills in its request only after the hook has seen it. */
function destinationOf(request: object): string {
  const { hostname, address, port }: Record<string, unknown> = { ...request };
  const host = String(hostname ?? address);
  if (port === undefined) return host;
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
