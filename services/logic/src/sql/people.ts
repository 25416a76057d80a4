import type { Queryable, Transaction } from "@resonance/db";
import type { PeopleOutcome } from "../users/run-people-command.ts";

export type PersonRow = {
  readonly username: string;
  readonly role: string;
  readonly isBot: number;
  readonly disabledAt: Date | null;
};

const columns = "username, role, is_bot AS isBot, disabled_at AS disabledAt";

export async function findPerson(db: Queryable, username: string): Promise<PersonRow | undefined> {
  const [row] = await db.query<PersonRow>(`SELECT ${columns} FROM t_user WHERE username = ?`, [
    username,
  ]);
  // SQL pads before comparing: "alice " would find alice.
  return row?.username === username ? row : undefined;
}

/** Everybody, by name. */
export async function listPeople(db: Queryable): Promise<PersonRow[]> {
  return await db.query<PersonRow>(`SELECT ${columns} FROM t_user ORDER BY username`);
}

/** Administrators, operators and who is disabled first, then by name. */
export async function listChiefPeople(db: Queryable, limit: number): Promise<PersonRow[]> {
  return await db.query<PersonRow>(
    `SELECT ${columns} FROM t_user
      WHERE username <> 'system'
      ORDER BY is_bot, FIELD(role, 'operator', 'admin') DESC, disabled_at IS NULL, username
      LIMIT ?`,
    [limit],
  );
}

export async function countPeople(db: Queryable): Promise<number> {
  const [row] = await db.query<{ people: bigint }>(
    "SELECT COUNT(*) AS people FROM t_user WHERE username <> 'system'",
  );
  return Number(row?.people ?? 0);
}

/** Administrators who can sign in. With `lock`, until the transaction ends nobody changes them. */
export async function listAdmins(db: Queryable, lock: "lock" | "look"): Promise<string[]> {
  const rows = await db.query<{ username: string }>(
    `SELECT username FROM t_user
      WHERE role = 'admin' AND is_bot = 0 AND disabled_at IS NULL AND password LIKE '$2%'
      ORDER BY username ${lock === "lock" ? "FOR UPDATE" : ""}`,
  );
  return rows.map(({ username }) => username);
}

export async function setRole(tx: Transaction, username: string, role: string): Promise<void> {
  await tx.execute("UPDATE t_user SET role = ? WHERE username = ?", [role, username]);
}

/** @param hash `!` is the hash of no password */
export async function setPassword(tx: Transaction, username: string, hash: string): Promise<void> {
  await tx.execute("UPDATE t_user SET password = ? WHERE username = ?", [hash, username]);
}

export async function setDisabled(
  tx: Transaction,
  username: string,
  disabled: boolean,
): Promise<void> {
  await tx.execute(
    `UPDATE t_user SET disabled_at = ${disabled ? "COALESCE(disabled_at, NOW())" : "NULL"}
      WHERE username = ?`,
    [username],
  );
}

/** What came of a command that was acted on before. */
export async function findPeopleCommand(
  db: Queryable,
  msgId: bigint,
): Promise<PeopleOutcome | undefined> {
  const [row] = await db.query<{ outcome: PeopleOutcome }>(
    "SELECT outcome FROM t_people_command WHERE msg_id = ?",
    [msgId],
  );
  return row?.outcome;
}

/** @throws the driver's 1062 when it was acted on before. */
export async function insertPeopleCommand(
  db: Queryable,
  msgId: bigint,
  outcome: PeopleOutcome,
): Promise<void> {
  await db.execute("INSERT INTO t_people_command (msg_id, outcome) VALUES (?, ?)", [
    msgId,
    outcome,
  ]);
}
