import type { Logger } from "@resonance/kit";

const sayEveryMs = 10_000;

/**
 * Tells of events that could not be published: each is counted, and the log has a line for the
 * first, at most one every 10 s after that, and one when publishing works again.
 */
export class PublishTrouble {
  readonly #log: Logger;
  readonly #count: (events: number) => void;
  readonly #nowMs: () => number;
  #unsaid = 0;
  #isOngoing = false;
  #saidAtMs = Number.NEGATIVE_INFINITY;

  constructor(log: Logger, count: (events: number) => void, nowMs = () => performance.now()) {
    this.#log = log;
    this.#count = count;
    this.#nowMs = nowMs;
  }

  failed(events: number, cause: unknown): void {
    this.#count(events);
    this.#unsaid += events;
    this.#isOngoing = true;
    if (this.#nowMs() - this.#saidAtMs < sayEveryMs) return;
    this.#saidAtMs = this.#nowMs();
    this.#log.error({ err: cause, events: this.#unsaid }, "events stay in the outbox");
    this.#unsaid = 0;
  }

  passed(): void {
    if (!this.#isOngoing) return;
    this.#isOngoing = false;
    this.#unsaid = 0;
    this.#saidAtMs = Number.NEGATIVE_INFINITY;
    this.#log.info("events are published again");
  }
}
