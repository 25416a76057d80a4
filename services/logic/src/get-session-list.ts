import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { parseUsername } from "@resonance/mq-proto";
import type {
  GetSessionListRequest,
  GetSessionListResponseSchema,
} from "@resonance/mq-proto/logic";
import { pushMessage } from "./push-message.ts";
import { listBotsIn } from "./sql/members.ts";
import { findMessages } from "./sql/messages.ts";
import { listSessions, type SessionListRow } from "./sql/sessions.ts";

const single = 1;

// As many as a page of the history has; gRPC takes an answer of 16 MiB.
const sessionsWithWholeMessage = 100;

/**
 * The caller's sessions, the most recent first, each with its last message: of those after the
 * first 100 at most 2,000 characters of it.
 */
export async function getSessionList(
  deps: { db: Queryable },
  request: GetSessionListRequest,
): Promise<MessageInitShape<typeof GetSessionListResponseSchema>> {
  const rows = await listSessions(deps.db, parseUsername(request.username));
  const cut = rows.slice(0, sessionsWithWholeMessage).filter(({ isCut }) => isCut);
  const groups = rows.filter(({ type }) => type !== single).map(({ sessionId }) => sessionId);
  const [whole, bots] = await Promise.all([
    findMessages(
      deps.db,
      cut.flatMap(({ msgId }) => (msgId === null ? [] : [msgId])),
    ),
    listBotsIn(deps.db, groups),
  ]);
  const botsByGroup = Map.groupBy(bots, ({ sessionId }) => sessionId);
  return {
    sessions: rows.map((row) => ({
      sessionId: row.sessionId,
      name: row.name || row.peerNickname || row.peerUsername || "",
      type: row.type,
      unreadCount: row.maxSeqId > row.lastReadSeq ? row.maxSeqId - row.lastReadSeq : 0n,
      lastReadSeq: row.lastReadSeq,
      lastMessage: lastMessage(row, row.msgId === null ? undefined : whole.get(row.msgId)?.content),
      peerOnline: row.peerRoutes > 0n,
      bots: (botsByGroup.get(row.sessionId) ?? []).map(({ username }) => username),
    })),
  };
}

function lastMessage(row: SessionListRow, wholeContent: string | undefined) {
  const { sessionId, maxSeqId: seqId, msgId, sender, content, msgType, createdAt } = row;
  if (msgId === null || sender === null) return { sessionId, seqId };
  const stored = { msgId, seqId, sessionId, sender, createdAt };
  return pushMessage({ ...stored, content: wholeContent ?? content ?? "", type: msgType ?? "" });
}
