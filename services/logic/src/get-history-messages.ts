import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import { limits, parseSessionId, parseUsername } from "@resonance/mq-proto";
import type { PushMessageSchema } from "@resonance/mq-proto/gateway";
import { pushMessage } from "./push-message.ts";
import { findMembers } from "./sql/members.ts";
import { listHistory } from "./sql/messages.ts";

export type HistoryRequest = {
  readonly username: string;
  readonly sessionId: string;
  readonly limit: bigint;
  readonly beforeSeq: bigint;
};

/**
 * A page of a session's messages, ascending. Serves GetRecentMessages too.
 *
 * @throws ChatError `permission_denied` when the caller is no member, or names nobody.
 */
export async function getHistoryMessages(
  deps: { db: Queryable },
  request: HistoryRequest,
): Promise<{ messages: MessageInitShape<typeof PushMessageSchema>[] }> {
  if (request.username === "" || request.sessionId === "") throw notAMember();
  const sessionId = parseSessionId(request.sessionId);
  const username = parseUsername(request.username);
  const members = await findMembers(deps.db, [[sessionId, username]]);
  if (!members.has(sessionId, username)) throw notAMember();
  const rows = await listHistory(deps.db, sessionId, request.beforeSeq, pageSize(request.limit));
  return { messages: rows.map(pushMessage) };
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
