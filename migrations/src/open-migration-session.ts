import { createHash } from "node:crypto";
import { ChatError } from "@resonance/kit";
import { type Connection, createConnection } from "mysql2/promise";

/** One connection that holds the migration lock of one database. */
export type MigrationSession = AsyncDisposable & {
  readonly database: string;
  /** Rows of a SELECT; for any other statement none. */
  query<Row extends object>(sql: string, parameters?: readonly string[]): Promise<Row[]>;
  /** Runs the statements of a file. The rows of its SELECTs come back among other outcomes. */
  script(sql: string): Promise<object[]>;
};

/**
 * Connects, takes the lock, and makes the database if it is absent. The lock belongs to the
 * connection: it is free when the connection ends, however that happens, but not before the server
 * has finished what the connection last asked for.
 *
 * @throws ChatError, see `migrate`.
 */
export async function openMigrationSession(
  url: string,
  lockTimeoutSeconds: number,
  signal: AbortSignal,
): Promise<MigrationSession> {
  signal.throwIfAborted();
  const { serverUrl, host, database } = parseUrl(url);
  const connection = await connect(serverUrl, host);
  const session: MigrationSession = {
    database,
    async query<Row extends object>(sql: string, parameters: readonly string[] = []) {
      const [result] = await abortable(connection, connection.query(sql, [...parameters]), signal);
      // The statement's author names the row type: the driver cannot know it.
      return (Array.isArray(result) ? result : []) as Row[];
    },
    async script(sql) {
      const [result] = await abortable(connection, connection.query(sql), signal);
      return [result].flat(2);
    },
    [Symbol.asyncDispose]: () => end(connection),
  };
  try {
    await session.script(settings);
    await takeLock(session, lockTimeoutSeconds);
    await useDatabase(session);
    return session;
  } catch (error) {
    await end(connection);
    throw error;
  }
}

// Without NO_ZERO_DATE, since old rows may hold one; a waiting ALTER blocks everybody behind it,
// so it gives up after a minute; the schema's times are UTC.
const settings = `
  SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';
  SET SESSION lock_wait_timeout = 60, time_zone = '+00:00';
`;

function parseUrl(url: string): { serverUrl: string; host: string; database: string } {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "mysql:") {
    throw new ChatError("invalid_argument", "the database URL must begin with mysql://");
  }
  const database = decodeURIComponent(parsed.pathname.slice(1));
  // The version library puts the name into its statements as it is.
  if (!/^[\w$-]{1,64}$/.test(database)) {
    throw new ChatError(
      "invalid_argument",
      "the database URL must end with the name of a database (letters, digits, _, - and $), as in mysql://user:password@host:3306/resonance",
    );
  }
  parsed.pathname = "/";
  return { serverUrl: parsed.href, host: parsed.host, database };
}

async function connect(serverUrl: string, host: string): Promise<Connection> {
  try {
    const connection = await createConnection({
      uri: serverUrl,
      charset: "UTF8MB4_UNICODE_520_CI",
      connectTimeout: 10_000,
      multipleStatements: true,
    });
    // A connection lost while idle is reported by the next statement.
    connection.on("error", () => undefined);
    return connection;
  } catch (cause) {
    throw new ChatError("unavailable", `cannot connect to MySQL at ${host}: ${text(cause)}`, {
      cause,
    });
  }
}

async function takeLock(session: MigrationSession, timeoutSeconds: number): Promise<void> {
  // Locks are named for the whole server, in at most 64 characters.
  const digest = createHash("sha256").update(session.database.toLowerCase()).digest("hex");
  const name = `resonance-migrate-${digest.slice(0, 32)}`;
  const [row] = await session.query<{ taken: number | null; holder: number | null }>(
    `SELECT GET_LOCK(?, ${Math.ceil(timeoutSeconds)}) AS taken, IS_USED_LOCK(?) AS holder`,
    [name, name],
  );
  if (Number(row?.taken) === 1) return;
  throw new ChatError(
    "aborted",
    `database ${session.database} is being migrated by connection ${row?.holder} and was not free within ${timeoutSeconds} s: wait for that run to end, or end it, and migrate again`,
  );
}

async function useDatabase(session: MigrationSession): Promise<void> {
  const { database } = session;
  try {
    const found = await session.query(
      "SELECT schema_name FROM information_schema.schemata WHERE schema_name = ?",
      [database],
    );
    if (found.length === 0) {
      await session.query(
        `CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`,
      );
    }
    await session.query(`USE \`${database}\``);
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    throw new ChatError("internal", `cannot make or use database ${database}: ${text(cause)}`, {
      cause,
    });
  }
}

/** The driver never settles what a destroyed connection was doing: the signal decides. */
async function abortable<Result>(
  connection: Connection,
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => {
    connection.destroy();
    reject(signal.reason);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    if (signal.aborted) onAbort();
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function end(connection: Connection): Promise<void> {
  // A connection that is broken or destroyed already has nothing left to close.
  await connection.end().catch(() => connection.destroy());
}

function text(error: unknown): string {
  return error instanceof Error ? error.message || String(error) : String(error);
}
