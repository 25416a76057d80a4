import type { Route } from "@resonance/bus";
import type { Queryable, Transaction } from "@resonance/db";
import type { Username } from "@resonance/mq-proto";

/** Whether `t_gateway g` was heard lately: it reports every 5 s. */
export const isHeard = "g.last_seen_at > NOW(3) - INTERVAL 15 SECOND";

/** The condition of a join of `t_route r` with `t_gateway g` that lives. */
export const livingGateway = `g.gateway_id = r.gateway_id
                AND g.incarnation = r.incarnation
                AND ${isHeard}`;

/**
 * Where these people are connected, by what gateways have reported. Some of those may be gone: what
 * is sent there is lost as if it were not sent. The primary key alone is read.
 */
export async function listRoutes(db: Queryable, usernames: readonly Username[]): Promise<Route[]> {
  if (usernames.length === 0) return [];
  return await db.query<Route>(
    "SELECT username, gateway_id AS gatewayId FROM t_route WHERE username IN (?)",
    [usernames],
  );
}

export type GatewayRow = { readonly gatewayId: string; readonly incarnation: bigint };

/** A report, by its number under the gateway's incarnation. */
export type Report = GatewayRow & { readonly seqId: bigint };

/**
 * The gateway's last report, with 0s for one that nobody has heard of. Its row stays locked until
 * the transaction ends: reports of one gateway pass one after another.
 */
export async function lockLastReport(tx: Transaction, gatewayId: string): Promise<Report> {
  await tx.execute(
    `INSERT INTO t_gateway (gateway_id, incarnation, last_seen_at) VALUES (?, 0, NOW(3))
     ON DUPLICATE KEY UPDATE gateway_id = t_gateway.gateway_id`,
    [gatewayId],
  );
  const [last] = await tx.query<Report>(
    `SELECT gateway_id AS gatewayId, incarnation, last_report AS seqId
       FROM t_gateway
      WHERE gateway_id = ?
        FOR UPDATE`,
    [gatewayId],
  );
  if (!last) throw new TypeError("a row that was just made is not there");
  return last;
}

/** Notes that the gateway lives, and that this is its last report. */
export async function updateLastReport(tx: Transaction, report: Report): Promise<void> {
  await tx.execute(
    `UPDATE t_gateway SET incarnation = ?, last_report = ?, last_seen_at = NOW(3)
      WHERE gateway_id = ?`,
    [report.incarnation, report.seqId, report.gatewayId],
  );
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

export async function listGateways(db: Queryable): Promise<GatewayRow[]> {
  return await db.query<GatewayRow>(
    "SELECT gateway_id AS gatewayId, incarnation FROM t_gateway ORDER BY gateway_id",
  );
}

/**
 * Removes gateways that were not heard for 30 days, at most `limit`. Says which. Their rows stay
 * locked: until the transaction ends none of them comes back.
 */
export async function deleteSilentGateways(tx: Transaction, limit: number): Promise<string[]> {
  const rows = await tx.query<{ gatewayId: string }>(
    `SELECT gateway_id AS gatewayId FROM t_gateway
      WHERE last_seen_at < NOW(3) - INTERVAL 30 DAY
      ORDER BY gateway_id
      LIMIT ?
        FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  const ids = rows.map(({ gatewayId }) => gatewayId);
  if (ids.length > 0) await tx.execute("DELETE FROM t_gateway WHERE gateway_id IN (?)", [ids]);
  return ids;
}

/** Removes routes to these gateways, at most `limit`. Says how many. */
export async function deleteRoutesTo(
  db: Queryable,
  gatewayIds: readonly string[],
  limit: number,
): Promise<number> {
  const { affectedRows } = await db.execute("DELETE FROM t_route WHERE gateway_id IN (?) LIMIT ?", [
    gatewayIds,
    limit,
  ]);
  return affectedRows;
}

/** Removes routes of earlier runs of a gateway, at most `limit`. Says how many. */
export async function deleteEarlierRoutes(
  db: Queryable,
  { gatewayId, incarnation }: GatewayRow,
  limit: number,
): Promise<number> {
  const { affectedRows } = await db.execute(
    "DELETE FROM t_route WHERE gateway_id = ? AND incarnation < ? LIMIT ?",
    [gatewayId, incarnation, limit],
  );
  return affectedRows;
}
