import { ChatError } from "@resonance/kit";
import type { MsgId } from "@resonance/mq-proto";

const counterBits = 12n;
const workerBits = 10n;
const maxCounter = (1 << Number(counterBits)) - 1;

/** The unix milliseconds in an id: the time its message was stored, as far as clocks were right. */
export function msgIdAtMs(unixMs: number): bigint {
  return BigInt(unixMs) << (counterBits + workerBits);
}

/** The worker id in a message's id. */
export function workerIdOf(msgId: bigint): number {
  return Number((msgId >> counterBits) & ((1n << workerBits) - 1n));
}

/**
 * Gives out snowflakes: unix ms << 22 | worker << 12 | counter. Rising within a process: a clock
 * that steps back, or more than 4,096 ids in a millisecond, is bridged by counting on.
 *
 * @param mayIssue false while the worker id's lease is not certain; then ids are refused.
 */
export class IdGenerator {
  readonly #workerId: () => number;
  readonly #mayIssue: () => boolean;
  readonly #nowMs: () => number;
  #lastMs = 0;
  #counter = 0;

  constructor(workerId: () => number, mayIssue: () => boolean, nowMs: () => number = Date.now) {
    this.#workerId = workerId;
    this.#mayIssue = mayIssue;
    this.#nowMs = nowMs;
  }

  next(): MsgId {
    if (!this.#mayIssue()) {
      throw new ChatError("unavailable", "the lease of this process's worker id has lapsed");
    }
    const nowMs = this.#nowMs();
    if (nowMs > this.#lastMs) {
      this.#lastMs = nowMs;
      this.#counter = 0;
    } else if (this.#counter < maxCounter) {
      this.#counter += 1;
    } else {
      this.#lastMs += 1;
      this.#counter = 0;
    }
    const worker = BigInt(this.#workerId()) << counterBits;
    const id = msgIdAtMs(this.#lastMs) | worker | BigInt(this.#counter);
    // Made by the one who defines what a message id is.
    return id as MsgId;
  }
}
