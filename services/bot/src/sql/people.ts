import type { Queryable } from "@resonance/db";

/** The people of a session who may sign in: no bots, and nobody who is disabled. */
export async function listPeople(
  db: Queryable,
  sessionId: string,
): Promise<{ readonly username: string; readonly role: string }[]> {
  return await db.query(
    `SELECT u.username, u.role
       FROM t_session_member m
       JOIN t_user u ON u.username = m.username
      WHERE m.session_id = ? AND u.is_bot = 0 AND u.disabled_at IS NULL`,
    [sessionId],
  );
}

/** Some session that a person shares with a bot. */
export async function findSharedSession(
  db: Queryable,
  { bot, username }: { readonly bot: string; readonly username: string },
): Promise<string | undefined> {
  const [row] = await db.query<{ sessionId: string }>(
    `SELECT m.session_id AS sessionId FROM t_session_member m
       JOIN t_session_member b ON b.session_id = m.session_id AND b.username = ?
      WHERE m.username = ? LIMIT 1`,
    [bot, username],
  );
  return row?.sessionId;
}
