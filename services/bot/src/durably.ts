import { isRetryable } from "@resonance/db";
import { ChatError, retry } from "@resonance/kit";

/**
 * Tries again for as long as the signal lets it, while what it needs is away or locked by others.
 * What it does may then be done twice: the answer of a write that was done can be lost.
 */
export async function durably<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const options = {
    attempts: Number.POSITIVE_INFINITY,
    baseMs: 50,
    maxMs: 2_000,
    retryable: (error: unknown) =>
      isRetryable(error) || (error instanceof ChatError && error.retryable),
  };
  return await retry(work, options, signal);
}
