import type { Queryable } from "@resonance/db";
import type { Circumstances } from "./may.ts";
import { type Role, roles } from "./policy.ts";

/**
 * Who asks and who would read the answer, as the database says now. Undefined for somebody who is
 * not there, is disabled, is a bot, or is no member of the session any more.
 */
export async function circumstancesOf(
  db: Queryable,
  requester: string,
  sessionId: string,
): Promise<Circumstances | undefined> {
  const rows = await db.query<{ username: string; role: string }>(
    `SELECT u.username, u.role
       FROM t_session_member m
       JOIN t_user u ON u.username = m.username
      WHERE m.session_id = ? AND u.is_bot = 0 AND u.disabled_at IS NULL`,
    [sessionId],
  );
  const own = rows.find(({ username }) => username === requester);
  if (!own) return undefined;
  return { requester: roleOf(own.role), sessionId, present: rows.map(({ role }) => roleOf(role)) };
}

/** A role that this version does not know is the least. */
function roleOf(text: string): Role {
  return roles.find((role) => role === text) ?? "user";
}
