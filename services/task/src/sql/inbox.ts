import type { Queryable } from "@resonance/db";

export type InboxRow = {
  readonly owner: string;
  readonly sessionId: string;
  readonly msgId: bigint;
  readonly seqId: bigint;
};

// MySQL binds at most 65,535 values in a statement.
const rowsPerStatement = 1_000;

/** Puts messages into inboxes. A row that is there stays as it is. */
export async function insertInbox(db: Queryable, rows: readonly InboxRow[]): Promise<void> {
  // The order in which every process takes the locks.
  const ordered = rows.toSorted(
    (one, other) =>
      compare(one.owner, other.owner) ||
      compare(one.sessionId, other.sessionId) ||
      compare(one.seqId, other.seqId),
  );
  for (let first = 0; first < ordered.length; first += rowsPerStatement) {
    const part = ordered.slice(first, first + rowsPerStatement);
    await db.execute(
      `INSERT INTO t_inbox (owner_username, session_id, msg_id, seq_id, is_read, created_at)
       VALUES ${part.map(() => "(?, ?, ?, ?, 0, NOW(3))").join(", ")}
       ON DUPLICATE KEY UPDATE id = t_inbox.id`,
      part.flatMap((row) => [row.owner, row.sessionId, row.msgId, row.seqId]),
    );
  }
}

function compare<Value extends string | bigint>(one: Value, other: Value): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
