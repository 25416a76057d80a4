import type { Queryable, Transaction } from "@resonance/db";
import type { SessionId, Username } from "@resonance/mq-proto";
import type { MessageRow } from "./messages.ts";

/** Puts each message into its sender's own inbox. */
export async function insertInbox(tx: Transaction, rows: readonly MessageRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(
    `INSERT INTO t_inbox (owner_username, session_id, msg_id, seq_id, is_read, created_at) VALUES ?`,
    [rows.map((row) => [row.sender, row.sessionId, row.msgId, row.seqId, 0, row.createdAt])],
  );
}

export type InboxKey = {
  readonly owner: Username;
  readonly sessionId: SessionId;
  readonly seqId: bigint;
};

/** Which of these inbox rows exist. */
export async function findInboxRows(
  db: Queryable,
  keys: readonly InboxKey[],
): Promise<{ has(key: InboxKey): boolean }> {
  const rows = await db.query<InboxKey>(
    `SELECT owner_username AS owner, session_id AS sessionId, seq_id AS seqId
       FROM t_inbox
      WHERE (owner_username, session_id, seq_id) IN (?)`,
    [keys.map(({ owner, sessionId, seqId }) => [owner, sessionId, seqId])],
  );
  const textOf = ({ owner, sessionId, seqId }: InboxKey) => `${owner}\n${sessionId}\n${seqId}`;
  const found = new Set(rows.map(textOf));
  return { has: (key) => found.has(textOf(key)) };
}
