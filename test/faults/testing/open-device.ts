import { setTimeout as delay } from "node:timers/promises";
import {
  type Api,
  type Chat,
  createApi,
  openChat,
  type Timing,
  toClientError,
} from "@resonance/client";
import type { PushMessage } from "@resonance/mq-proto/gateway";
import { eventually } from "@resonance/testkit";
import { type History, type HistoryEvent, usernameOf } from "./history.ts";

export type Message = {
  readonly session: string;
  readonly content: string;
  readonly clientMsgId: string;
  readonly asksBot: boolean;
};

/** One client of a user, which writes all that it does and sees into the history. */
export type Device = AsyncDisposable & {
  readonly name: string;
  readonly username: string;
  readonly api: Api;
  readonly isOnline: () => boolean;
  /** The last seq that it was shown of a session. */
  lastSeq(session: string): number;
  /**
   * Sends until the server has it: a send that fails is repeated under its id. Resolves with how
   * long it took, and how often it failed.
   *
   * @throws ClientError when it is refused for good.
   */
  send(message: Message, signal: AbortSignal): Promise<{ tookMs: number; failures: number }>;
};

/** What a person takes at least to press "send again". */
const repeatAfterMs = 250;

// As in a browser, but for pauses that would only make tests long.
const timing: Partial<Timing> = {
  pulseEveryMs: 3_000,
  answerWithinMs: 3_000,
  reconnectBaseMs: 100,
  reconnectMaxMs: 1_000,
  resendAfterMs: 2_000,
  sendWithinMs: 30_000,
  silenceMs: 3_000,
  requestTimeoutMs: 5_000,
};

/** Resolves when it is online and follows its sessions. */
export async function openDevice(
  options: {
    readonly baseUrl: string;
    readonly token: string;
    readonly name: string;
    readonly history: History;
  },
  signal: AbortSignal,
): Promise<Device> {
  const { baseUrl, token, name, history } = options;
  const username = usernameOf(name);
  const lastSeqs = new Map<string, number>();
  let online = false;
  let connects = 0;
  let follows = false;
  const chat = openChat(
    {
      baseUrl,
      token,
      username,
      timing,
      onState: (state) => {
        online = state === "online";
        if (online && connects++ > 0) history.append({ kind: "reconnect", device: name });
      },
      onMessage: (message) => {
        lastSeqs.set(message.sessionId, Number(message.seqId));
        history.append(received(name, message));
      },
      onSessions: (sessions) => {
        if (follows) return;
        follows = true;
        for (const { sessionId, lastMessage } of sessions) {
          const afterSeq = Number(lastMessage?.seqId ?? 0n);
          history.append({ kind: "follow", device: name, session: sessionId, afterSeq });
        }
      },
      onReload: (session) => history.append({ kind: "reload", device: name, session }),
      onSignedOut: () => history.append({ kind: "signed_out", device: name }),
    },
    signal,
  );
  try {
    await eventually(() => online && follows, { timeoutMs: 20_000, signal });
  } catch (error) {
    await chat.close();
    throw error;
  }
  return {
    name,
    username,
    api: createApi(baseUrl, token),
    isOnline: () => online,
    lastSeq: (session) => lastSeqs.get(session) ?? 0,
    send: (message, sendSignal) => sendUntilStored({ chat, name, history }, message, sendSignal),
    async [Symbol.asyncDispose]() {
      history.append({ kind: "leave", device: name });
      await chat.close();
    },
  };
}

function received(device: string, message: PushMessage): HistoryEvent {
  const { sessionId, seqId, msgId, clientMsgId } = message;
  const [, replyTo] = /^answer:(\d+)$/.exec(clientMsgId) ?? [];
  return {
    kind: "recv",
    device,
    session: sessionId,
    seq: Number(seqId),
    msgId: `${msgId}`,
    ...(replyTo === undefined ? {} : { replyTo }),
  };
}

async function sendUntilStored(
  { chat, name, history }: { chat: Chat; name: string; history: History },
  message: Message,
  signal: AbortSignal,
): Promise<{ tookMs: number; failures: number }> {
  const { session, content, clientMsgId, asksBot } = message;
  const about = { device: name, session, clientMsgId };
  const startedAt = performance.now();
  for (let failures = 0; ; failures++) {
    history.append({ kind: "send", ...about, asksBot });
    try {
      const sent = await chat.send({ sessionId: session, content, clientMsgId }, signal);
      history.append({
        kind: "ack",
        ...about,
        msgId: `${sent.msgId}`,
        seq: Number(sent.seqId),
      });
      return { tookMs: performance.now() - startedAt, failures };
    } catch (thrown) {
      const error = toClientError(thrown);
      history.append({ kind: "error", ...about, reason: error.reason });
      if (!error.retryable) throw error;
      await delay(repeatAfterMs, undefined, { signal });
    }
  }
}
