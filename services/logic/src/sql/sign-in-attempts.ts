import type { Queryable, Transaction } from "@resonance/db";

export type AttemptKind = "account" | "address";

export type AttemptRow = {
  readonly attempts: number;
  readonly lastAt: Date;
  readonly blockedUntil: Date;
};

/** The row of this account or address, made if there is none, and locked. */
export async function lockAttempts(
  tx: Transaction,
  kind: AttemptKind,
  who: Buffer,
  first: AttemptRow,
): Promise<AttemptRow> {
  await tx.execute(
    `INSERT INTO t_sign_in_attempt (kind, who, attempts, last_at, blocked_until)
     VALUES (?, ?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE who = t_sign_in_attempt.who`,
    [kind, who, first.attempts, first.lastAt, first.blockedUntil],
  );
  const [row] = await tx.query<AttemptRow>(
    `SELECT attempts, last_at AS lastAt, blocked_until AS blockedUntil
       FROM t_sign_in_attempt WHERE kind = ? AND who = ? FOR UPDATE`,
    [kind, who],
  );
  if (!row) throw new TypeError("a row that was just made is not there");
  return row;
}

export async function updateAttempts(
  tx: Transaction,
  kind: AttemptKind,
  who: Buffer,
  row: AttemptRow,
): Promise<void> {
  await tx.execute(
    `UPDATE t_sign_in_attempt SET attempts = ?, last_at = ?, blocked_until = ?
      WHERE kind = ? AND who = ?`,
    [row.attempts, row.lastAt, row.blockedUntil, kind, who],
  );
}

/** A try that was right: the account starts anew, and the address has it back. */
export async function forgiveAttempt(
  db: Queryable,
  account: Buffer,
  address: Buffer | undefined,
): Promise<void> {
  await db.execute("DELETE FROM t_sign_in_attempt WHERE kind = 'account' AND who = ?", [account]);
  if (!address) return;
  await db.execute(
    `UPDATE t_sign_in_attempt SET attempts = attempts - 1
      WHERE kind = 'address' AND who = ? AND attempts > 0`,
    [address],
  );
}

/** Returns how many. */
export async function deleteOldAttempts(db: Queryable): Promise<number> {
  const { affectedRows } = await db.execute(
    "DELETE FROM t_sign_in_attempt WHERE last_at < NOW(3) - INTERVAL 1 DAY LIMIT 1000",
  );
  return affectedRows;
}
