import type { MessageInitShape } from "@bufbuild/protobuf";
import { ChatError } from "@resonance/kit";
import type { DeliveryItem } from "@resonance/mq-proto";
import type {
  BatchedAnswer,
  BatchedMessageSchema,
  MessageBatchService,
  SendMessagesRequestSchema,
  SendMessagesResponse,
} from "@resonance/mq-proto/logic";
import { isUnknownRpc, type OpenCall, type RpcClient } from "@resonance/rpc";

/** Messages that are handed over together. */
export type MessageBatch = {
  readonly messages: readonly MessageInitShape<typeof BatchedMessageSchema>[];
  readonly timeoutMs: number;
  /** Takes answers, and says whether they were the last ones. */
  readonly answered: (answers: readonly BatchedAnswer[]) => boolean;
  /** Of all that is not answered: it may be stored all the same. Once, and last. */
  readonly failed: (error: unknown) => void;
};

/** Who takes deliveries that come over the call. */
export type DeliveryReceiver = {
  readonly gatewayId: string;
  readonly deliver: (items: readonly DeliveryItem[]) => void;
  /** A call has broken, and with it what was on its way; also while Logic is away. */
  readonly broken: () => void;
};

/** One open call, with the batches that are not answered whole. */
type Line = {
  readonly call: OpenCall<MessageInitShape<typeof SendMessagesRequestSchema>, SendMessagesResponse>;
  readonly openedAtMs: number;
  /** How many deliveries have come over it. */
  deliveries: number;
  /** Logic is told of these soon. */
  telling: NodeJS.Timeout | undefined;
  readonly waiting: Map<number, { readonly batch: MessageBatch; readonly timer: NodeJS.Timeout }>;
};

// So that instances of Logic that came later get their share.
const usualRenewAfterMs = 30_000;

// Often enough for Logic, which after 3 s takes the way for broken.
const tellAfterMs = 500;

const never = new AbortController().signal;

/**
 * Hands batches to one instance of Logic over a call that stays open. Another one is opened when
 * that has been for half a minute, when the instance goes away, when the call breaks, and when a
 * batch was not answered in time: the instance may be stuck. What is on its way over the old call is
 * answered there.
 */
export class MessageStream implements Disposable {
  readonly #client: Pick<RpcClient<typeof MessageBatchService>, "sendMessages">;
  readonly #renewAfterMs: number;
  readonly #receiver: DeliveryReceiver | undefined;
  #line: Line | undefined;
  #number = 0;

  constructor(
    client: Pick<RpcClient<typeof MessageBatchService>, "sendMessages">,
    renewAfterMs = usualRenewAfterMs,
    receiver?: DeliveryReceiver,
  ) {
    this.#client = client;
    this.#renewAfterMs = renewAfterMs;
    this.#receiver = receiver;
  }

  send(batch: MessageBatch): void {
    const line = this.#openLine();
    this.#number = (this.#number + 1) >>> 0;
    const number = this.#number;
    const timer = setTimeout(() => {
      this.#leave(line);
      line.waiting.delete(number);
      batch.failed(new ChatError("deadline_exceeded", "Logic has not answered in time"));
    }, batch.timeoutMs);
    line.waiting.set(number, { batch, timer });
    line.call.send({ messages: [...batch.messages], batch: number });
  }

  [Symbol.dispose](): void {
    if (this.#line) this.#leave(this.#line);
  }

  #openLine(): Line {
    const nowMs = performance.now();
    if (this.#line && nowMs - this.#line.openedAtMs >= this.#renewAfterMs) this.#leave(this.#line);
    if (this.#line) return this.#line;
    const line: Line = {
      call: this.#client.sendMessages(never),
      openedAtMs: nowMs,
      deliveries: 0,
      telling: undefined,
      waiting: new Map(),
    };
    this.#line = line;
    if (this.#receiver) line.call.send({ gatewayId: this.#receiver.gatewayId, deliveries: 0 });
    void this.#read(line);
    return line;
  }

  /** Hands nothing more over on it. Logic ends the call when it has answered. */
  #leave(line: Line): void {
    if (this.#line !== line) return;
    this.#line = undefined;
    if (line.telling) this.#tell(line);
    line.call.end();
  }

  #tell(line: Line): void {
    clearTimeout(line.telling);
    line.telling = undefined;
    line.call.send({ deliveries: line.deliveries });
  }

  #deliver(line: Line, items: readonly DeliveryItem[]): void {
    this.#receiver?.deliver(items);
    line.deliveries += 1;
    // Over one that is left nothing can be said any more.
    if (this.#line === line) line.telling ??= setTimeout(() => this.#tell(line), tellAfterMs);
  }

  /** Never rejects: what is not answered when the call ends has failed. */
  async #read(line: Line): Promise<void> {
    let cause: unknown = new ChatError("internal", "Logic left a message without an answer");
    try {
      for await (const response of line.call.answers) {
        this.#take(line, response);
        if (response.delivery) this.#deliver(line, response.delivery.items);
        if (response.goesAway) this.#leave(line);
      }
    } catch (error) {
      cause = error;
      // A Logic that does not know such calls delivers nothing over them.
      if (!isUnknownRpc(error)) this.#receiver?.broken();
    }
    // Nobody is there to be told.
    clearTimeout(line.telling);
    line.telling = undefined;
    this.#leave(line);
    for (const { batch, timer } of line.waiting.values()) {
      clearTimeout(timer);
      batch.failed(cause);
    }
  }

  #take(line: Line, { batch: number, answers }: SendMessagesResponse): void {
    // One that is late has been given up.
    const waiting = line.waiting.get(number);
    if (!waiting?.batch.answered(answers)) return;
    clearTimeout(waiting.timer);
    line.waiting.delete(number);
  }
}
