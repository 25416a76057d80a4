import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  ChatService,
  MessageBatchService,
  SendMessageRequestSchema,
  SendMessageResponse,
} from "@resonance/mq-proto/logic";
import { type CallOptions, isUnknownRpc, type RpcClient } from "@resonance/rpc";
import { type DeliveryReceiver, MessageStream } from "./message-stream.ts";

type Request = MessageInitShape<typeof SendMessageRequestSchema>;

type Sending = {
  readonly request: Request;
  readonly options: CallOptions;
  readonly resolve: (response: SendMessageResponse) => void;
  readonly reject: (error: unknown) => void;
};

const maxMessages = 128;
// Of content; gRPC takes 4 MiB, and a character may have three bytes.
const maxLength = 512 * 1024;
const askAgainAfterMs = 60_000;
const defaultTimeoutMs = 5_000;

// Who gives up does not end what Logic has begun.
const never = new AbortController().signal;

/**
 * Hands messages to Logic over a call that stays open, those that arrive in one turn of the event
 * loop together, which saves most of what calls cost. Nobody waits for company, and each message has
 * an answer of its own. A Logic that does not know such calls gets one call a message.
 */
export class MessageSender implements Disposable {
  readonly #stream: MessageStream;
  readonly #chat: RpcClient<typeof ChatService>;
  #waiting: Sending[] = [];
  #waitingLength = 0;
  #singlyUntilMs = 0;

  constructor(options: {
    readonly batches: RpcClient<typeof MessageBatchService>;
    readonly chat: RpcClient<typeof ChatService>;
    readonly renewAfterMs?: number;
    readonly receiver?: DeliveryReceiver | undefined;
  }) {
    const { batches, renewAfterMs, receiver } = options;
    this.#stream = new MessageStream(batches, renewAfterMs, receiver);
    this.#chat = options.chat;
  }

  /** As ChatService.SendMessage. When the signal aborts the message may be stored all the same. */
  async sendMessage(
    request: Request,
    signal: AbortSignal,
    options: CallOptions = {},
  ): Promise<SendMessageResponse> {
    signal.throwIfAborted();
    if (performance.now() < this.#singlyUntilMs) {
      return await this.#chat.sendMessage(request, signal, options);
    }
    return await new Promise((resolve, reject) => {
      const giveUp = () => reject(signal.reason);
      signal.addEventListener("abort", giveUp, { once: true });
      const settled = () => signal.removeEventListener("abort", giveUp);
      this.#add({
        request,
        options,
        resolve: (response) => {
          settled();
          resolve(response);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
    });
  }

  /** Ends the call when what was sent is answered. */
  [Symbol.dispose](): void {
    this.#stream[Symbol.dispose]();
  }

  #add(sending: Sending): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    this.#waiting.push(sending);
    this.#waitingLength += sending.request.content?.length ?? 0;
    if (this.#waiting.length >= maxMessages || this.#waitingLength >= maxLength) this.#flush();
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#waitingLength = 0;
    if (batch.length > 0) this.#send(batch);
  }

  /** Each message is settled: by its answer, or by what went wrong with the call. */
  #send(batch: readonly Sending[]): void {
    const unanswered = new Set(batch);
    this.#stream.send({
      messages: batch.map(({ request, options }) => ({ request, traceId: options.traceId ?? "" })),
      timeoutMs: Math.max(...batch.map(({ options }) => options.timeoutMs ?? defaultTimeoutMs)),
      answered(answers) {
        for (const { index, response } of answers) {
          const sending = batch[index];
          if (!sending || !response) continue;
          unanswered.delete(sending);
          sending.resolve(response);
        }
        return unanswered.size === 0;
      },
      failed: (error) => {
        if (isUnknownRpc(error)) this.#sendSingly([...unanswered]);
        else for (const { reject } of unanswered) reject(error);
      },
    });
  }

  #sendSingly(batch: readonly Sending[]): void {
    this.#singlyUntilMs = performance.now() + askAgainAfterMs;
    for (const { request, options, resolve, reject } of batch) {
      this.#chat.sendMessage(request, never, options).then(resolve, reject);
    }
  }
}
