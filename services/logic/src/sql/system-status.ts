import type { Queryable } from "@resonance/db";
import { isHeard, livingGateway } from "./routes.ts";

export type Presence = { readonly users: bigint; readonly connections: bigint };

/** Who is connected, by gateways that live. */
export async function countOnline(db: Queryable): Promise<Presence> {
  const [row] = await db.query<Presence>(
    `SELECT COUNT(DISTINCT r.username) AS users, COUNT(*) AS connections
       FROM t_route r
       JOIN t_gateway g ON ${livingGateway}`,
  );
  return row ?? { users: 0n, connections: 0n };
}

export async function countGateways(db: Queryable): Promise<bigint> {
  const [row] = await db.query<{ gateways: bigint }>(
    `SELECT COUNT(*) AS gateways FROM t_gateway g WHERE ${isHeard}`,
  );
  return row?.gateways ?? 0n;
}

/** What waits to be published, and since when. */
export async function readOutboxBacklog(
  db: Queryable,
): Promise<{ readonly pending: bigint; readonly oldestMs: bigint }> {
  const [row] = await db.query<{ pending: bigint; oldestMs: bigint | null }>(
    `SELECT COUNT(*) AS pending,
            CAST(TIMESTAMPDIFF(MICROSECOND, MIN(created_at), NOW(3)) DIV 1000 AS SIGNED) AS oldestMs
       FROM t_message_outbox
      WHERE status = 0`,
  );
  return { pending: row?.pending ?? 0n, oldestMs: row?.oldestMs ?? 0n };
}

export async function readDeadLetterCounts(
  db: Queryable,
): Promise<{ readonly total: bigint; readonly unreplayed: bigint; readonly lastHour: bigint }> {
  const [row] = await db.query<{ total: bigint; unreplayed: bigint; lastHour: bigint }>(
    `SELECT COUNT(*) AS total, COUNT(*) - COUNT(replayed_at) AS unreplayed,
            COUNT(IF(created_at > NOW(3) - INTERVAL 1 HOUR, 1, NULL)) AS lastHour
       FROM t_dead_letter`,
  );
  return row ?? { total: 0n, unreplayed: 0n, lastHour: 0n };
}

/** Runs of the last 24 h and all that are not finished, by state. */
export async function countBotRuns(
  db: Queryable,
): Promise<{ readonly state: string; readonly runs: bigint }[]> {
  return await db.query(
    `SELECT state, COUNT(*) AS runs FROM t_bot_run
      WHERE finished_at IS NULL OR created_at > NOW(3) - INTERVAL 1 DAY
      GROUP BY state ORDER BY state`,
  );
}

/** Global figures of the server by name; the same names on MariaDB and MySQL. */
export async function readServerFigures(db: Queryable): Promise<ReadonlyMap<string, string>> {
  const rows = [
    ...(await db.query<ServerFigure>(
      `SHOW GLOBAL STATUS WHERE Variable_name IN ('Slow_queries', 'Threads_connected', 'Uptime')`,
    )),
    ...(await db.query<ServerFigure>(
      `SHOW GLOBAL VARIABLES WHERE Variable_name IN
         ('long_query_time', 'max_connections', 'version')`,
    )),
  ];
  return new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]));
}

/** Statements that have run for longer than a second, of those that the account may see. */
export async function readLongStatements(
  db: Queryable,
): Promise<{ readonly running: bigint; readonly longestSeconds: bigint }> {
  const [row] = await db.query<{ running: bigint; longest: bigint | null }>(
    `SELECT COUNT(*) AS running, CAST(MAX(time) AS SIGNED) AS longest
       FROM information_schema.processlist
      WHERE command IN ('Query', 'Execute') AND time > 1 AND id <> CONNECTION_ID()`,
  );
  return { running: row?.running ?? 0n, longestSeconds: row?.longest ?? 0n };
}

/** Statements over the server's own limit since it was started. */
export async function countSlowQueries(db: Queryable): Promise<number> {
  const [row] = await db.query<ServerFigure>("SHOW GLOBAL STATUS LIKE 'Slow_queries'");
  return Number(row?.Value ?? 0);
}

type ServerFigure = { readonly Variable_name: string; readonly Value: string };
