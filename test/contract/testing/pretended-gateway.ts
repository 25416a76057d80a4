import { goldenSession } from "./golden.ts";
import type { Tables } from "./open-tables.ts";

/** The gateway of the golden bytes, which no process is, and another one. */
export const pretendedGateway = "gateway-service-007";
export const otherGateway = "gateway-service-009";

/**
 * Alice and bob are members of the golden session, with empty inboxes, and nobody is connected to a
 * pretended gateway.
 */
export async function prepareTables(tables: Tables): Promise<void> {
  const gateways = [pretendedGateway, otherGateway];
  await tables.rows("DELETE FROM t_route WHERE gateway_id IN (?)", [gateways]);
  await tables.rows("DELETE FROM t_gateway WHERE gateway_id IN (?)", [gateways]);
  await tables.rows("DELETE FROM t_inbox WHERE session_id = ?", [goldenSession]);
  await tables.rows(
    "INSERT IGNORE INTO t_session (session_id, type, max_seq_id) VALUES (?, 1, 2)",
    [goldenSession],
  );
  await tables.rows(
    "INSERT IGNORE INTO t_session_member (session_id, username) VALUES (?, 'alice'), (?, 'bob')",
    [goldenSession, goldenSession],
  );
}

/** Notes in the tables that these users are connected to the pretended gateway. */
export async function addRoutes(tables: Tables, ...usernames: string[]): Promise<void> {
  await tables.rows(
    "INSERT INTO t_gateway (gateway_id, incarnation, last_seen_at) VALUES (?, 1, NOW(3))",
    [pretendedGateway],
  );
  for (const username of usernames) {
    await tables.rows(
      `INSERT INTO t_route (username, gateway_id, incarnation, connected_at)
       VALUES (?, ?, 1, NOW(3))`,
      [username, pretendedGateway],
    );
  }
}

/** The user's routes to the pretended gateways. */
export function routesOf(tables: Tables, username: string): Promise<Record<string, unknown>[]> {
  return tables.rows(
    `SELECT gateway_id AS gateway, remote_ip AS remoteIp FROM t_route
      WHERE username = ? AND gateway_id IN (?) ORDER BY gateway_id`,
    [username, [pretendedGateway, otherGateway]],
  );
}
