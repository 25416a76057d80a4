import type { PendingMessage, SessionTimeline } from "@resonance/client";
import type { PushMessage } from "@resonance/mq-proto/gateway";
import { isSameDay } from "../format-time.ts";
import type { UnreadRange } from "../state/chat-state.ts";

/** What stands below each other in a conversation. `key` stays when a pending message is stored. */
export type MessageRow =
  | { readonly kind: "day"; readonly key: string; readonly atMs: number }
  | { readonly kind: "unread"; readonly key: string }
  | {
      readonly kind: "stored";
      readonly key: string;
      readonly message: PushMessage;
      readonly atMs: number;
      /** Whether it goes on from the sender's message right above. */
      readonly continues: boolean;
    }
  | {
      readonly kind: "pending";
      readonly key: string;
      readonly message: PendingMessage;
      readonly atMs: number;
      readonly continues: boolean;
    };

const continuesWithinMs = 5 * 60_000;

/**
 * The rows of a timeline. The first message of somebody else among those that were unread when the
 * session was opened is marked, unless nothing in the session had been read.
 */
export function messageRows(
  timeline: SessionTimeline,
  unread: UnreadRange | undefined,
): readonly MessageRow[] {
  const rows: MessageRow[] = [];
  let previous: { from: string; atMs: number } | undefined;
  let isMarked = !unread?.afterSeq;
  const begin = (from: string, atMs: number): boolean => {
    const isNewDay = !previous || !isSameDay(previous.atMs, atMs);
    if (isNewDay) rows.push({ kind: "day", key: `day:${rows.length}:${atMs}`, atMs });
    const continues =
      !isNewDay &&
      rows.at(-1)?.kind !== "unread" &&
      previous?.from === from &&
      atMs - previous.atMs < continuesWithinMs;
    previous = { from, atMs };
    return continues;
  };
  for (const message of timeline.messages) {
    const atMs = Number(message.timestamp) * 1000;
    const isOwn = message.fromUsername === timeline.username;
    if (!isMarked && !isOwn && isIn(message.seqId, unread)) {
      isMarked = true;
      rows.push({ kind: "unread", key: "unread" });
    }
    const continues = begin(message.fromUsername, atMs);
    const key = isOwn && message.clientMsgId ? message.clientMsgId : `seq:${message.seqId}`;
    rows.push({ kind: "stored", key, message, atMs, continues });
  }
  for (const message of timeline.pending) {
    const atMs = message.createdAtMs;
    const continues = begin(timeline.username, atMs);
    rows.push({ kind: "pending", key: message.clientMsgId, message, atMs, continues });
  }
  return rows;
}

function isIn(seqId: bigint, range: UnreadRange | undefined): boolean {
  return range !== undefined && seqId > range.afterSeq && seqId <= range.throughSeq;
}
