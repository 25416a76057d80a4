import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import {
  isSingleSessionId,
  limits,
  parseSessionId,
  parseUsername,
  type SessionId,
  type Username,
} from "@resonance/mq-proto";
import type { PushMessageSchema } from "@resonance/mq-proto/gateway";
import { pushMessage } from "./push-message.ts";
import { findMembers, listMemberNames } from "./sql/members.ts";
import { listHistory } from "./sql/messages.ts";

// For completing mentions; of a room of thousands nobody reads a list.
const namesAtMost = 200;

export type HistoryRequest = {
  readonly username: string;
  readonly sessionId: string;
  readonly limit: bigint;
  readonly beforeSeq: bigint;
};

/**
 * A page of a session's messages, ascending; with the newest of a group go the names of its members,
 * of 200 at most. Serves GetRecentMessages too.
 *
 * @throws ChatError `permission_denied` when the caller is no member, or names nobody.
 */
export async function getHistoryMessages(
  deps: { db: Queryable },
  request: HistoryRequest,
): Promise<{ messages: MessageInitShape<typeof PushMessageSchema>[]; members: string[] }> {
  const { sessionId, username } = parseMembership(request);
  // At once: a page read for nobody costs less than everybody's second round trip.
  const isNewestOfGroup = request.beforeSeq <= 0n && !isSingleSessionId(sessionId);
  const [allowed, rows, members] = await Promise.all([
    findMembers(deps.db, [{ sessionId, username }]),
    listHistory(deps.db, sessionId, request.beforeSeq, pageSize(request.limit)),
    isNewestOfGroup ? listMemberNames(deps.db, sessionId, namesAtMost) : [],
  ]);
  if (!allowed.has(sessionId, username)) throw notAMember();
  return { messages: rows.map(pushMessage), members };
}

/** @throws ChatError `permission_denied` for ids that no session and nobody can have. */
export function parseMembership(request: { sessionId: string; username: string }): {
  sessionId: SessionId;
  username: Username;
} {
  try {
    return {
      sessionId: parseSessionId(request.sessionId),
      username: parseUsername(request.username),
    };
  } catch {
    // An id that cannot be is answered like one that is not: what exists is nobody's business.
    throw notAMember();
  }
}

export function notAMember(): ChatError {
  return new ChatError("permission_denied", "no permission to access session", {
    reason: "not_a_member",
  });
}

function pageSize(limit: bigint): number {
  if (limit <= 0n) return limits.historyDefaultMessages;
  return Math.min(Number(limit), limits.historyMaxMessages);
}
