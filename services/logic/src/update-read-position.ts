import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import type {
  UpdateReadPositionRequest,
  UpdateReadPositionResponseSchema,
} from "@resonance/mq-proto/logic";
import { notAMember, parseMembership } from "./get-history-messages.ts";
import { countUnread, raiseReadPosition } from "./sql/members.ts";

/** Moves the caller's read position forward and answers how many messages are unread after it. */
export async function updateReadPosition(
  deps: { db: Queryable },
  request: UpdateReadPositionRequest,
): Promise<MessageInitShape<typeof UpdateReadPositionResponseSchema>> {
  const { sessionId, username } = parseMembership(request);
  if (request.seqId > 0n) await raiseReadPosition(deps.db, sessionId, username, request.seqId);
  const unreadCount = await countUnread(deps.db, sessionId, username);
  if (unreadCount === undefined) throw notAMember();
  return { unreadCount };
}
