import type { MsgId } from "@resonance/mq-proto";

/**
 * The questions that this process has answered lately: a second delivery of one costs nothing.
 * Only a saving: what makes a repeat harmless is the answer's client id.
 */
export class Answered {
  readonly #ids = new Set<MsgId>();
  readonly #atMost: number;

  constructor(atMost = 10_000) {
    this.#atMost = atMost;
  }

  has(msgId: MsgId): boolean {
    return this.#ids.has(msgId);
  }

  add(msgId: MsgId): void {
    this.#ids.add(msgId);
    if (this.#ids.size <= this.#atMost) return;
    const [oldest] = this.#ids;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }
}
