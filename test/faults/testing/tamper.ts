import { setTimeout as delay } from "node:timers/promises";
import { createConnection, type RowDataPacket } from "mysql2/promise";

/** Rows, or nothing for what gives none, by a connection of its own that no fault touches. */
export async function runSql(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly RowDataPacket[]> {
  const connection = await createConnection({ uri: url });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
    return rows;
  } finally {
    connection.destroy();
  }
}

/**
 * Locks the rows of sessions in the wrong order, again and again from several connections, until
 * aborted. Says how often the server broke a deadlock at the storm's expense.
 */
export async function stormLocks(
  url: string,
  sessions: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  let deadlocks = 0;
  const storm = async () => {
    const connection = await createConnection({ uri: url });
    const lock = (session: string) =>
      connection.query("SELECT max_seq_id FROM t_session WHERE session_id = ? FOR UPDATE", [
        session,
      ]);
    try {
      while (!signal.aborted) {
        try {
          await connection.query("START TRANSACTION");
          // Logic takes them in ascending order.
          for (const session of sessions.toSorted().reverse()) {
            await lock(session);
            await delay(5);
          }
          await connection.query("COMMIT");
        } catch (error) {
          const number = error instanceof Error && "errno" in error ? error.errno : undefined;
          if (number !== 1213 && number !== 1205) throw error;
          deadlocks += 1;
        }
        await delay(20);
      }
    } finally {
      connection.destroy();
    }
  };
  await Promise.all([storm(), storm(), storm()]);
  return deadlocks;
}

/** Takes somebody out of a session and says what its last seq was at that moment. */
export async function removeMember(
  url: string,
  member: { readonly username: string; readonly session: string },
): Promise<number> {
  const connection = await createConnection({ uri: url });
  try {
    await connection.query("START TRANSACTION");
    // Under the row's lock nobody stores a message: what comes later has a higher seq.
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT max_seq_id AS lastSeq FROM t_session WHERE session_id = ? FOR UPDATE",
      [member.session],
    );
    await connection.query("DELETE FROM t_session_member WHERE session_id = ? AND username = ?", [
      member.session,
      member.username,
    ]);
    await connection.query("COMMIT");
    return Number(rows[0]?.lastSeq);
  } finally {
    connection.destroy();
  }
}

/** Holds the lock of a session's row while something is done. */
export async function holdLock(
  url: string,
  session: string,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const connection = await createConnection({ uri: url });
  try {
    await connection.query("START TRANSACTION");
    await connection.query("SELECT max_seq_id FROM t_session WHERE session_id = ? FOR UPDATE", [
      session,
    ]);
    await meanwhile();
    await connection.query("COMMIT");
  } finally {
    connection.destroy();
  }
}
