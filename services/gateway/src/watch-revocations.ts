import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@resonance/kit";
import type { Connections } from "./connections.ts";
import type { LogicClients } from "./logic-clients.ts";

/** Often enough that a socket outlives its token by far less than 30 s. */
export const askEveryMs = 5_000;

/**
 * Closes, until disposed, the sockets whose tokens are revoked. While Logic is away nothing is
 * learned; what was revoked meanwhile is learned when it is back.
 */
export function watchRevocations(
  deps: {
    readonly logic: Pick<LogicClients, "auth">;
    readonly connections: Connections;
    readonly log: Logger;
  },
  everyMs = askEveryMs,
): AsyncDisposable {
  const stop = new AbortController();
  const watching = watch(deps, everyMs, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort(new Error("the gateway is stopping"));
      await watching;
    },
  };
}

async function watch(
  { logic, connections, log }: Parameters<typeof watchRevocations>[0],
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  let createdAfterMs = 0n;
  let isKnown = true;
  while (!signal.aborted) {
    try {
      await delay(everyMs, undefined, { signal });
      const answer = await logic.auth.listRevocations({ createdAfterMs }, signal);
      createdAfterMs = answer.asOfMs;
      isKnown = true;
      for (const revocation of answer.revocations) {
        for (const connection of connections.of(revocation.username)) {
          if (!connection.endIfRevoked(revocation)) continue;
          const { id: connectionId, username } = connection;
          log.info({ connectionId, username }, "token revoked: socket closed");
        }
      }
    } catch (error) {
      // Said once for each time that Logic is away.
      if (isKnown && !signal.aborted) log.warn({ err: error }, "cannot ask what was revoked");
      isKnown = false;
    }
  }
}
