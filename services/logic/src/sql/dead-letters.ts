import type { Queryable, Transaction } from "@resonance/db";

/** An event that no consumer could handle. */
export type DeadLetter = {
  readonly id: bigint;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly cause: string;
  readonly deliveryCount: number;
  readonly createdAt: Date;
  /** When it was last published again; null if it never was. */
  readonly replayedAt: Date | null;
};

const summaryColumns = `id, topic, cause, delivery_count AS deliveryCount,
  created_at AS createdAt, replayed_at AS replayedAt`;

const maxCauseCharacters = 4_000;

/** Keeps an event and gives the letter's id. */
export async function insertDeadLetter(
  db: Queryable,
  letter: Pick<DeadLetter, "topic" | "payload" | "cause" | "deliveryCount">,
): Promise<bigint> {
  const { insertId } = await db.execute(
    `INSERT INTO t_dead_letter (topic, payload, cause, delivery_count, created_at)
     VALUES (?, ?, ?, ?, NOW(3))`,
    [
      letter.topic,
      Buffer.from(letter.payload),
      letter.cause.slice(0, maxCauseCharacters),
      letter.deliveryCount,
    ],
  );
  return BigInt(insertId);
}

/** The newest letters without their payloads, the newest first. */
export async function listDeadLetters(
  db: Queryable,
  options: { replayedToo: boolean; limit: number },
): Promise<Omit<DeadLetter, "payload">[]> {
  return await db.query(
    `SELECT ${summaryColumns} FROM t_dead_letter
      WHERE ? OR replayed_at IS NULL
      ORDER BY id DESC
      LIMIT ?`,
    [options.replayedToo, options.limit],
  );
}

/** How many letters there are, and how many of them were never replayed. */
export async function countDeadLetters(
  db: Queryable,
): Promise<{ all: number; unreplayed: number }> {
  const [row] = await db.query<{ total: bigint; unreplayed: bigint }>(
    "SELECT COUNT(*) AS total, COUNT(*) - COUNT(replayed_at) AS unreplayed FROM t_dead_letter",
  );
  return { all: Number(row?.total ?? 0), unreplayed: Number(row?.unreplayed ?? 0) };
}

export async function findDeadLetter(db: Queryable, id: bigint): Promise<DeadLetter | undefined> {
  const [row] = await db.query<DeadLetter>(
    `SELECT ${summaryColumns}, payload FROM t_dead_letter WHERE id = ?`,
    [id],
  );
  return row;
}

/** These letters, ascending, locked until the transaction ends. */
export async function lockDeadLetters(
  tx: Transaction,
  ids: readonly bigint[],
): Promise<DeadLetter[]> {
  return await tx.query<DeadLetter>(
    `SELECT ${summaryColumns}, payload FROM t_dead_letter
      WHERE id IN (?) ORDER BY id FOR UPDATE`,
    [ids],
  );
}

/** Ids of letters that were never replayed, ascending, after one. */
export async function listUnreplayedIds(
  db: Queryable,
  afterId: bigint,
  limit: number,
): Promise<bigint[]> {
  const rows = await db.query<{ id: bigint }>(
    `SELECT id FROM t_dead_letter WHERE replayed_at IS NULL AND id > ? ORDER BY id LIMIT ?`,
    [afterId, limit],
  );
  return rows.map(({ id }) => id);
}

export async function markReplayed(tx: Transaction, ids: readonly bigint[]): Promise<void> {
  await tx.execute("UPDATE t_dead_letter SET replayed_at = NOW(3) WHERE id IN (?)", [ids]);
}
