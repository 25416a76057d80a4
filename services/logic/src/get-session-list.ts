import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { parseUsername } from "@resonance/mq-proto";
import type {
  GetSessionListRequest,
  GetSessionListResponseSchema,
} from "@resonance/mq-proto/logic";
import { pushMessage } from "./push-message.ts";
import { listSessions, type SessionListRow } from "./sql/sessions.ts";

/** The caller's sessions, the most recent first, each with its last message. */
export async function getSessionList(
  deps: { db: Queryable },
  request: GetSessionListRequest,
): Promise<MessageInitShape<typeof GetSessionListResponseSchema>> {
  const rows = await listSessions(deps.db, parseUsername(request.username));
  return {
    sessions: rows.map((row) => ({
      sessionId: row.sessionId,
      name: row.name || row.peerNickname || row.peerUsername || "",
      type: row.type,
      unreadCount: row.maxSeqId > row.lastReadSeq ? row.maxSeqId - row.lastReadSeq : 0n,
      lastReadSeq: row.lastReadSeq,
      lastMessage: lastMessage(row),
      peerOnline: row.peerRoutes > 0n,
    })),
  };
}

function lastMessage(row: SessionListRow) {
  const { sessionId, maxSeqId: seqId, msgId, sender, content, msgType, createdAt } = row;
  if (msgId === null || sender === null || createdAt === null) return { sessionId, seqId };
  // A column's id was branded when it was stored.
  const stored = { msgId: msgId as never, seqId, sessionId, sender, createdAt };
  return pushMessage({ ...stored, content: content ?? "", type: msgType ?? "" });
}
