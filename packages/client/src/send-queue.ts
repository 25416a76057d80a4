import { create, toBinary } from "@bufbuild/protobuf";
import { limits } from "@resonance/mq-proto";
import {
  type Ack,
  type ChatRequest,
  ChatRequestSchema,
  WsPacketSchema,
} from "@resonance/mq-proto/gateway";
import { backoffMs } from "./backoff.ts";
import { ClientError, refusal } from "./client-error.ts";
import { newClientMsgId } from "./new-client-msg-id.ts";
import type { Timing } from "./timing.ts";

export type SendRequest = {
  readonly sessionId: string;
  /** Markdown, at most 65,000 bytes of UTF-8. */
  readonly content: string;
  /** Give the id of a send that failed to repeat it: it is stored once, whatever became of it. */
  readonly clientMsgId?: string;
};

export type Sent = {
  readonly msgId: bigint;
  readonly seqId: bigint;
  readonly clientMsgId: string;
};

type Entry = {
  readonly chat: ChatRequest;
  readonly frame: Uint8Array;
  readonly outcome: PromiseWithResolvers<Sent>;
  tries: number;
  /** What the server last said, for the case that time runs out. */
  lastError: ClientError | undefined;
  resendTimer: ReturnType<typeof setTimeout> | undefined;
  release: () => void;
};

type Options = {
  /** Returns whether the frame was given to an open connection. */
  readonly transmit: (frame: Uint8Array) => boolean;
  /** Called once for each message that is stored, before its promise resolves. */
  readonly onStored: (chat: ChatRequest, ack: Ack) => void;
  /** An Ack does not come: the connection may be dead without having said so. */
  readonly onLate: () => void;
  readonly timing: Timing;
};

/**
 * Messages on their way to the server. In each session one is in flight at a time, so that a
 * resend never changes their order. A message is sent again, with the same id, after a reconnect,
 * when its Ack is late, and when the server is too busy; it leaves the queue with its Ack, with a
 * refusal, when its time is over, or when its signal is aborted.
 */
export class SendQueue {
  readonly #options: Options;
  readonly #bySession = new Map<string, Entry[]>();
  readonly #byClientMsgId = new Map<string, Entry>();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Sends and waits for the Ack. The same client id while it is under way is the same send.
   *
   * @throws ClientError with the server's reason, `timed_out` or `offline` when the time is over.
   */
  send(request: SendRequest, signal: AbortSignal): Promise<Sent> {
    const { sessionId, content, clientMsgId = newClientMsgId() } = request;
    const underWay = this.#byClientMsgId.get(clientMsgId);
    if (underWay) return underWay.outcome.promise;
    if (signal.aborted) return Promise.reject(cancelled());
    const chat = create(ChatRequestSchema, { sessionId, content, type: "text", clientMsgId });
    const frame = encodeChat(chat);
    if (frame.length > limits.frameMaxBytes) {
      // The gateway closes the connection of whoever sends such a frame.
      return Promise.reject(refusal("the message is too long to send", "message_too_long"));
    }
    const entry = this.#add(chat, frame, signal);
    this.#transmitHead(sessionId);
    return entry.outcome.promise;
  }

  /** Does nothing for an Ack of what is not under way here. */
  acknowledge(ack: Ack): void {
    const entry = this.#byClientMsgId.get(ack.refSeq);
    if (!entry) return;
    if (ack.error === "") {
      this.#remove(entry);
      this.#options.onStored(entry.chat, ack);
      const { clientMsgId } = entry.chat;
      entry.outcome.resolve({ msgId: ack.msgId, seqId: ack.seqId, clientMsgId });
      this.#transmitHead(entry.chat.sessionId);
      return;
    }
    const error = refusal(ack.error, ack.errorReason);
    if (error.retryable) {
      entry.lastError = error;
      const maxMs = this.#options.timing.resendAfterMs;
      const delayMs = backoffMs(entry.tries, { baseMs: maxMs / 10, maxMs });
      this.#after(delayMs, entry, () => this.#transmitHead(entry.chat.sessionId));
    } else this.#fail(entry, error);
  }

  /** A connection is open: sends again what has no Ack yet. */
  resume(): void {
    for (const sessionId of [...this.#bySession.keys()]) this.#transmitHead(sessionId);
  }

  /** Fails everything that is under way. */
  close(error: ClientError): void {
    for (const entry of [...this.#byClientMsgId.values()]) {
      this.#remove(entry);
      entry.outcome.reject(error);
    }
  }

  #add(chat: ChatRequest, frame: Uint8Array, signal: AbortSignal): Entry {
    const giveUp = () => this.#fail(entry, cancelled());
    const expire = () => this.#fail(entry, entry.lastError ?? late(entry));
    const deadline = setTimeout(expire, this.#options.timing.sendWithinMs);
    signal.addEventListener("abort", giveUp, { once: true });
    const entry: Entry = {
      chat,
      frame,
      outcome: Promise.withResolvers<Sent>(),
      tries: 0,
      lastError: undefined,
      resendTimer: undefined,
      release: () => {
        clearTimeout(deadline);
        clearTimeout(entry.resendTimer);
        signal.removeEventListener("abort", giveUp);
      },
    };
    this.#byClientMsgId.set(chat.clientMsgId, entry);
    this.#bySession.set(chat.sessionId, [...(this.#bySession.get(chat.sessionId) ?? []), entry]);
    return entry;
  }

  #transmitHead(sessionId: string): void {
    const head = this.#bySession.get(sessionId)?.[0];
    if (!head || !this.#options.transmit(head.frame)) return;
    head.tries++;
    this.#after(this.#options.timing.resendAfterMs, head, () => {
      this.#options.onLate();
      this.#transmitHead(sessionId);
    });
  }

  /** Replaces what was to follow on this entry before. */
  #after(delayMs: number, entry: Entry, then: () => void): void {
    clearTimeout(entry.resendTimer);
    entry.resendTimer = setTimeout(then, delayMs);
  }

  #fail(entry: Entry, error: ClientError): void {
    this.#remove(entry);
    entry.outcome.reject(error);
    this.#transmitHead(entry.chat.sessionId);
  }

  #remove(entry: Entry): void {
    const { sessionId, clientMsgId } = entry.chat;
    entry.release();
    this.#byClientMsgId.delete(clientMsgId);
    const rest = this.#bySession.get(sessionId)?.filter((other) => other !== entry) ?? [];
    if (rest.length === 0) this.#bySession.delete(sessionId);
    else this.#bySession.set(sessionId, rest);
  }
}

// The client id is the packet's seq too: an Ack finds its message on whatever connection it comes.
function encodeChat(chat: ChatRequest): Uint8Array {
  const packet = create(WsPacketSchema, {
    seq: chat.clientMsgId,
    payload: { case: "chat", value: chat },
  });
  return toBinary(WsPacketSchema, packet);
}

function late(entry: Entry): ClientError {
  return entry.tries === 0
    ? new ClientError("offline", "no connection to the server")
    : new ClientError("timed_out", "no answer from the server");
}

function cancelled(): ClientError {
  return new ClientError("cancelled", "the send was cancelled");
}
