import type { Queryable } from "@resonance/db";
import type { Username } from "@resonance/mq-proto";

/**
 * Notes that a gateway lives. Says false for a report of an earlier incarnation than is known:
 * that process is gone, and so are its connections.
 */
export async function touchGateway(
  db: Queryable,
  gatewayId: string,
  incarnation: bigint,
): Promise<boolean> {
  await db.execute(
    `INSERT INTO t_gateway (gateway_id, incarnation, last_seen_at) VALUES (?, ?, NOW(3))
     ON DUPLICATE KEY UPDATE
       last_seen_at = IF(incarnation <= VALUES(incarnation), NOW(3), last_seen_at),
       incarnation = GREATEST(incarnation, VALUES(incarnation))`,
    [gatewayId, incarnation],
  );
  const [row] = await db.query<{ incarnation: bigint }>(
    "SELECT incarnation FROM t_gateway WHERE gateway_id = ?",
    [gatewayId],
  );
  return row?.incarnation === incarnation;
}

export async function upsertRoutes(
  db: Queryable,
  gatewayId: string,
  incarnation: bigint,
  routes: readonly { username: Username; remoteIp: string; connectedAt: Date }[],
): Promise<void> {
  if (routes.length === 0) return;
  await db.execute(
    `INSERT INTO t_route (username, gateway_id, incarnation, remote_ip, connected_at) VALUES ?
     ON DUPLICATE KEY UPDATE incarnation = VALUES(incarnation), remote_ip = VALUES(remote_ip),
       connected_at = VALUES(connected_at)`,
    [
      routes.map((route) => [
        route.username,
        gatewayId,
        incarnation,
        route.remoteIp,
        route.connectedAt,
      ]),
    ],
  );
}

/**
 * Removes routes to this gateway, for the user may be connected to another one by now, and only
 * those that are not newer: a report that was held up must not end the connection after it.
 */
export async function deleteRoutes(
  db: Queryable,
  gatewayId: string,
  left: readonly { username: Username; leftAt: Date }[],
): Promise<void> {
  if (left.length === 0) return;
  await db.execute(
    `DELETE FROM t_route
      WHERE gateway_id = ? AND username IN (?)
        AND connected_at <= CASE username ${left.map(() => "WHEN ? THEN ?").join(" ")} END`,
    [
      gatewayId,
      left.map(({ username }) => username),
      ...left.flatMap(({ username, leftAt }) => [username, leftAt]),
    ],
  );
}
