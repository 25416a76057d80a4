import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { parseUsername } from "@resonance/mq-proto";
import type {
  PullInboxDeltaRequest,
  PullInboxDeltaResponseSchema,
} from "@resonance/mq-proto/logic";
import { pushMessage } from "./push-message.ts";
import { listInbox } from "./sql/inbox.ts";

const defaultRows = 100;
const maxRows = 500;

/** What came into the caller's inbox after the cursor, in the order of its arrival. */
export async function pullInboxDelta(
  deps: { db: Queryable },
  request: PullInboxDeltaRequest,
): Promise<MessageInitShape<typeof PullInboxDeltaResponseSchema>> {
  const username = parseUsername(request.username);
  const limit = request.limit <= 0n ? defaultRows : Math.min(Number(request.limit), maxRows);
  const rows = await listInbox(deps.db, username, request.cursorId, limit);
  return {
    events: rows.map((row) => ({
      inboxId: row.inboxId,
      message: { ...pushMessage(row), toUsername: username },
    })),
    nextCursorId: rows.at(-1)?.inboxId ?? request.cursorId,
    hasMore: rows.length === limit,
  };
}
