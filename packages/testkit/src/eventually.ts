import { setTimeout as delay } from "node:timers/promises";

export type EventuallyOptions = {
  /** Default 5,000. */
  timeoutMs?: number;
  /** Pause between attempts. Default 20. */
  intervalMs?: number;
  signal?: AbortSignal | undefined;
};

/**
 * Calls `attempt` until it neither throws nor returns `false`, and returns its result. An attempt
 * that never settles counts as failed when the time is over; its signal is aborted then.
 *
 * @throws the last attempt's error when the time is over, or the signal's reason.
 */
export async function eventually<Result>(
  attempt: (signal: AbortSignal) => Result | Promise<Result>,
  options: EventuallyOptions = {},
): Promise<Exclude<Awaited<Result>, false>> {
  const { timeoutMs = 5_000, intervalMs = 20, signal: outer } = options;
  // Made here, so that the stack names the caller.
  const untrue = new Error(`still false after ${timeoutMs} ms`);
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = outer === undefined ? timeout : AbortSignal.any([outer, timeout]);
  const over = rejection(signal);
  let last: unknown = new Error(`no attempt ended within ${timeoutMs} ms`);
  while (!signal.aborted) {
    try {
      const result = await Promise.race([attempt(signal), over]);
      // The union without false is what Exclude says; TypeScript does not narrow type parameters.
      if (result !== false) return result as Exclude<Awaited<Result>, false>;
      last = untrue;
    } catch (error) {
      if (!signal.aborted) last = error;
    }
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
  outer?.throwIfAborted();
  throw last;
}

function rejection(signal: AbortSignal): Promise<never> {
  const promise = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  // Nobody may be racing against it when it rejects.
  promise.catch(() => undefined);
  return promise;
}
