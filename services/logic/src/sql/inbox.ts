import type { Queryable, Transaction } from "@resonance/db";
import type { Username } from "@resonance/mq-proto";
import type { MessageRow, StoredMessage } from "./messages.ts";

/** Puts each message into its sender's own inbox. */
export async function insertInbox(tx: Transaction, rows: readonly MessageRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(
    `INSERT INTO t_inbox (owner_username, session_id, msg_id, seq_id, is_read, created_at) VALUES ?`,
    [rows.map((row) => [row.sender, row.sessionId, row.msgId, row.seqId, 0, row.createdAt])],
  );
}

export type InboxRow = StoredMessage & { readonly inboxId: bigint };

/** Inbox rows after the cursor, ascending. */
export async function listInbox(
  db: Queryable,
  owner: Username,
  cursorId: bigint,
  limit: number,
): Promise<InboxRow[]> {
  return await db.query<InboxRow>(
    `SELECT i.id AS inboxId, c.msg_id AS msgId, c.seq_id AS seqId, c.session_id AS sessionId,
            c.sender_username AS sender, c.content, c.msg_type AS type, c.created_at AS createdAt
       FROM t_inbox i
       JOIN t_message_content c ON c.msg_id = i.msg_id
      WHERE i.owner_username = ? AND i.id > ?
      ORDER BY i.id
      LIMIT ?`,
    [owner, cursorId, limit],
  );
}
