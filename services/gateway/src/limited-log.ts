import type { Logger } from "@resonance/kit";

const everyMs = 10_000;

/**
 * Warnings that strangers can cause at will: of each kind one line in 10 s, which says how many of
 * its kind went unlogged before it.
 */
export class LimitedLog {
  readonly #log: Logger;
  readonly #kinds = new Map<string, { loggedAtMs: number; left: number }>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** `message` is the kind: a fixed text, never one with a name in it. */
  warn(fields: Record<string, unknown>, message: string): void {
    // Not of the wall clock: set back, it would keep everything from the log for as long.
    const nowMs = performance.now();
    const kind = this.#kinds.get(message);
    if (kind && nowMs - kind.loggedAtMs < everyMs) {
      kind.left++;
      return;
    }
    this.#log.warn({ ...fields, ...(kind?.left ? { unlogged: kind.left } : {}) }, message);
    this.#kinds.set(message, { loggedAtMs: nowMs, left: 0 });
  }
}
