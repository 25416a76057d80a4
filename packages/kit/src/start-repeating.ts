import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "./log.ts";

/**
 * Does some work until disposed: first after `everyMs`, and again so long after the last time has
 * ended. Work that fails is logged in the words of `failure`, and done again at its next time.
 * Disposing aborts the signal and waits for the work under way.
 */
export function startRepeating(
  options: { readonly everyMs: number; readonly log: Logger; readonly failure: string },
  work: (signal: AbortSignal) => Promise<unknown>,
): AsyncDisposable {
  const { everyMs, log, failure } = options;
  const stop = new AbortController();
  const running = (async () => {
    while (!stop.signal.aborted) {
      try {
        await delay(everyMs, undefined, { signal: stop.signal });
        await work(stop.signal);
      } catch (error) {
        if (!stop.signal.aborted) log.warn({ err: error }, failure);
      }
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
