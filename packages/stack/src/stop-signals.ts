const oneKeyPressMs = 500;
const parentCheckMs = 500;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort. `force` is called when SIGINT or SIGTERM comes
 * again: the user does not want to wait. npm hands Ctrl-C on to a process that the terminal has
 * told already, so what comes within half a second of the first counts as the same key press.
 *
 * With `underNpm` the end of the parent counts as SIGHUP: an npm that is killed says nothing.
 */
export function watchStopSignals(options: {
  readonly underNpm: boolean;
  readonly onStop: () => void;
  readonly force: () => void;
}): Disposable & { readonly signal: AbortSignal } {
  const stop = new AbortController();
  const decide = stopDecision();
  const listener = (name: NodeJS.Signals) => {
    const decision = decide(name, performance.now());
    if (decision === "force") options.force();
    if (decision !== "stop") return;
    stop.abort(new Error(`stopped by ${name}`));
    options.onStop();
  };
  for (const name of signalNames) process.on(name, listener);
  const parent = process.ppid;
  const parentCheck = setInterval(() => {
    if (options.underNpm && process.ppid !== parent) listener("SIGHUP");
  }, parentCheckMs).unref();
  return {
    signal: stop.signal,
    [Symbol.dispose]() {
      clearInterval(parentCheck);
      for (const name of signalNames) process.off(name, listener);
    },
  };
}

const signalNames = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What a signal asks for, given those that came before. */
export function stopDecision(): (name: NodeJS.Signals, nowMs: number) => StopDecision {
  let firstMs: number | undefined;
  return (name, nowMs) => {
    if (firstMs === undefined) {
      firstMs = nowMs;
      return "stop";
    }
    // A terminal that closes may say so several times; that is no impatience.
    if (name === "SIGHUP" || nowMs - firstMs < oneKeyPressMs) return "ignore";
    return "force";
  };
}

type StopDecision = "stop" | "ignore" | "force";
