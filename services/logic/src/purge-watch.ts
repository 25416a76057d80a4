import { duplicateWindowMs, type Removed } from "@resonance/bus";

// What is stored right before a purge is taken for a copy until the window is over.
const againAfterMs = duplicateWindowMs + 5_000;

/**
 * Notices that somebody removes events from the stream that no consumer was given, as
 * `nats stream purge` does, and tells when those are to be looked for: at once, and again when the
 * stream takes copies of the newest of them, which it goes on taking for duplicates.
 *
 * Looks are compared with the one before: as many events as are given again between two looks may
 * be removed unnoticed, and so may those that consumers hold and then fail to handle.
 */
export class PurgeWatch {
  #last: Removed | undefined;
  #dueAtMs: readonly number[] = [];

  /** Takes what is counted at a look. Gives how many were removed since the last one, at least. */
  look(removed: Removed | undefined, nowMs: number): number {
    const last = this.#last;
    this.#last = removed;
    if (!last || !removed || last.counter !== removed.counter) return 0;
    const events = Math.max(0, removed.atLeast - last.atMost);
    if (events > 0) this.#dueAtMs = [...this.#dueAtMs, nowMs, nowMs + againAfterMs];
    return events;
  }

  /** Whether removed events are to be looked for. */
  isDue(nowMs: number): boolean {
    return this.#dueAtMs.some((dueAtMs) => dueAtMs <= nowMs);
  }

  /** They are noted as lost. */
  noted(nowMs: number): void {
    this.#dueAtMs = this.#dueAtMs.filter((dueAtMs) => dueAtMs > nowMs);
  }
}
