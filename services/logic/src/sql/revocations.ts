import type { Queryable } from "@resonance/db";

/** What is ended: one token, one sign-in, or all tokens of the user that were issued until then. */
export type Ended =
  | { readonly tokenHash: Buffer }
  | { readonly signInId: string }
  /** Unix seconds, included. */
  | { readonly issuedUntil: number };

export type RevocationRow = {
  readonly username: string;
  readonly tokenHash: Buffer | null;
  readonly signInId: string | null;
  readonly issuedUntil: bigint | null;
};

export async function insertRevocation(
  db: Queryable,
  username: string,
  ended: Ended,
): Promise<void> {
  await db.execute(
    `INSERT INTO t_revocation (username, token_hash, sign_in_id, issued_until, created_at)
     VALUES (?, ?, ?, ?, NOW(3))`,
    [
      username,
      "tokenHash" in ended ? ended.tokenHash : null,
      "signInId" in ended ? ended.signInId : null,
      "issuedUntil" in ended ? ended.issuedUntil : null,
    ],
  );
}

/** The second, included, until which all tokens of the user have ended; 0 without such. */
export async function findRevokedUntil(db: Queryable, username: string): Promise<number> {
  const [row] = await db.query<{ issuedUntil: bigint | null }>(
    "SELECT MAX(issued_until) AS issuedUntil FROM t_revocation WHERE username = ?",
    [username],
  );
  return Number(row?.issuedUntil ?? 0);
}

/** Those made after then, and the time of the database now; both in unix milliseconds. */
export async function listRevocationsSince(
  db: Queryable,
  sinceMs: number | undefined,
): Promise<{ asOfMs: number; rows: RevocationRow[] }> {
  const [now] = await db.query<{ ms: string }>(
    "SELECT CAST(ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000) AS CHAR) AS ms",
  );
  const asOfMs = Number(now?.ms);
  const rows = await db.query<RevocationRow>(
    `SELECT username, token_hash AS tokenHash, sign_in_id AS signInId, issued_until AS issuedUntil
       FROM t_revocation WHERE created_at > ?`,
    [new Date(sinceMs ?? asOfMs - 60_000)],
  );
  return { asOfMs, rows };
}

/** Forgets what no living token is concerned by. Returns how many. */
export async function deleteOldRevocations(db: Queryable): Promise<number> {
  const { affectedRows } = await db.execute(
    "DELETE FROM t_revocation WHERE created_at < NOW(3) - INTERVAL 25 HOUR LIMIT 1000",
  );
  return affectedRows;
}
