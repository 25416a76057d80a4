/**
 * Runs tasks at once. If one fails the others' signal is aborted, and the first error is thrown
 * when all have ended: nothing is left running behind it.
 */
export async function allOrNone(
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
  signal: AbortSignal,
): Promise<void> {
  const failure = new AbortController();
  const both = AbortSignal.any([signal, failure.signal]);
  const running = tasks.map((task) => task(both));
  try {
    await Promise.all(running);
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(running);
    throw error;
  }
}
