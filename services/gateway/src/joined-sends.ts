import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  ChatService,
  SendMessageRequestSchema,
  SendMessageResponse,
} from "@resonance/mq-proto/logic";
import type { CallOptions, RpcClient } from "@resonance/rpc";

type Request = MessageInitShape<typeof SendMessageRequestSchema>;

type Kept = {
  readonly request: Request;
  readonly response: SendMessageResponse;
  readonly untilMs: number;
};

// Far more than a send takes while nothing is wrong, and less than any client waits for its Ack.
const slowFromMs = 200;
const keptForMs = 30_000;
const maxKept = 1_000;
const maxKeptLength = 1_024;

/**
 * Gives a repeat of a send, by the same sender with the same client id, the answer of its original
 * instead of sending it to Logic again: clients repeat what is not acknowledged when Logic is slow,
 * and what that costs would make it slower.
 *
 * - A repeat of what is on its way waits for that. Should the original fail, the repeat is sent.
 * - A repeat that has waited behind its original on the same connection comes after the answer: one
 *   that took 200 ms is kept for 30 s, the last 1,000 of them, of messages up to 1,024 characters.
 *
 * Refusals are not kept, and what differs in anything but its time is no repeat: Logic judges it.
 */
export class JoinedSends implements Pick<RpcClient<typeof ChatService>, "sendMessage"> {
  readonly #chat: Pick<RpcClient<typeof ChatService>, "sendMessage">;
  readonly #underWay = new Map<
    string,
    { readonly request: Request; readonly answer: Promise<SendMessageResponse> }
  >();
  /** The oldest first. */
  readonly #kept = new Map<string, Kept>();

  constructor(chat: Pick<RpcClient<typeof ChatService>, "sendMessage">) {
    this.#chat = chat;
  }

  async sendMessage(
    request: Request,
    signal: AbortSignal,
    options: CallOptions = {},
  ): Promise<SendMessageResponse> {
    // Nothing says of such a one whether it is a repeat.
    if (!request.clientMsgId) return await this.#chat.sendMessage(request, signal, options);
    const key = `${request.fromUsername} ${request.clientMsgId}`;
    this.#forget(performance.now());
    const kept = this.#kept.get(key);
    if (kept && isRepeat(request, kept.request)) return kept.response;
    const original = this.#underWay.get(key);
    if (original && isRepeat(request, original.request)) {
      const response = await original.answer.catch(() => undefined);
      // What went wrong is the original's affair, such as that its time was over.
      if (response) return response;
    }
    const startedAtMs = performance.now();
    const answer = this.#chat.sendMessage(request, signal, options);
    const sending = { request, answer };
    this.#underWay.set(key, sending);
    try {
      const response = await answer;
      this.#keep(key, request, response, startedAtMs);
      return response;
    } finally {
      if (this.#underWay.get(key) === sending) this.#underWay.delete(key);
    }
  }

  #keep(key: string, request: Request, response: SendMessageResponse, startedAtMs: number): void {
    const nowMs = performance.now();
    if (response.error !== "" || nowMs - startedAtMs < slowFromMs) return;
    if ((request.content?.length ?? 0) > maxKeptLength) return;
    this.#kept.delete(key);
    this.#kept.set(key, { request, response, untilMs: nowMs + keptForMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  #forget(nowMs: number): void {
    for (const [key, { untilMs }] of this.#kept) {
      if (untilMs > nowMs) return;
      this.#kept.delete(key);
    }
  }
}

function isRepeat(request: Request, original: Request): boolean {
  return (
    request.sessionId === original.sessionId &&
    request.content === original.content &&
    request.type === original.type &&
    request.toUsername === original.toUsername
  );
}
