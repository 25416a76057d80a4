import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type PushMessage,
  PushMessageSchema,
  type SessionInfo,
  SessionInfoSchema,
} from "@resonance/mq-proto/gateway";
import type { SessionState } from "./chat-state.ts";

/** A message for tests: only what the test is about need be given. */
export function buildMessage(fields: MessageInitShape<typeof PushMessageSchema> = {}): PushMessage {
  return create(PushMessageSchema, {
    msgId: 1n,
    seqId: 1n,
    sessionId: "single:alice:ops-bot",
    fromUsername: "ops-bot",
    content: "hello",
    type: "text",
    ...fields,
  });
}

/** An entry of the session list for tests. */
export function buildInfo(fields: {
  id: string;
  lastSeq?: number;
  readSeq?: number;
  unread?: number;
}): SessionInfo {
  const { id, lastSeq = 0, readSeq = 0, unread = 0 } = fields;
  const last = { seqId: BigInt(lastSeq), content: `message ${lastSeq}`, sessionId: id };
  return create(SessionInfoSchema, {
    sessionId: id,
    type: 1,
    unreadCount: BigInt(unread),
    lastReadSeq: BigInt(readSeq),
    lastMessage: lastSeq === 0 ? { sessionId: id } : last,
  });
}

/** A session for tests; `lastAt` is the time of its last message in seconds. */
export function buildSession(fields: { id: string; lastAt?: number }): SessionState {
  const { id, lastAt } = fields;
  return {
    id,
    type: 1,
    name: "",
    unread: 0,
    lastReadSeq: 0n,
    lastSeq: 0n,
    lastMessage: lastAt === undefined ? undefined : buildMessage({ timestamp: BigInt(lastAt) }),
    isPeerOnline: false,
    bots: [],
  };
}
