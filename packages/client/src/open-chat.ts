import { create, toBinary } from "@bufbuild/protobuf";
import {
  type Ack,
  type ChatRequest,
  type Presence,
  type Progress,
  type PushMessage,
  PushMessageSchema,
  type SessionInfo,
  type Typing,
  type WsPacket,
  WsPacketSchema,
} from "@resonance/mq-proto/gateway";
import { ClientError, toClientError } from "./client-error.ts";
import { Connection, type ConnectionState } from "./connection.ts";
import { createApi } from "./create-api.ts";
import { SendQueue, type SendRequest, type Sent } from "./send-queue.ts";
import { SessionSync } from "./session-sync.ts";
import { defaultTiming, type Timing } from "./timing.ts";
import { type TokenSource, tokenSource } from "./token-source.ts";

export type ChatOptions = {
  /** Where the gateway is: `http://host:port`, in a page its own origin. */
  readonly baseUrl: string;
  readonly token: string | TokenSource;
  /** Whose token it is. */
  readonly username: string;
  readonly onState?: (state: ConnectionState) => void;
  /**
   * Every message stored since the chat was opened, in all sessions, own ones included: each once,
   * ascending by `seqId` without gaps within its session.
   */
  readonly onMessage?: (message: PushMessage) => void;
  /** What a bot is doing. May be lost, and may come late. */
  readonly onProgress?: (progress: Progress) => void;
  /** Somebody else is writing: true for some seconds. May be lost. */
  readonly onTyping?: (typing: Typing) => void;
  /** The other one of a one-to-one session came or left. May be lost: the session list tells. */
  readonly onPresence?: (presence: Presence) => void;
  /**
   * The session list, after each connect, after half a minute without a message, every two minutes
   * at least, on the first message of an unknown session, and on `refresh`. Messages that it tells
   * of and that were missed have been given to `onMessage` before, or their session to `onReload`.
   */
  readonly onSessions?: (sessions: readonly SessionInfo[]) => void;
  /** Too much of a session was missed to deliver it: load its newest page again. */
  readonly onReload?: (sessionId: string) => void;
  /**
   * The server has lost messages of a session, as one whose database was restored: what is known of
   * it is to be forgotten and loaded again. What is stored since is given to `onMessage`.
   */
  readonly onReset?: (sessionId: string) => void;
  /** The token is no longer accepted, and there is no other one. The chat is closed. */
  readonly onSignedOut?: (error: ClientError) => void;
  readonly timing?: Partial<Timing>;
};

/** A chat that stays connected until it is closed. */
export type Chat = AsyncDisposable & {
  /**
   * Resolves when the message is stored. It is sent again until then, over reconnects too, and is
   * stored once. In one session messages are stored in the order of these calls.
   *
   * @throws ClientError with the server's reason; `offline` or `timed_out` after 60 s.
   */
  send(request: SendRequest, signal: AbortSignal): Promise<Sent>;
  /** Tells the session's other members that the user is writing. Lost while offline. */
  reportTyping(sessionId: string): void;
  /** Reconnects at once if offline, checks the connection, and asks for the session list. */
  refresh(): void;
  /** Sends that have no answer yet fail with `cancelled`. May be called twice. */
  close(): Promise<void>;
};

/** Returns at once and connects in the background. Aborting the signal closes the chat. */
export function openChat(options: ChatOptions, signal: AbortSignal): Chat {
  const timing: Timing = { ...defaultTiming, ...options.timing };
  const closing = new AbortController();
  const closed = AbortSignal.any([closing.signal, signal]);
  const tokens = tokenSource(options.token);
  const api = createApi(options.baseUrl, tokens, timing.requestTimeoutMs);

  const signOut = (error: ClientError) => {
    if (closed.aborted) return;
    queue.close(error);
    closing.abort();
    options.onSignedOut?.(error);
  };
  const sync = new SessionSync(
    {
      api,
      timing,
      onMessage: (message) => options.onMessage?.(message),
      onSessions: (sessions) => options.onSessions?.(sessions),
      onReload: (sessionId) => options.onReload?.(sessionId),
      onReset: (sessionId) => options.onReset?.(sessionId),
      onSignedOut: signOut,
    },
    closed,
  );
  const queue = new SendQueue({
    transmit: (frame) => connection.transmit(frame),
    onStored: (chat, ack) => sync.receive(ownMessage(options.username, chat, ack)),
    onLate: () => connection.check(),
    timing,
  });
  const connection = new Connection(
    {
      baseUrl: options.baseUrl,
      tokens,
      timing,
      onState: (state) => {
        options.onState?.(state);
        if (state !== "online") return;
        queue.resume();
        sync.refreshAnew();
      },
      onPacket: (packet) => receive(packet, { queue, sync, options }),
      isTokenRefused: () => isTokenRefused(api, closed),
      onTokenRefused: () => signOut(new ClientError("not_signed_in", "the token is not accepted")),
    },
    closed,
  );
  closed.addEventListener("abort", () => {
    queue.close(new ClientError("cancelled", "the chat is closed"));
  });

  const close = async () => {
    closing.abort();
    await Promise.all([connection.done, sync.done()]);
  };
  return {
    send: (request, sendSignal) => {
      if (closed.aborted) return Promise.reject(new ClientError("cancelled", "the chat is closed"));
      return queue.send(request, sendSignal);
    },
    reportTyping: (sessionId) => {
      connection.transmit(typingFrame(sessionId));
    },
    refresh: () => {
      connection.check();
      sync.refresh();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function typingFrame(sessionId: string): Uint8Array {
  const payload = { case: "typing", value: { sessionId } } as const;
  return toBinary(WsPacketSchema, create(WsPacketSchema, { payload }));
}

type Receivers = {
  readonly queue: SendQueue;
  readonly sync: SessionSync;
  readonly options: Pick<ChatOptions, "onProgress" | "onTyping" | "onPresence">;
};

function receive(packet: WsPacket, { queue, sync, options }: Receivers): void {
  switch (packet.payload.case) {
    case "push":
      sync.receive(packet.payload.value);
      return;
    case "ack":
      queue.acknowledge(packet.payload.value);
      return;
    case "progress":
      sync.expect(packet.payload.value.sessionId, packet.payload.value.refSeqId);
      options.onProgress?.(packet.payload.value);
      return;
    case "typing":
      options.onTyping?.(packet.payload.value);
      return;
    case "presence":
      options.onPresence?.(packet.payload.value);
      return;
    case "pulse":
      // Else it is an answer, and needs none.
      if (packet.payload.value.missed) sync.refresh();
      return;
    default:
      // What a later server sends is not for this version.
      return;
  }
}

// The connection that sent a message may get no push of it: the Ack says all that is missing.
function ownMessage(username: string, chat: ChatRequest, ack: Ack): PushMessage {
  return create(PushMessageSchema, {
    msgId: ack.msgId,
    seqId: ack.seqId,
    sessionId: chat.sessionId,
    fromUsername: username,
    content: chat.content,
    type: chat.type,
    timestamp: BigInt(Math.floor(Date.now() / 1000)),
    clientMsgId: chat.clientMsgId,
  });
}

async function isTokenRefused(
  api: ReturnType<typeof createApi>,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await api.getSessionList({}, { signal });
    return false;
  } catch (error) {
    return toClientError(error).reason === "not_signed_in";
  }
}
