import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Deliver, DeliveryItem } from "@resonance/bus";
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
// A gateway tells within half a second what has come. Its machine may be gone, or the way to it.
const usualSilentAfterMs = 3_000;

/**
 * A call that a gateway holds open to send messages over, seen from Logic.
 *
 * What is delivered over it is kept until the gateway says that it has come. When it has not said so
 * for 3 s the call is silent: what is kept goes elsewhere, and so does all that follows, until
 * something is said. So does what is kept when the call ends. A gateway that hears all the same gets
 * it twice, which harms not. One of an earlier version says nothing, and its calls are never silent.
 */
export class GatewayCall {
  readonly #respond: Respond;
  readonly #silentAfterMs: number;
  #items: DeliveryItem[] = [];
  #unread = 0;
  /** Of each response that the gateway has not told of. */
  #untold: (readonly DeliveryItem[])[] = [];
  /** How many responses with a delivery were sent. */
  #deliveries = 0;
  #tells = false;
  #isSilent = false;
  #timer: NodeJS.Timeout | undefined;
  #elsewhere: (items: readonly DeliveryItem[]) => void = () => undefined;

  constructor(respond: Respond, silentAfterMs = usualSilentAfterMs) {
    this.#respond = respond;
    this.#silentAfterMs = silentAfterMs;
  }

  /** Where deliveries go that may not have come. */
  begin(elsewhere: (items: readonly DeliveryItem[]) => void): void {
    this.#elsewhere = elsewhere;
  }

  /** Resolves when there is room for more. Rejects when the call is cut. */
  async respond(response: Response): Promise<void> {
    const items = this.#items;
    this.#items = [];
    this.#unread += 1;
    if (items.length > 0) this.#keep(items);
    try {
      await this.#respond(items.length > 0 ? { ...response, delivery: { items } } : response);
    } finally {
      this.#unread -= 1;
    }
  }

  /**
   * With the next response of this turn, or alone at its end. False when nobody reads the call, or
   * says that anything comes.
   */
  deliver(items: readonly DeliveryItem[]): boolean {
    if (this.#isSilent || this.#unread >= maxUnread) return false;
    if (this.#items.length === 0) process.nextTick(() => this.#deliverAlone());
    this.#items.push(...items);
    return true;
  }

  /** So many responses with a delivery have come, says the gateway. */
  told(deliveries: number): void {
    this.#tells = true;
    this.#isSilent = false;
    const untold = this.#deliveries - deliveries;
    this.#untold.splice(0, this.#untold.length - untold);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#untold.length > 0) this.#awaitTelling();
  }

  /** Nothing is told any more. If the call has broken, the gateway may learn of it later. */
  end(): void {
    this.#sendElsewhere();
  }

  #keep(items: readonly DeliveryItem[]): void {
    this.#deliveries += 1;
    if (!this.#tells) return;
    this.#untold.push(items);
    this.#awaitTelling();
  }

  #awaitTelling(): void {
    this.#timer ??= setTimeout(() => {
      this.#isSilent = true;
      this.#sendElsewhere();
    }, this.#silentAfterMs);
  }

  #sendElsewhere(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const items = [...this.#untold.flat(), ...this.#items];
    this.#untold = [];
    this.#items = [];
    if (items.length > 0) this.#elsewhere(items);
  }

  #deliverAlone(): void {
    // A call that is cut says so where its requests are read.
    if (this.#items.length > 0) this.respond({}).catch(() => undefined);
  }
}

/**
 * The calls of gateways that take deliveries over them: on the way of the Acks a message reaches its
 * gateway sooner than by NATS.
 */
export class GatewayCalls {
  readonly #overNats: Deliver;
  readonly #calls = new Map<string, GatewayCall>();

  constructor(overNats: Deliver) {
    this.#overNats = overNats;
  }

  /** Until it is disposed. Of several calls of one gateway the last one counts. */
  add(gatewayId: string, call: GatewayCall): Disposable {
    call.begin((items) => this.#overNats(gatewayId, items));
    this.#calls.set(gatewayId, call);
    return {
      [Symbol.dispose]: () => {
        if (this.#calls.get(gatewayId) === call) this.#calls.delete(gatewayId);
        call.end();
      },
    };
  }

  /** Over NATS when this gateway has no call here, or does not read it. */
  readonly deliver: Deliver = (gatewayId, items) => {
    if (this.#calls.get(gatewayId)?.deliver(items) !== true) this.#overNats(gatewayId, items);
  };
}
