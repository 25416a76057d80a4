import type { Queryable } from "@resonance/db";
import type { AuditRow } from "./audit-entry.ts";

const columns = `seq, at_ms AS atMs, kind, actor, session_id AS sessionId, msg_id AS msgId, details,
  previous_hash AS previousHash, hash`;

export async function findLast(db: Queryable): Promise<AuditRow | undefined> {
  const [row] = await db.query<AuditRow>(
    `SELECT ${columns} FROM t_audit ORDER BY seq DESC LIMIT 1`,
  );
  return row;
}

/** At most `limit` rows after `seq`, ascending. */
export async function listAfter(db: Queryable, seq: bigint, limit: number): Promise<AuditRow[]> {
  return await db.query<AuditRow>(
    `SELECT ${columns} FROM t_audit WHERE seq > ? ORDER BY seq LIMIT ?`,
    [seq, limit],
  );
}

/** The newest rows, of one actor or of one message if told, newest first. */
export async function listNewest(
  db: Queryable,
  limit: number,
  of: { readonly actor?: string; readonly msgId?: bigint } = {},
): Promise<AuditRow[]> {
  return await db.query<AuditRow>(
    `SELECT ${columns} FROM t_audit
      WHERE (? IS NULL OR actor = ?) AND (? IS NULL OR msg_id = ?)
      ORDER BY seq DESC LIMIT ?`,
    [of.actor ?? null, of.actor ?? null, of.msgId ?? null, of.msgId ?? null, limit],
  );
}

/** @throws the driver's 1062 when somebody else has taken the place. */
export async function insertRows(db: Queryable, rows: readonly AuditRow[]): Promise<void> {
  await db.execute(
    `INSERT INTO t_audit (seq, at_ms, kind, actor, session_id, msg_id, details, previous_hash, hash)
     VALUES ?`,
    [
      rows.map((row) => [
        row.seq,
        row.atMs,
        row.kind,
        row.actor,
        row.sessionId,
        row.msgId,
        row.details,
        row.previousHash,
        row.hash,
      ]),
    ],
  );
}

export async function findHead(db: Queryable): Promise<{ seq: bigint; hash: Buffer } | undefined> {
  const [head] = await db.query<{ seq: bigint; hash: Buffer }>(
    "SELECT seq, hash FROM t_bot_audit_head WHERE id = 1",
  );
  return head;
}

/** Never goes back: of two that are at it, the later one counts. */
export async function setHead(
  db: Queryable,
  { seq, hash }: { readonly seq: bigint; readonly hash: Buffer },
): Promise<void> {
  await db.execute(
    `INSERT INTO t_bot_audit_head (id, seq, hash) VALUES (1, ?, ?)
     ON DUPLICATE KEY UPDATE
       hash = IF(VALUES(seq) > t_bot_audit_head.seq, VALUES(hash), t_bot_audit_head.hash),
       seq = GREATEST(VALUES(seq), t_bot_audit_head.seq)`,
    [seq, hash],
  );
}
