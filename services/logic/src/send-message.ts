import { randomUUID } from "node:crypto";
import { ChatError } from "@resonance/kit";
import {
  type ClientMsgId,
  type ErrorReason,
  limits,
  type MsgId,
  mentionPattern,
  parseClientMsgId,
  parseSessionId,
  parseUsername,
  type SeqId,
  type SessionId,
  type Username,
} from "@resonance/mq-proto";
import type { SendMessageRequest } from "@resonance/mq-proto/logic";
import { chosenClientMsgId } from "./chosen-client-msg-id.ts";

/** A message that is well-formed, before the database is asked whether it may be stored. */
export type Draft = {
  readonly sessionId: SessionId;
  readonly sender: Username;
  readonly content: string;
  readonly type: string;
  /** Makes sending twice the same as sending once. */
  readonly clientMsgId: ClientMsgId;
  /** Whether the sender's client chose the id and wants it back with the message. */
  readonly clientChoseId: boolean;
  /** Whom the calling service may speak for; Logic itself speaks for anybody. */
  readonly speaker?: Speaker;
  /** Named in the event, so that clients can show a session that they have not seen. */
  readonly sessionMeta?: { readonly name: string; readonly type: number };
};

/** A gateway speaks for people, the bot's service for bots, and neither for the other's. */
export type Speaker = "people" | "bots";

export type StoredIds = { readonly msgId: MsgId; readonly seqId: SeqId };

/** Where a stored message is announced: to people, to a bot, or to both. */
export type Route = { readonly people: boolean; readonly bots: readonly Username[] };

/** What the database says about a draft, read under its session's row lock. */
export type Facts = {
  /** Undefined for a session that does not exist. */
  readonly sessionType: number | undefined;
  readonly isMember: boolean;
  readonly senderIsBot: boolean;
  readonly botsInSession: readonly Username[];
  /** What is already stored under this sender's client_msg_id. */
  readonly stored: (StoredIds & Pick<Draft, "sessionId" | "content" | "type">) | undefined;
};

export type Decision =
  | { readonly kind: "store"; readonly route: Route }
  | { readonly kind: "duplicate"; readonly ids: StoredIds }
  | { readonly kind: "refuse"; readonly error: ChatError };

/**
 * Stores a message and announces it: to the people of its session by PushEvent, to a bot by
 * BotEvent. Resolves after the commit; the announcement follows from the outbox whatever happens.
 *
 * @throws ChatError for a refusal (nothing is stored), and for a failure (it may be stored: the
 * same client_msg_id again gives the same answer).
 */
export async function sendMessage(
  deps: { readonly store: (draft: Draft) => Promise<StoredIds> },
  request: SendMessageRequest,
  speaker?: Speaker,
): Promise<StoredIds> {
  const draft = parseDraft(request);
  return await deps.store(speaker === undefined ? draft : { ...draft, speaker });
}

/** The decision for one message. Pure, so that everything that can happen to it is in one place. */
export function decide(draft: Draft, facts: Facts): Decision {
  const { stored } = facts;
  const isStored =
    stored?.sessionId === draft.sessionId &&
    stored.content === draft.content &&
    stored.type === draft.type;
  // An unknown session and a foreign one look alike: ids are guessable. Who was removed since may
  // still hear that his message is stored.
  if (facts.sessionType === undefined || !(facts.isMember || isStored)) {
    return refuse("permission_denied", "not_a_member", "not a session member");
  }
  if (draft.speaker !== undefined && (draft.speaker === "bots") !== facts.senderIsBot) {
    return refuse("permission_denied", "not_allowed", "the caller does not speak for this sender");
  }
  if (isStored) return { kind: "duplicate", ids: stored };
  if (stored) {
    return refuse(
      "already_exists",
      "client_msg_id_conflict",
      "client_msg_id was used for another message",
    );
  }
  return { kind: "store", route: routeOf(draft, facts) };
}

function routeOf(draft: Draft, facts: Facts): Route {
  // Two bots in one room would answer each other for ever.
  if (facts.senderIsBot || draft.type === "system") return { people: true, bots: [] };
  if (facts.sessionType === singleSession) {
    const bots = facts.botsInSession.filter((bot) => bot !== draft.sender);
    // Instead: only the bot is to act on the question, and its sender's inbox has it already.
    return { people: bots.length === 0, bots };
  }
  return { people: true, bots: facts.botsInSession.filter((bot) => mentions(draft.content, bot)) };
}

export const singleSession = 1;
export const groupSession = 2;

function parseDraft(request: SendMessageRequest): Draft {
  const bytes = Buffer.byteLength(request.content);
  if (bytes > limits.contentMaxBytes) {
    throw new ChatError(
      "invalid_argument",
      `the message has ${bytes} bytes; the limit is ${limits.contentMaxBytes}`,
      { reason: "message_too_long", limit: limits.contentMaxBytes },
    );
  }
  if (request.content.trim() === "") {
    throw new ChatError("invalid_argument", "the message is empty", { reason: "message_empty" });
  }
  if (request.type !== "" && request.type !== "text") {
    throw new ChatError("invalid_argument", "this message type is the server's to set", {
      reason: "message_type_reserved",
    });
  }
  return {
    sessionId: parsed("not_a_member", () => parseSessionId(request.sessionId)),
    sender: parsed("not_a_member", () => parseUsername(request.fromUsername)),
    content: request.content,
    type: "text",
    clientChoseId: chosenClientMsgId(request.clientMsgId) !== "",
    // An id of our own lets the transaction be tried again without storing the message twice.
    clientMsgId: parsed("client_msg_id_invalid", () =>
      parseClientMsgId(request.clientMsgId || `l:${randomUUID()}`),
    ),
  };
}

function parsed<Value>(reason: ErrorReason, parse: () => Value): Value {
  try {
    return parse();
  } catch (cause) {
    const message = reason === "not_a_member" ? "not a session member" : String(cause);
    throw new ChatError("invalid_argument", message, { reason, cause });
  }
}

/** Whether the text names the bot as `@name`, not as a part of a longer name. */
export function mentions(content: string, bot: Username): boolean {
  return new RegExp(mentionPattern(bot), "iu").test(content);
}

function refuse(code: ChatError["code"], reason: ErrorReason, message: string): Decision {
  return { kind: "refuse", error: new ChatError(code, message, { reason }) };
}
