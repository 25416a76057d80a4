import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { type Logger, type Tracing, toChatError } from "@resonance/kit";
import type { ErrorCode, ErrorReason } from "@resonance/mq-proto";
import { type Ack, AckSchema, type ChatRequest } from "@resonance/mq-proto/gateway";
import type { SendMessageResponse } from "@resonance/mq-proto/logic";
import { clientMsgIdOf } from "./client-msg-id.ts";
import type { Connection } from "./connection.ts";
import type { LogicClients } from "./logic-clients.ts";

const deadlineMs = 5_000;

/**
 * Hands a message to Logic, and its Ack to `acknowledge`, before anything that the sender need not
 * wait for. The sender is whoever is signed in on the connection and the time is Logic's, whatever
 * the packet says. Never rejects because of Logic: what went wrong stands in the Ack.
 */
export async function sendChat(
  deps: {
    readonly logic: Pick<LogicClients, "chat">;
    readonly tracing?: Tracing | undefined;
    readonly log: Logger;
  },
  connection: Pick<Connection, "id" | "username" | "nextChatCount">,
  { seq, chat }: { readonly seq: string; readonly chat: ChatRequest },
  acknowledge: (ack: Ack) => void,
  signal: AbortSignal,
): Promise<"stored" | "refused" | "failed"> {
  const traceId = randomUUID();
  const about = {
    connectionId: connection.id,
    username: connection.username,
    sessionId: chat.sessionId,
    traceId,
  };
  const request = {
    sessionId: chat.sessionId,
    fromUsername: connection.username,
    toUsername: chat.toUsername,
    content: chat.content,
    type: chat.type,
    timestamp: 0n,
    clientMsgId: clientMsgIdOf(
      { seq, clientMsgId: chat.clientMsgId },
      connection.id,
      connection.nextChatCount(),
    ),
  };
  const echoed = { refSeq: seq, sessionId: chat.sessionId };
  const startMs = deps.tracing ? Date.now() : 0;
  let response: SendMessageResponse;
  try {
    response = await deps.logic.chat.sendMessage(request, signal, {
      timeoutMs: deadlineMs,
      traceId,
    });
  } catch (error) {
    acknowledge(create(AckSchema, { ...echoed, ...failure(error) }));
    deps.log.warn({ ...about, err: error }, "message not handed over");
    return "failed";
  }
  const { msgId, seqId, error, errorReason } = response;
  acknowledge(create(AckSchema, { ...echoed, msgId, seqId, error, errorReason }));
  if (error !== "") {
    deps.log.info({ ...about, error, errorReason }, "message refused");
    return "refused";
  }
  deps.tracing?.record({
    traceOf: msgId,
    name: "gateway.message",
    key: "message",
    kind: "server",
    startMs,
    attributes: {},
  });
  deps.log.info({ ...about, msgId: `${msgId}` }, "message accepted");
  return "stored";
}

/** What the Ack of a message says that may well be taken a moment later. */
export const busy = {
  error: "too many messages at once: try again",
  errorReason: "busy",
} as const satisfies { error: string; errorReason: ErrorReason };

/** The client learns what it can do, never the text of a status. */
function failure(cause: unknown): { error: string; errorReason: ErrorReason } {
  const { code, reason, message } = toChatError(cause);
  return { error: plainError[code] ?? message, errorReason: reason };
}

const plainError: Partial<Record<ErrorCode, string>> = {
  unavailable: "the message could not be handed over: try again",
  deadline_exceeded: "no answer in time: it is not known whether the message is stored",
  resource_exhausted: busy.error,
  aborted: busy.error,
  internal: "internal error",
};
