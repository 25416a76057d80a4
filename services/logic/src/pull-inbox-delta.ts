import { randomBytes } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { parseUsername, type SeqId, type SessionId } from "@resonance/mq-proto";
import type {
  PullInboxDeltaRequest,
  PullInboxDeltaResponseSchema,
} from "@resonance/mq-proto/logic";
import { pushMessage } from "./push-message.ts";
import { listMemberships, type Membership } from "./sql/members.ts";
import { findMessages, listMessageSizes, type MessageSize, type SeqRange } from "./sql/messages.ts";
import { deleteOldCursors, findCursor, insertCursor, type Positions } from "./sql/sync-cursors.ts";

const defaultMessages = 100;
const maxMessages = 500;
// A call's answer may have 4 MiB, and one message 64 KiB: no page may be too large to be read.
const maxContentBytes = 1024 ** 2;

/**
 * What the caller's sessions hold after a cursor: each session's messages ascending, those with the
 * fewest first, so that a busy room holds up nobody. A cursor stands for the last seq_id read of
 * every session, which no message can be committed behind. 0, another user's and an unknown cursor
 * stand for the beginning: all messages since the caller joined.
 *
 * An event's inbox_id is the sum of the positions in all sessions once it is read: from page to
 * page of one chain of cursors it only grows. Asking twice with one cursor answers twice; when
 * there is nothing after it, it comes back and nothing is stored.
 */
export async function pullInboxDelta(
  deps: { db: Queryable },
  request: PullInboxDeltaRequest,
): Promise<MessageInitShape<typeof PullInboxDeltaResponseSchema>> {
  const { db } = deps;
  const owner = parseUsername(request.username);
  const limit =
    request.limit <= 0n ? defaultMessages : Math.min(Number(request.limit), maxMessages);
  const cursor = (await findCursor(db, owner, request.cursorId)) ?? {
    chainId: randomBytes(8).readBigUInt64BE(),
    positions: new Map(),
  };
  const missing = missingRanges(cursor.positions, await listMemberships(db, owner));
  if (missing.length === 0) return { nextCursorId: request.cursorId };

  const ranges = shareOut(missing, limit);
  const page = takePage(cursor.positions, ranges, await listMessageSizes(db, ranges));
  const messages = await findMessages(
    db,
    page.taken.map(({ msgId }) => msgId),
  );
  const nextCursorId = await insertCursor(db, owner, { ...cursor, positions: page.positions });
  await deleteOldCursors(db, owner);
  return {
    events: page.taken.flatMap(({ msgId, inboxId }) => {
      const message = messages.get(msgId);
      return message ? [{ inboxId, message: { ...pushMessage(message), toUsername: owner } }] : [];
    }),
    nextCursorId,
    hasMore: missing.some((range) => (page.positions.get(range.sessionId) ?? 0n) < range.untilSeq),
  };
}

/** What each session has after the reader's position, which a rejoin may have moved forward. */
function missingRanges(positions: Positions, memberships: readonly Membership[]): SeqRange[] {
  return memberships.flatMap(({ sessionId, joinedSeq, maxSeqId }) => {
    const position = positions.get(sessionId) ?? 0n;
    const afterSeq = position > joinedSeq ? position : joinedSeq;
    return maxSeqId > afterSeq ? [{ sessionId, afterSeq, untilSeq: maxSeqId }] : [];
  });
}

/** Divides a page among the sessions: small ones whole, the others in equal parts. */
function shareOut(missing: readonly SeqRange[], limit: number): SeqRange[] {
  let left = BigInt(limit);
  const ranges = missing.toSorted((one, other) => Number(lengthOf(one) - lengthOf(other)));
  return ranges.flatMap((range, index) => {
    const sharers = BigInt(ranges.length - index);
    const share = (left + sharers - 1n) / sharers;
    const taken = share < lengthOf(range) ? share : lengthOf(range);
    left -= taken;
    return taken > 0n ? [{ ...range, untilSeq: range.afterSeq + taken }] : [];
  });
}

function lengthOf(range: SeqRange): bigint {
  return range.untilSeq - range.afterSeq;
}

/** Takes messages in the order of the ranges until they are taken or the page has its bytes. */
function takePage(
  before: Positions,
  ranges: readonly SeqRange[],
  sizes: ReadonlyMap<SessionId, readonly MessageSize[]>,
): { taken: { msgId: MessageSize["msgId"]; inboxId: bigint }[]; positions: Positions } {
  const positions = new Map(before);
  let sum = [...before.values()].reduce((total, seqId) => total + seqId, 0n);
  const moveTo = (sessionId: SessionId, seqId: bigint) => {
    sum += seqId - (positions.get(sessionId) ?? 0n);
    // Up to the session's max_seq_id, which somebody was given as a SeqId.
    positions.set(sessionId, seqId as SeqId);
  };
  const taken: { msgId: MessageSize["msgId"]; inboxId: bigint }[] = [];
  let bytes = 0n;
  for (const range of ranges) {
    for (const size of sizes.get(range.sessionId) ?? []) {
      if (bytes >= maxContentBytes) return { taken, positions };
      bytes += size.bytes;
      moveTo(range.sessionId, size.seqId);
      taken.push({ msgId: size.msgId, inboxId: sum });
    }
    // Past holes, too, which a database of the Go services may have.
    moveTo(range.sessionId, range.untilSeq);
  }
  return { taken, positions };
}
