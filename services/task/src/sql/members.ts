import type { Queryable } from "@resonance/db";
import type { SessionId, Username } from "@resonance/mq-proto";

export type MemberRoute = {
  readonly sessionId: SessionId;
  readonly username: Username;
  readonly isBot: boolean;
  /** Where the member is connected; null when nowhere. One row per gateway. */
  readonly gatewayId: string | null;
};

/** A gateway that has not reported for this long is gone, and its routes with it. */
const gatewayTimeoutSeconds = 15;

/** All members of the sessions, with the living gateways that each is connected to. */
export async function listMembersWithRoutes(
  db: Queryable,
  sessionIds: readonly SessionId[],
): Promise<MemberRoute[]> {
  const rows = await db.query<Omit<MemberRoute, "isBot"> & { isBot: number | bigint }>(
    `SELECT m.session_id AS sessionId, m.username, COALESCE(u.is_bot, 0) AS isBot,
            g.gateway_id AS gatewayId
       FROM t_session_member m
       LEFT JOIN t_user u ON u.username = m.username
       LEFT JOIN t_route r ON r.username = m.username
       LEFT JOIN t_gateway g
              ON g.gateway_id = r.gateway_id
             AND g.incarnation = r.incarnation
             AND g.last_seen_at > NOW(3) - INTERVAL ${gatewayTimeoutSeconds} SECOND
      WHERE m.session_id IN (?)`,
    [[...new Set(sessionIds)]],
  );
  // MariaDB's COALESCE gives the column's type, MySQL's a BIGINT.
  return rows.map((row) => ({ ...row, isBot: Number(row.isBot) === 1 }));
}
