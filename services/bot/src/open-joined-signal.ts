/**
 * A signal that aborts with the first of these, until it is disposed. What listens to a signal of
 * `AbortSignal.any` is kept by the collector of the young generation, with all that it knows: a
 * question would live on until the old generation is collected.
 */
export function openJoinedSignal(
  ...signals: readonly AbortSignal[]
): Disposable & { readonly signal: AbortSignal } {
  const joined = new AbortController();
  const abort = () => joined.abort(signals.find(({ aborted }) => aborted)?.reason);
  for (const signal of signals) signal.addEventListener("abort", abort, { once: true });
  if (signals.some(({ aborted }) => aborted)) abort();
  return {
    signal: joined.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) signal.removeEventListener("abort", abort);
    },
  };
}
