import { setTimeout as delay } from "node:timers/promises";

/**
 * Runs an operation until it succeeds, `retryable` refuses its error, or `attempts` are used up.
 * Waits a random time up to `baseMs` doubled per attempt, at most `maxMs`, in between.
 *
 * @throws the last error of the operation, or the signal's reason.
 */
export async function retry<Result>(
  operation: (attempt: number) => Promise<Result>,
  options: {
    attempts: number;
    baseMs: number;
    maxMs: number;
    retryable: (error: unknown) => boolean;
  },
  signal: AbortSignal,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (error) {
      if (attempt >= options.attempts || !options.retryable(error)) throw error;
      const ceilingMs = Math.min(options.maxMs, options.baseMs * 2 ** (attempt - 1));
      await delay(Math.random() * ceilingMs, undefined, { signal }).catch(() =>
        signal.throwIfAborted(),
      );
    }
  }
}
