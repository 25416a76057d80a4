import { setTimeout as delay } from "node:timers/promises";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";

export type Deadlocks = {
  /** How many the server broke in all, by its own count. */
  readonly met: number;
  /** How many of these at our expense; the others at Logic's. */
  readonly lost: number;
};

// The server gives up the transaction that has changed least: this one has changed more than Logic.
const weightRows = 2_000;
const logicStopsForMs = 300;
const logicWaitsWithinMs = 300;

type Rivalry = {
  readonly sessions: readonly [string, string];
  readonly enough: number;
  readonly logicPid: () => number;
};

/**
 * Locks two sessions in the other order than Logic, which takes them in ascending order: the later
 * one, and when Logic waits for that, the earlier. Logic is stopped meanwhile, so that what is sent
 * to both of them comes to it at once, and into one transaction. Again and again until the server
 * has broken so many deadlocks, or the signal aborts.
 */
export async function meetDeadlocks(
  url: string,
  options: Rivalry,
  signal: AbortSignal,
): Promise<Deadlocks> {
  const [earlier, later] = options.sessions.toSorted();
  const rival = await createConnection({ uri: url });
  try {
    await rival.query("CREATE TABLE IF NOT EXISTS test_weight (id INT) ENGINE=InnoDB");
    await rival.query("SET GLOBAL innodb_monitor_enable = 'lock_deadlocks'");
    const before = await countDeadlocks(rival);
    let met = 0;
    let lost = 0;
    while (met < options.enough && !signal.aborted) {
      await rival.query("START TRANSACTION");
      await rival.query("INSERT INTO test_weight VALUES ?", [
        Array.from({ length: weightRows }, (_, id) => [id]),
      ]);
      // A transaction that the stop falls into may have the lock until Logic goes on.
      await Promise.all([lock(rival, later), stopFor(options.logicPid(), logicStopsForMs)]);
      await untilSomebodyWaits(rival, signal);
      try {
        await lock(rival, earlier);
      } catch (error) {
        if (!isVictim(error)) throw error;
        lost += 1;
      }
      await rival.query("ROLLBACK");
      met = (await countDeadlocks(rival)) - before;
      await delay(50);
    }
    await rival.query("DROP TABLE test_weight");
    return { met, lost };
  } finally {
    rival.destroy();
  }
}

async function stopFor(pid: number, durationMs: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  await delay(durationMs);
  process.kill(pid, "SIGCONT");
}

async function lock(connection: Connection, session: string | undefined): Promise<void> {
  await connection.query("SELECT max_seq_id FROM t_session WHERE session_id = ? FOR UPDATE", [
    session,
  ]);
}

async function untilSomebodyWaits(connection: Connection, signal: AbortSignal): Promise<void> {
  const giveUpAtMs = performance.now() + logicWaitsWithinMs;
  while (performance.now() < giveUpAtMs && !signal.aborted) {
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
    );
    if (rows.length > 0) return;
    await delay(5);
  }
}

async function countDeadlocks(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT `count` AS deadlocks FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'",
  );
  return Number(rows[0]?.deadlocks);
}

function isVictim(error: unknown): boolean {
  return error instanceof Error && "errno" in error && error.errno === 1213;
}
