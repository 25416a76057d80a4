import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { parseSessionId, parseUsername } from "@resonance/mq-proto";
import type {
  UpdateReadPositionRequest,
  UpdateReadPositionResponseSchema,
} from "@resonance/mq-proto/logic";
import { notAMember } from "./get-history-messages.ts";
import { countUnread, raiseReadPosition } from "./sql/members.ts";

/** Moves the caller's read position forward and answers how many messages are unread after it. */
export async function updateReadPosition(
  deps: { db: Queryable },
  request: UpdateReadPositionRequest,
): Promise<MessageInitShape<typeof UpdateReadPositionResponseSchema>> {
  if (request.username === "" || request.sessionId === "") throw notAMember();
  const sessionId = parseSessionId(request.sessionId);
  const username = parseUsername(request.username);
  await raiseReadPosition(deps.db, sessionId, username, request.seqId);
  const unreadCount = await countUnread(deps.db, sessionId, username);
  if (unreadCount === undefined) throw notAMember();
  return { unreadCount };
}
