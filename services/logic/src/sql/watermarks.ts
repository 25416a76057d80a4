import type { Queryable } from "@resonance/db";
import type { MsgId } from "@resonance/mq-proto";
import { msgIdAtMs, workerIdOf } from "../ids.ts";
import { clockStepSeconds } from "./outbox.ts";
import { type StreamRun, stream } from "./stream-runs.ts";

/**
 * How far the events that a publisher has stored as sent are published: those of messages with ids
 * of its worker id up to `msgId`.
 */
export type WatermarkRow = { readonly publisher: string; readonly msgId: MsgId };

/** How far beyond its watermark a publisher's messages may be, in ids: 5 s. */
export const coveredIds = msgIdAtMs(5_000);

const silentSeconds = 3;
/** By then every transaction of a publisher that died has ended. */
const overSeconds = 600;

/** Does nothing where the publisher has one. */
export async function insertWatermark(db: Queryable, row: WatermarkRow): Promise<void> {
  await db.execute(
    `INSERT INTO t_outbox_watermark (publisher, worker_id, msg_id, seen_at)
     VALUES (?, ?, ?, NOW(3))
     ON DUPLICATE KEY UPDATE publisher = t_outbox_watermark.publisher`,
    [row.publisher, workerIdOf(row.msgId), row.msgId],
  );
}

/**
 * Raises a watermark, and with it how far the stream reaches. Says false, and does nothing, when the
 * watermark is gone, or another run has been adopted: the events may not be in its stream.
 */
export async function raiseWatermark(
  db: Queryable,
  row: WatermarkRow,
  reach: { readonly run: StreamRun; readonly lastSeq: number } | undefined,
): Promise<boolean> {
  const { affectedRows } = reach
    ? await db.execute(
        `UPDATE t_outbox_watermark w
           JOIN t_stream_run r ON r.stream = ? AND r.run_id = ? AND r.stream_created = ?
            SET w.msg_id = ?, w.seen_at = NOW(3), r.last_seq = GREATEST(r.last_seq, ?)
          WHERE w.publisher = ?`,
        [stream, reach.run.runId, reach.run.createdAt, row.msgId, reach.lastSeq, row.publisher],
      )
    : await db.execute(
        "UPDATE t_outbox_watermark SET msg_id = ?, seen_at = NOW(3) WHERE publisher = ?",
        [row.msgId, row.publisher],
      );
  return affectedRows > 0;
}

export async function deleteWatermark(db: Queryable, publisher: string): Promise<void> {
  await db.execute("DELETE FROM t_outbox_watermark WHERE publisher = ?", [publisher]);
}

export type SilentWatermark = WatermarkRow & {
  /** Whether no event can come any more for which it stands. */
  readonly isOver: boolean;
};

/** Those whose publishers were not heard of lately: they have died, or given up. */
export async function listSilentWatermarks(db: Queryable): Promise<SilentWatermark[]> {
  const rows = await db.query<WatermarkRow & { isOver: number | bigint }>(
    `SELECT publisher, msg_id AS msgId,
            seen_at < NOW(3) - INTERVAL ${overSeconds} SECOND AS isOver
       FROM t_outbox_watermark
      WHERE seen_at < NOW(3) - INTERVAL ${silentSeconds} SECOND
         OR seen_at > NOW(3) + INTERVAL ${clockStepSeconds} SECOND`,
  );
  return rows.map((row) => ({ ...row, isOver: Number(row.isOver) === 1 }));
}

/** Outbox rows that were stored as sent behind a watermark, and that were not made pending since. */
export async function listUncertain(
  db: Queryable,
  { msgId }: WatermarkRow,
  limit: number,
): Promise<bigint[]> {
  const rows = await db.query<{ id: bigint }>(
    `SELECT id
       FROM t_message_outbox FORCE INDEX (idx_msg_id)
      WHERE msg_id > ? AND msg_id <= ?
        AND ((msg_id >> 12) & 1023) = ? AND status = 1 AND retry_count = 0
      LIMIT ?`,
    [msgId, msgId + coveredIds, workerIdOf(msgId), limit],
  );
  return rows.map(({ id }) => id);
}
