import type { Queryable } from "@resonance/db";
import type { Username } from "@resonance/mq-proto";
import { livingGateway } from "./members.ts";

/** Which of these users are connected somewhere. */
export async function listConnected(
  db: Queryable,
  usernames: readonly string[],
): Promise<Username[]> {
  const rows = await db.query<{ username: Username }>(
    `SELECT DISTINCT r.username
       FROM t_route r
       JOIN t_gateway g ON ${livingGateway}
      WHERE r.username IN (?)`,
    [usernames],
  );
  return rows.map(({ username }) => username);
}

export type ConnectedContact = {
  /** One of those who were asked about. */
  readonly about: Username;
  /** Who has a one-to-one session with that one, and where they are connected. */
  readonly username: Username;
  readonly gatewayId: string;
};

/** Who of the others in these users' one-to-one sessions is connected where. */
export async function listConnectedContacts(
  db: Queryable,
  usernames: readonly string[],
): Promise<ConnectedContact[]> {
  return await db.query<ConnectedContact>(
    `SELECT m.username AS about, other.username, g.gateway_id AS gatewayId
       FROM t_session_member m
       JOIN t_session s ON s.session_id = m.session_id AND s.type = 1
       JOIN t_session_member other
         ON other.session_id = m.session_id AND other.username <> m.username
       JOIN t_route r ON r.username = other.username
       JOIN t_gateway g ON ${livingGateway}
      WHERE m.username IN (?)`,
    [usernames],
  );
}
