import type { StreamState } from "@resonance/bus";
import { isDuplicateKey, type Queryable } from "@resonance/db";
import type { MsgId } from "@resonance/mq-proto";

/** A stream as it was made at a time, in a run of its server. */
export type StreamRun = Pick<StreamState, "runId" | "createdAt">;

export type KnownRun = StreamRun & {
  /** The last sequence that is known to be stored. */
  readonly lastSeq: bigint;
  /** Since when events are lost of which not all are in the outbox again. */
  readonly lostAt: Date | null;
};

export const stream = "RESONANCE";

/** The run in which events count as sent; undefined before the first. */
export async function findStreamRun(db: Queryable): Promise<KnownRun | undefined> {
  const [row] = await db.query<KnownRun>(
    `SELECT run_id AS runId, stream_created AS createdAt, last_seq AS lastSeq, lost_at AS lostAt
       FROM t_stream_run WHERE stream = ?`,
    [stream],
  );
  return row;
}

/**
 * Makes a run, whose stream has lost nothing, the one in which events count as sent. Says false,
 * and does nothing, when something has changed since `known` was read.
 */
export async function adoptWhole(
  db: Queryable,
  known: KnownRun,
  state: StreamState,
): Promise<boolean> {
  const { affectedRows } = await db.execute(
    `UPDATE t_stream_run SET run_id = ?
      WHERE stream = ? AND run_id = ? AND stream_created = ? AND last_seq <= ?`,
    [state.runId, stream, known.runId, known.createdAt, state.lastSeq],
  );
  return affectedRows === 1;
}

/** The same for a stream that has lost events, or of which nothing is known: it is noted as lost. */
export async function adoptLost(
  db: Queryable,
  known: KnownRun | undefined,
  state: StreamState,
): Promise<boolean> {
  if (!known) return await insertRun(db, state);
  const { affectedRows } = await db.execute(
    `UPDATE t_stream_run SET run_id = ?, stream_created = ?, last_seq = ?, lost_at = NOW(3)
      WHERE stream = ? AND run_id = ? AND stream_created = ?`,
    [state.runId, state.createdAt, state.lastSeq, stream, known.runId, known.createdAt],
  );
  return affectedRows === 1;
}

async function insertRun(db: Queryable, state: StreamState): Promise<boolean> {
  try {
    await db.execute(
      `INSERT INTO t_stream_run (stream, run_id, stream_created, last_seq, lost_at)
       VALUES (?, ?, ?, ?, NOW(3))`,
      [stream, state.runId, state.createdAt, state.lastSeq],
    );
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** Notes that what was lost at this time is in the outbox again, unless more was lost since. */
export async function clearLost(db: Queryable, lostAt: Date): Promise<void> {
  await db.execute("UPDATE t_stream_run SET lost_at = NULL WHERE stream = ? AND lost_at = ?", [
    stream,
    lostAt,
  ]);
}

/**
 * Marks rows as published, and the stream as reaching to `lastSeq`: swept rows by their ids, rows
 * just committed, of which no id is known, with all others of their messages. Says false, and does
 * nothing, when another run has been adopted: the rows may not be in its stream.
 */
export async function markSent(
  db: Queryable,
  run: StreamRun,
  rows: { ids: readonly bigint[] } | { msgIds: readonly MsgId[] },
  lastSeq: number,
): Promise<boolean> {
  const [column, index, values] =
    "ids" in rows ? ["id", "PRIMARY", rows.ids] : ["msg_id", "idx_msg_id", rows.msgIds];
  // One statement: no run can be adopted between the comparison and the marks. By these indexes,
  // since the one of the status leads to rows that are being inserted, and waits for them.
  const { affectedRows } = await db.execute(
    `UPDATE t_stream_run r
       JOIN t_message_outbox o FORCE INDEX (${index}) ON o.${column} IN (?) AND o.status = 0
        SET o.status = 1, o.updated_at = NOW(3), r.last_seq = GREATEST(r.last_seq, ?)
      WHERE r.stream = ? AND r.run_id = ? AND r.stream_created = ?`,
    [values, lastSeq, stream, run.runId, run.createdAt],
  );
  return affectedRows > 0;
}
