import type { Route } from "@resonance/bus";
import type { Queryable } from "@resonance/db";
import type { SessionId, Username } from "@resonance/mq-proto";

export type MemberRoute = {
  readonly sessionId: SessionId;
  readonly username: Username;
  readonly isBot: boolean;
  /** Where the member is connected; null when nowhere. One row per gateway. */
  readonly gatewayId: string | null;
};

const isOfRoute = "g.gateway_id = r.gateway_id AND g.incarnation = r.incarnation";

/**
 * The condition of a join of `t_route r` with `t_gateway g` that lives: it reports every 5 s. Whoever
 * is connected to another one is not there.
 */
export const livingGateway = `${isOfRoute} AND g.last_seen_at > NOW(3) - INTERVAL 15 SECOND`;

/**
 * The same for delivering. After an outage of the database, or of Logic, messages are stored before
 * the gateways have reported again, and what is sent to a dead one is lost as if it were not.
 */
const reachableGateway = `${isOfRoute} AND g.last_seen_at > NOW(3) - INTERVAL 1 HOUR`;

/** All members of the sessions, with the gateways that each is connected to. */
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
       LEFT JOIN t_gateway g ON ${reachableGateway}
      WHERE m.session_id IN (?)`,
    [[...new Set(sessionIds)]],
  );
  // MariaDB's COALESCE gives the column's type, MySQL's a BIGINT.
  return rows.map((row) => ({ ...row, isBot: Number(row.isBot) === 1 }));
}

/** The members of the sessions who are connected to gateways. One row per gateway. */
export async function listOnlineMembers(
  db: Queryable,
  sessionIds: readonly SessionId[],
): Promise<(Route & { readonly sessionId: SessionId })[]> {
  // The server begins with what is less: everybody who is online, or all members.
  return await db.query(
    `SELECT m.session_id AS sessionId, m.username, g.gateway_id AS gatewayId
       FROM t_gateway g
       JOIN t_route r ON ${reachableGateway}
       JOIN t_session_member m ON m.username = r.username
      WHERE m.session_id IN (?)`,
    [sessionIds],
  );
}

/** More members than this make a session large. */
const largeMembers = 200;

/** Which of the sessions are large. */
export async function listLarge(
  db: Queryable,
  sessionIds: readonly SessionId[],
): Promise<SessionId[]> {
  const rows = await db.query<{ sessionId: SessionId }>(
    `SELECT session_id AS sessionId FROM t_session_member
      WHERE session_id IN (?)
      GROUP BY session_id
     HAVING COUNT(*) > ${largeMembers}`,
    [sessionIds],
  );
  return rows.map(({ sessionId }) => sessionId);
}

/** Who of the people in a session joined first; undefined for one without people. */
export async function findFirstPerson(
  db: Queryable,
  sessionId: SessionId,
): Promise<Username | undefined> {
  const [row] = await db.query<{ username: Username }>(
    `SELECT m.username
       FROM t_session_member m
       LEFT JOIN t_user u ON u.username = m.username
      WHERE m.session_id = ? AND COALESCE(u.is_bot, 0) = 0
      ORDER BY m.joined_seq, m.username
      LIMIT 1`,
    [sessionId],
  );
  return row?.username;
}
