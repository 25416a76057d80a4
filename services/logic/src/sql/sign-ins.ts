import type { Queryable, Transaction } from "@resonance/db";

export type SignInRow = {
  readonly signInId: string;
  readonly username: string;
  readonly refreshHash: Buffer;
  readonly previousHash: Buffer | null;
  readonly renewedAt: Date;
  readonly expiresAt: Date;
};

export async function insertSignIn(
  db: Queryable,
  row: Omit<SignInRow, "previousHash">,
): Promise<void> {
  await db.execute(
    `INSERT INTO t_sign_in (sign_in_id, username, refresh_hash, renewed_at, expires_at)
     VALUES (?, ?, ?, ?, ?)`,
    [row.signInId, row.username, row.refreshHash, row.renewedAt, row.expiresAt],
  );
}

/** The sign-in whose refresh token, or the one before it, has this hash. Locks the row. */
export async function lockSignIn(tx: Transaction, hash: Buffer): Promise<SignInRow | undefined> {
  const columns = `sign_in_id AS signInId, username, refresh_hash AS refreshHash,
    previous_hash AS previousHash, renewed_at AS renewedAt, expires_at AS expiresAt`;
  const [current] = await tx.query<SignInRow>(
    `SELECT ${columns} FROM t_sign_in WHERE refresh_hash = ? FOR UPDATE`,
    [hash],
  );
  if (current) return current;
  const [previous] = await tx.query<SignInRow>(
    `SELECT ${columns} FROM t_sign_in WHERE previous_hash = ? FOR UPDATE`,
    [hash],
  );
  return previous;
}

export async function renewSignIn(
  tx: Transaction,
  row: SignInRow & { readonly previousHash: Buffer },
): Promise<void> {
  await tx.execute(
    `UPDATE t_sign_in SET refresh_hash = ?, previous_hash = ?, renewed_at = ?, expires_at = ?
      WHERE sign_in_id = ?`,
    [row.refreshHash, row.previousHash, row.renewedAt, row.expiresAt, row.signInId],
  );
}

export async function deleteSignIn(db: Queryable, signInId: string): Promise<void> {
  await db.execute("DELETE FROM t_sign_in WHERE sign_in_id = ?", [signInId]);
}

export async function deleteSignInsOf(db: Queryable, username: string): Promise<void> {
  await db.execute("DELETE FROM t_sign_in WHERE username = ?", [username]);
}

/** Returns how many. */
export async function deleteExpiredSignIns(db: Queryable): Promise<number> {
  const { affectedRows } = await db.execute(
    "DELETE FROM t_sign_in WHERE expires_at < NOW(3) LIMIT 1000",
  );
  return affectedRows;
}
