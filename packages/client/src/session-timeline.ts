import type { PushMessage } from "@resonance/mq-proto/gateway";
import type { ClientError } from "./client-error.ts";

/** An own message that is not among the stored ones yet. */
export type PendingMessage = {
  readonly clientMsgId: string;
  readonly content: string;
  readonly createdAtMs: number;
  /** `sent`: stored, and about to appear among the messages. */
  readonly state: "sending" | "sent" | "failed";
  /** Of a sent one. */
  readonly seqId?: bigint;
  /** Why it failed. */
  readonly error?: ClientError;
};

/** What is known of one session. A value: every change makes another one. */
export type SessionTimeline = {
  /** Whose own messages are the pending ones. */
  readonly username: string;
  /** Ascending by `seqId`, each once. */
  readonly messages: readonly PushMessage[];
  /** In the order of sending. */
  readonly pending: readonly PendingMessage[];
  /** Whether the first message of the session is here. */
  readonly reachesStart: boolean;
};

/** Nothing known yet. */
export function emptyTimeline(username: string): SessionTimeline {
  return { username, messages: [], pending: [], reachesStart: false };
}

/** Adds messages in any order; known ones change nothing. A stored own message is not pending. */
export function insertMessages(
  timeline: SessionTimeline,
  messages: readonly PushMessage[],
): SessionTimeline {
  const known = new Set(timeline.messages.map((message) => message.seqId));
  const added = messages.filter(({ seqId }) => !known.has(seqId) && known.add(seqId));
  if (added.length === 0) return timeline;
  const own = added.filter((message) => message.fromUsername === timeline.username);
  const storedIds = new Set(own.map((message) => message.clientMsgId));
  const all = [...timeline.messages, ...added].sort((a, b) => (a.seqId < b.seqId ? -1 : 1));
  return {
    ...timeline,
    messages: all,
    // By seq too: not every server's history tells the client id.
    pending: timeline.pending.filter(
      ({ clientMsgId, seqId }) =>
        !storedIds.has(clientMsgId) && (seqId === undefined || !known.has(seqId)),
    ),
    reachesStart: timeline.reachesStart || all[0]?.seqId === 1n,
  };
}

/**
 * Adds the newest page of the history, asked for with this limit. If it does not reach down to
 * what is known, what is known is dropped, so that no gap remains in the middle.
 */
export function insertNewestPage(
  timeline: SessionTimeline,
  page: readonly PushMessage[],
  limit: number,
): SessionTimeline {
  const joined = insertMessages(timeline, page);
  const apart = findGaps(joined).length > 0;
  const kept = apart ? insertMessages({ ...timeline, messages: [] }, page) : joined;
  return page.length < limit ? { ...kept, reachesStart: true } : kept;
}

/** Adds the page before the oldest message, asked for with this limit. */
export function insertOlderPage(
  timeline: SessionTimeline,
  page: readonly PushMessage[],
  limit: number,
): SessionTimeline {
  const joined = insertMessages(timeline, page);
  return page.length < limit ? { ...joined, reachesStart: true } : joined;
}

/** Where messages are missing between known ones: both ends are themselves missing. */
export function findGaps(
  timeline: SessionTimeline,
): { readonly firstSeq: bigint; readonly lastSeq: bigint }[] {
  return timeline.messages.flatMap((message, index) => {
    const previous = timeline.messages[index - 1];
    if (!previous || message.seqId === previous.seqId + 1n) return [];
    return [{ firstSeq: previous.seqId + 1n, lastSeq: message.seqId - 1n }];
  });
}

/** 0 when no message is known. */
export function newestSeq(timeline: SessionTimeline): bigint {
  return timeline.messages.at(-1)?.seqId ?? 0n;
}

/** 0 when no message is known. */
export function oldestSeq(timeline: SessionTimeline): bigint {
  return timeline.messages[0]?.seqId ?? 0n;
}

/** Shows an own message at once. The same client id again replaces it where it stands. */
export function addPending(
  timeline: SessionTimeline,
  message: Pick<PendingMessage, "clientMsgId" | "content" | "createdAtMs">,
): SessionTimeline {
  const added: PendingMessage = { ...message, state: "sending" };
  const known = timeline.pending.some((other) => other.clientMsgId === message.clientMsgId);
  const pending = known
    ? timeline.pending.map((other) => (other.clientMsgId === message.clientMsgId ? added : other))
    : [...timeline.pending, added];
  return { ...timeline, pending };
}

/** An own message is stored under this seq: it goes as soon as the stored one is here. */
export function markSent(
  timeline: SessionTimeline,
  clientMsgId: string,
  seqId: bigint,
): SessionTimeline {
  const isHere = timeline.messages.some((message) => message.seqId === seqId);
  if (isHere) return removePending(timeline, clientMsgId);
  return changePending(timeline, clientMsgId, { state: "sent", seqId });
}

/** Does nothing when the message has been found among the stored ones meanwhile. */
export function markFailed(
  timeline: SessionTimeline,
  clientMsgId: string,
  error: ClientError,
): SessionTimeline {
  return changePending(timeline, clientMsgId, { state: "failed", error });
}

/** Forgets an own message that failed. */
export function removePending(timeline: SessionTimeline, clientMsgId: string): SessionTimeline {
  const pending = timeline.pending.filter((message) => message.clientMsgId !== clientMsgId);
  return { ...timeline, pending };
}

function changePending(
  timeline: SessionTimeline,
  clientMsgId: string,
  change: Partial<PendingMessage>,
): SessionTimeline {
  const pending = timeline.pending.map((message) =>
    message.clientMsgId === clientMsgId ? { ...message, ...change } : message,
  );
  return { ...timeline, pending };
}
