import type { Queryable, Transaction } from "@resonance/db";
import type { MsgId, Username } from "@resonance/mq-proto";
import type { Cover } from "../watermark.ts";

/** An event that is committed with its message and published after the commit. */
export type OutboxRow = {
  readonly msgId: MsgId;
  readonly topic: string;
  readonly payload: Uint8Array;
  /**
   * Whose inboxes are to get a row of a message that Logic has delivered itself, over which connection
   * to NATS. Is not stored: an event that is published later is delivered by Task.
   */
  readonly delivered?:
    | { readonly owners: readonly Username[]; readonly connection: number }
    | undefined;
  /** What answers for a row that was stored as sent before it is published. */
  readonly cover?: Cover | undefined;
};

export type DueRow = OutboxRow & { readonly id: bigint };

/** Where a row stood among those that are due. */
export type DuePlace = { readonly id: bigint; readonly dueAt: Date };

/** What the payload's column holds. */
export const maxPayloadBytes = 65_535;

const pending = 0;
const sent = 1;
/** The committing process publishes at once; only what it did not manage is left to the sweeper. */
const sweepAfterSeconds = 2;
const retrySeconds = 1;
/** No time of the outbox lies so far ahead, but where the clock was set back meanwhile. */
export const clockStepSeconds = 30;

/** Rows that a watermark covers are stored as sent, all others as pending. */
export async function insertOutbox(
  tx: Transaction,
  rows: readonly OutboxRow[],
  cover?: Cover,
): Promise<void> {
  if (rows.length === 0) return;
  const status = cover ? sent : pending;
  await tx.execute(
    `INSERT INTO t_message_outbox
       (msg_id, topic, payload, status, retry_count, next_retry_time, created_at, updated_at)
     VALUES ${rows.map(() => `(?, ?, ?, ${status}, 0, NOW(3) + INTERVAL ${sweepAfterSeconds} SECOND, NOW(3), NOW(3))`).join(", ")}`,
    rows.flatMap(({ msgId, topic, payload }) => [
      msgId,
      topic,
      // A view: the copy would be one more array for each message.
      Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
    ]),
  );
}

/**
 * Rows that are due. Given a place, those behind it: the index still holds the entries of rows that
 * were published, and going through them again costs the database as much as all the rest.
 */
export async function listDue(
  db: Queryable,
  limit: number,
  after?: DuePlace,
): Promise<(DueRow & DuePlace)[]> {
  // The index gives the rows in order, however many there are.
  return await db.query<DueRow & DuePlace>(
    `SELECT id, msg_id AS msgId, topic, payload, next_retry_time AS dueAt
       FROM t_message_outbox FORCE INDEX (idx_status_next_retry)
      WHERE status = ${pending}
        AND (next_retry_time <= NOW(3)
          OR next_retry_time > NOW(3) + INTERVAL ${clockStepSeconds} SECOND)
        ${after ? "AND (next_retry_time > ? OR (next_retry_time = ? AND id > ?))" : ""}
      ORDER BY next_retry_time, id
      LIMIT ?`,
    [...(after ? [after.dueAt, after.dueAt, after.id] : []), limit],
  );
}

/** Lets others pass rows that could not be published: they are due again soon. */
export async function postpone(db: Queryable, ids: readonly bigint[]): Promise<void> {
  // Columns of a fixed length alone: a row that changes its length is written whole, payload and all.
  await db.execute(
    `UPDATE t_message_outbox
        SET retry_count = retry_count + 1, updated_at = NOW(3),
            next_retry_time = NOW(3) + INTERVAL ${retrySeconds} SECOND
      WHERE id IN (?) AND status = ${pending}`,
    [ids],
  );
}

export type SentRow = DueRow;

/** Published rows before one, the newest first. They are kept for a day. */
export async function listSentBefore(
  db: Queryable,
  beforeId: bigint,
  limit: number,
): Promise<SentRow[]> {
  return await db.query<SentRow>(
    `SELECT id, msg_id AS msgId, topic, payload
       FROM t_message_outbox FORCE INDEX (PRIMARY)
      WHERE id < ? AND status = ${sent}
      ORDER BY id DESC
      LIMIT ?`,
    [beforeId, limit],
  );
}

/** Has published rows published again; those tell from others by their count of tries. */
export async function reopen(db: Queryable, ids: readonly bigint[]): Promise<void> {
  await db.execute(
    `UPDATE t_message_outbox
        SET status = ${pending}, retry_count = retry_count + 1, updated_at = NOW(3),
            next_retry_time = NOW(3)
      WHERE id IN (?) AND status = ${sent}`,
    [ids],
  );
}

/** How many events wait to be published. */
export async function countPending(db: Queryable): Promise<number> {
  const [row] = await db.query<{ rows: bigint }>(
    `SELECT COUNT(*) AS \`rows\` FROM t_message_outbox WHERE status = ${pending}`,
  );
  return Number(row?.rows ?? 0);
}

/** Deletes published rows that are older than a day, at most `limit`. Says how many. */
export async function deleteOldSent(db: Queryable, limit: number): Promise<number> {
  const { affectedRows } = await db.execute(
    `DELETE FROM t_message_outbox
      WHERE status = ${sent} AND next_retry_time < NOW(3) - INTERVAL 1 DAY
      LIMIT ?`,
    [limit],
  );
  return affectedRows;
}
