import type { Queryable, Transaction } from "@resonance/db";
import type { Username } from "@resonance/mq-proto";

export type UserRow = {
  readonly username: Username;
  readonly nickname: string;
  readonly avatarUrl: string;
  readonly passwordHash: string;
  readonly isBot: number;
  readonly isDisabled: boolean;
};

const columns = `u.username, COALESCE(u.nickname, '') AS nickname,
  COALESCE(u.avatar, '') AS avatarUrl, u.password AS passwordHash, u.is_bot AS isBot,
  u.disabled_at IS NOT NULL AS isDisabledNumber`;

type StoredUser = Omit<UserRow, "isDisabled"> & { readonly isDisabledNumber: number | bigint };

/** MariaDB gives a truth value as INT, MySQL as BIGINT. */
function userRow({ isDisabledNumber, ...row }: StoredUser): UserRow {
  return { ...row, isDisabled: Number(isDisabledNumber) === 1 };
}

export function findUser(db: Queryable, username: string): Promise<UserRow | undefined> {
  return readUser(db, username, "");
}

/** The user as it stays until the transaction ends. */
export function holdUser(tx: Transaction, username: string): Promise<UserRow | undefined> {
  return readUser(tx, username, "LOCK IN SHARE MODE");
}

async function readUser(
  db: Queryable,
  username: string,
  lock: "" | "LOCK IN SHARE MODE",
): Promise<UserRow | undefined> {
  const [row] = await db.query<StoredUser>(
    `SELECT ${columns} FROM t_user u WHERE u.username = ? ${lock}`,
    [username],
  );
  // SQL pads before comparing: "alice " would find alice.
  return row?.username === username ? userRow(row) : undefined;
}

/** A token as far as the user's revocations are about it. */
type TokenFacts = {
  readonly username: string;
  readonly hash: Buffer;
  readonly signInId: string | undefined;
  /** Unix seconds. */
  readonly issuedAt: number;
};

/** Whose token it is, and whether one of the user's revocations ends it. */
export async function findTokenOwner(
  db: Queryable,
  token: TokenFacts,
): Promise<{ readonly user: UserRow; readonly isRevoked: boolean } | undefined> {
  // One statement: a crowd that comes back has one of these each.
  const [row] = await db.query<StoredUser & { readonly revocations: bigint }>(
    `SELECT ${columns},
            (SELECT COUNT(*) FROM t_revocation r
              WHERE r.username = u.username
                AND (r.token_hash = ? OR r.sign_in_id = ? OR r.issued_until >= ?)) AS revocations
       FROM t_user u
      WHERE u.username = ?`,
    [token.hash, token.signInId ?? null, token.issuedAt, token.username],
  );
  // SQL pads before comparing: "alice " would find alice.
  if (row?.username !== token.username) return undefined;
  const { revocations, ...user } = row;
  return { user: userRow(user), isRevoked: revocations > 0n };
}

export async function findUsers(db: Queryable, usernames: readonly string[]): Promise<UserRow[]> {
  if (usernames.length === 0) return [];
  const rows = await db.query<StoredUser>(
    `SELECT ${columns} FROM t_user u WHERE u.username IN (?)`,
    [usernames],
  );
  return rows.filter((row) => usernames.includes(row.username)).map(userRow);
}

export async function listBots(db: Queryable): Promise<Username[]> {
  const rows = await db.query<{ username: Username }>(
    "SELECT username FROM t_user WHERE is_bot = 1",
  );
  return rows.map((row) => row.username);
}

/** @throws the driver's 1062 when the name is taken. */
export async function insertUser(
  tx: Transaction,
  user: { username: Username; nickname: string; passwordHash: string; role: string },
): Promise<void> {
  await tx.execute(
    "INSERT INTO t_user (username, nickname, password, avatar, is_bot, role) VALUES (?, ?, ?, '', 0, ?)",
    [user.username, user.nickname, user.passwordHash, user.role],
  );
}

/** People and bots whose name or nickname contains the text; at most 50, never `system`. */
export async function searchUsers(db: Queryable, text: string): Promise<UserRow[]> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const rows = await db.query<StoredUser>(
    `SELECT ${columns} FROM t_user u
      WHERE (u.username LIKE ? OR u.nickname LIKE ?) AND u.username <> 'system'
      ORDER BY u.username
      LIMIT 50`,
    [pattern, pattern],
  );
  return rows.map(userRow);
}

/** Everybody with whom the user has a one-to-one session. */
export async function listContacts(db: Queryable, username: Username): Promise<UserRow[]> {
  const rows = await db.query<StoredUser>(
    `SELECT DISTINCT ${columns}
       FROM t_session_member m
       JOIN t_session s ON s.session_id = m.session_id AND s.type = 1
       JOIN t_session_member other ON other.session_id = s.session_id AND other.username <> m.username
       JOIN t_user u ON u.username = other.username
      WHERE m.username = ?
      ORDER BY u.username`,
    [username],
  );
  return rows.map(userRow);
}
