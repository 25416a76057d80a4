import type { MessageInitShape } from "@bufbuild/protobuf";
import type { DeliveryItem } from "@resonance/bus";
import type { BatchedAnswerSchema } from "@resonance/mq-proto/logic";

/** As SendMessagesResponse. */
type Response = {
  readonly batch?: number;
  readonly answers?: MessageInitShape<typeof BatchedAnswerSchema>[];
  readonly goesAway?: boolean;
};

type Respond = (response: Response & { delivery?: { items: DeliveryItem[] } }) => Promise<void>;

// Of a gateway that does not read: what comes then goes by NATS, which cuts off whom it must.
const maxUnread = 1_000;

/** A call that a gateway holds open to send messages over, seen from Logic. */
export class GatewayCall {
  readonly #respond: Respond;
  #items: DeliveryItem[] = [];
  #unread = 0;

  constructor(respond: Respond) {
    this.#respond = respond;
  }

  /** Resolves when there is room for more. Rejects when the call is cut. */
  async respond(response: Response): Promise<void> {
    const items = this.#items;
    this.#items = [];
    this.#unread += 1;
    try {
      await this.#respond(items.length > 0 ? { ...response, delivery: { items } } : response);
    } finally {
      this.#unread -= 1;
    }
  }

  /** With the next response of this turn, or alone at its end. False when nobody reads the call. */
  deliver(items: readonly DeliveryItem[]): boolean {
    if (this.#unread >= maxUnread) return false;
    if (this.#items.length === 0) process.nextTick(() => this.#deliverAlone());
    this.#items.push(...items);
    return true;
  }

  #deliverAlone(): void {
    // A call that is cut is not delivered to: its clients fetch what they miss.
    if (this.#items.length > 0) this.respond({}).catch(() => undefined);
  }
}

/**
 * The calls of gateways that take deliveries over them: on the way of the Acks a message reaches its
 * gateway sooner than by NATS.
 */
export class GatewayCalls {
  readonly #calls = new Map<string, GatewayCall>();

  /** Until it is disposed. Of several calls of one gateway the last one counts. */
  add(gatewayId: string, call: GatewayCall): Disposable {
    this.#calls.set(gatewayId, call);
    return {
      [Symbol.dispose]: () => {
        if (this.#calls.get(gatewayId) === call) this.#calls.delete(gatewayId);
      },
    };
  }

  /** False when this gateway has no call here, or does not read it. */
  deliver(gatewayId: string, items: readonly DeliveryItem[]): boolean {
    return this.#calls.get(gatewayId)?.deliver(items) === true;
  }
}
