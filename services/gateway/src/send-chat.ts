import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { type Logger, type Tracing, toChatError } from "@resonance/kit";
import type { ErrorCode, ErrorReason } from "@resonance/mq-proto";
import { type Ack, AckSchema, type ChatRequest } from "@resonance/mq-proto/gateway";
import { clientMsgIdOf } from "./client-msg-id.ts";
import type { Connection } from "./connection.ts";
import type { LogicClients } from "./logic-clients.ts";

const deadlineMs = 5_000;

/**
 * Hands a message to Logic. The sender is whoever is signed in on the connection and the time is
 * Logic's, whatever the packet says. Never rejects: what went wrong stands in the Ack.
 */
export async function sendChat(
  deps: {
    readonly logic: Pick<LogicClients, "chat">;
    readonly tracing?: Tracing | undefined;
    readonly log: Logger;
  },
  connection: Pick<Connection, "id" | "username" | "nextChatCount">,
  seq: string,
  chat: ChatRequest,
  signal: AbortSignal,
): Promise<{ ack: Ack; outcome: "stored" | "refused" | "failed" }> {
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
  try {
    const { msgId, seqId, error, errorReason } = await deps.logic.chat.sendMessage(
      request,
      signal,
      { timeoutMs: deadlineMs, traceId },
    );
    const outcome = error === "" ? "stored" : "refused";
    if (outcome === "stored") {
      deps.tracing?.record({
        traceOf: msgId,
        name: "gateway.message",
        key: "message",
        kind: "server",
        startMs,
        attributes: {},
      });
      deps.log.info({ ...about, msgId: `${msgId}` }, "message accepted");
    } else deps.log.info({ ...about, error, errorReason }, "message refused");
    return { ack: create(AckSchema, { ...echoed, msgId, seqId, error, errorReason }), outcome };
  } catch (error) {
    deps.log.warn({ ...about, err: error }, "message not handed over");
    return { ack: create(AckSchema, { ...echoed, ...failure(error) }), outcome: "failed" };
  }
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
