import { setTimeout as delay } from "node:timers/promises";
import { reasonOf, ServersError } from "./servers-error.ts";

export type StartingServer = {
  /** How the server ended, undefined while it runs. */
  readonly ending: () => string | undefined | Promise<string | undefined>;
  readonly logTail: () => string;
};

/**
 * Calls `probe` until it succeeds.
 *
 * @throws ServersError with the end of the server's log when the server exits or stays silent for
 * `timeoutMs`, or the signal's reason.
 */
export async function awaitReady<Result>(
  name: string,
  server: StartingServer,
  probe: (signal: AbortSignal) => Promise<Result>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Result> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 1.5, 100)) {
    signal.throwIfAborted();
    const ending = await server.ending();
    if (ending !== undefined) {
      throw new ServersError(
        `${name} ended while starting (${ending}); the end of its log:\n${server.logTail()}`,
      );
    }
    try {
      return await probe(signal);
    } catch (error) {
      if (performance.now() > deadline) {
        throw new ServersError(
          `${name} was not ready after ${timeoutMs / 1_000} s (${reasonOf(error)}); ` +
            `the end of its log:\n${server.logTail()}`,
          { cause: error },
        );
      }
    }
    await delay(pauseMs, undefined, { signal });
  }
}
