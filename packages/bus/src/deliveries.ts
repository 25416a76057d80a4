import type { JsMsg } from "@nats-io/jetstream";

/** One delivery. `ack` or `nak` ends it; without either it comes again. */
export type StoredMessage = {
  readonly payload: Uint8Array;
  /** The value of this header; empty when there is none. */
  header(name: string): string;
  /** From 1. */
  readonly deliveryCount: number;
  ack(): void;
  /** Comes again, after `delayMs` or at once. */
  nak(delayMs?: number): void;
  /** Postpones redelivery by another `ackWaitMs`. */
  working(): void;
};

/**
 * What a consumer brings from when it was declared until it is lost. A message that comes again
 * while it is neither acknowledged nor given back is here already: without that, a process that is
 * held up would hold, and then handle, as many copies as came meanwhile.
 *
 * The server knows a message by its place in the stream. In the stream of another run of the server,
 * or of a consumer that was declared again, another message may have that place, which nobody has
 * handled: there nothing is said of the earlier one.
 */
export class Deliveries {
  readonly #serverIdNow: () => string;
  #serverId = "";
  #isLost = false;
  /** By their places. */
  #held = new Set<number>();

  /** @param serverIdNow the run of the server that is connected; empty while none is */
  constructor(serverIdNow: () => string) {
    this.#serverIdNow = serverIdNow;
  }

  /** Undefined for a copy of a message that is held. */
  take(message: JsMsg): StoredMessage | undefined {
    const serverId = this.#serverIdNow();
    if (serverId !== this.#serverId) {
      this.#serverId = serverId;
      this.#held = new Set();
    }
    const held = this.#held;
    const { seq } = message;
    if (held.has(seq)) return undefined;
    held.add(seq);
    const tell = (word: () => void) => {
      if (!this.#isLost && this.#serverIdNow() === serverId) word();
    };
    const settle = (word: () => void) => {
      held.delete(seq);
      tell(word);
    };
    return {
      payload: message.data,
      header: (name) => message.headers?.get(name) ?? "",
      deliveryCount: message.info.deliveryCount,
      ack: () => settle(() => message.ack()),
      nak: (delayMs) => settle(() => message.nak(delayMs)),
      working: () => tell(() => message.working()),
    };
  }

  /** The consumer is gone. */
  lose(): void {
    this.#isLost = true;
  }
}
