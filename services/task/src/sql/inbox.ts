import { type Database, type Queryable, transaction } from "@resonance/db";
import { failpoint } from "@resonance/kit";

export type InboxRow = {
  readonly owner: string;
  readonly sessionId: string;
  readonly msgId: bigint;
  readonly seqId: bigint;
};

// A room of up to 200 members, whose inboxes get a row each, takes two of these.
const rowsPerStatement = 150;
const rowsPerTransaction = 20_000;

/**
 * Puts events into inboxes: all rows of an event or none, so that one of them tells of the others
 * (Logic looks for one when NATS has lost its store). A row that is there stays as it is.
 */
export async function insertInbox(
  db: Database,
  events: readonly (readonly InboxRow[])[],
): Promise<void> {
  let together: (readonly InboxRow[])[] = [];
  let count = 0;
  for (const rows of events) {
    if (count > 0 && count + rows.length > rowsPerTransaction) {
      await insertTogether(db, together.flat());
      together = [];
      count = 0;
    }
    together.push(rows);
    count += rows.length;
  }
  await insertTogether(db, together.flat());
}

// A batch in hand is finished, also when the service is stopping.
const never = new AbortController().signal;

async function insertTogether(db: Database, rows: readonly InboxRow[]): Promise<void> {
  // The order in which every process takes the locks.
  const ordered = rows.toSorted(
    (one, other) =>
      compare(one.owner, other.owner) ||
      compare(one.sessionId, other.sessionId) ||
      compare(one.seqId, other.seqId),
  );
  if (ordered.length <= rowsPerStatement) return await insertRows(db, ordered);
  await transaction(
    db,
    async (tx) => {
      for (let first = 0; first < ordered.length; first += rowsPerStatement) {
        await insertRows(tx, ordered.slice(first, first + rowsPerStatement));
        failpoint("task.amid_inbox");
      }
    },
    never,
  );
}

async function insertRows(db: Queryable, rows: readonly InboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db.execute(
    `INSERT INTO t_inbox (owner_username, session_id, msg_id, seq_id, is_read, created_at)
     VALUES ${rows.map(() => "(?, ?, ?, ?, 0, NOW(3))").join(", ")}
     ON DUPLICATE KEY UPDATE id = t_inbox.id`,
    rows.flatMap((row) => [row.owner, row.sessionId, row.msgId, row.seqId]),
  );
}

function compare<Value extends string | bigint>(one: Value, other: Value): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
