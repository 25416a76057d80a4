import type { Socket } from "node:net";
import {
  createPool,
  type Pool,
  type PoolConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from "mysql2/promise";
import { isReadOnly, readable } from "./driver-error.ts";

/** Values that may be bound; a nested array binds rows of a multi-row statement. */
export type Parameter = string | number | bigint | boolean | Date | Uint8Array | null;

/** A pool or a transaction's connection: statements are functions of one of these. */
export type Queryable = {
  /** Rows of a SELECT. BIGINT columns come as bigint. */
  query<Row>(sql: string, parameters?: readonly (Parameter | readonly unknown[])[]): Promise<Row[]>;
  /** The outcome of a write. */
  execute(
    sql: string,
    parameters?: readonly (Parameter | readonly unknown[])[],
  ): Promise<ResultSetHeader>;
};

export type Database = Queryable & AsyncDisposable & { readonly pool: Pool };

export type PoolOptions = {
  readonly poolSize?: number;
  readonly queueLimit?: number;
  /** After so long without use a connection is closed. 60 s. */
  readonly idleMs?: number;
  /** A statement that gets no answer in this time fails, and its connection is given up. 30 s. */
  readonly answerWithinMs?: number;
  /**
   * A statement that waits longer for a table, which an ALTER TABLE holds, fails as one that waits for
   * a row. The server's own time unless told.
   */
  readonly tableWaitSeconds?: number;
  /** A statement that waits longer for a row fails. 3 s. */
  readonly lockWaitSeconds?: number;
};

/**
 * Opens a pool on `mysql://user:password@host:port/database`. Connects lazily; every connection
 * runs READ COMMITTED, utf8mb4 and UTC. A statement may wait for a connection, bounded by
 * `queueLimit`; beyond it the call fails at once.
 */
export function openDatabase(url: string, options: PoolOptions = {}): Database {
  const pool = openPool(url, options);
  return { pool, ...pooled(pool), [Symbol.asyncDispose]: () => pool.end() };
}

/** The pool of `openDatabase`, or one whose connections take several statements at once. */
export function openPool(
  url: string,
  options: PoolOptions & { readonly multipleStatements?: boolean },
): Pool {
  const poolSize = options.poolSize ?? 8;
  const pool = createPool({
    uri: url,
    connectionLimit: poolSize,
    queueLimit: options.queueLimit ?? 1_000,
    multipleStatements: options.multipleStatements ?? false,
    charset: "UTF8MB4_BIN",
    timezone: "Z",
    supportBigNumbers: true,
    // Affected rows are those that changed, so that an upsert says whether it made the row.
    flags: ["-FOUND_ROWS"],
    connectTimeout: 5_000,
    // A stack for every statement, for the case that it fails: 4 % of Logic under load.
    trace: false,
    enableKeepAlive: true,
    // Given up here well before the server does: the driver takes the one that was used last, so
    // that those a rush has opened are idle after it. It keeps at most maxIdle, however short they
    // are idle, and with the pool's size for it looks at no idleTimeout.
    maxIdle: Math.max(1, poolSize - 1),
    idleTimeout: options.idleMs ?? (idleSeconds * 1_000) / 2,
  });
  const { tableWaitSeconds, lockWaitSeconds = usualLockWaitSeconds } = options;
  const settings = [
    ...sessionSettings,
    `SET SESSION innodb_lock_wait_timeout = ${lockWaitSeconds}`,
    ...(tableWaitSeconds === undefined
      ? []
      : [`SET SESSION lock_wait_timeout = ${tableWaitSeconds}`]),
  ];
  pool.on("connection", (connection) => {
    // Queued before the first statement of whoever asked for the connection.
    for (const statement of settings) {
      // The promise types do not say so, but this event hands over the callback connection.
      const callbackStyle = connection as unknown as CallbackConnection;
      callbackStyle.query(statement, (error) => {
        // Without its settings a connection would give other answers than the others.
        if (error) callbackStyle.destroy();
      });
    }
  });
  giveUpSilent(pool, options.answerWithinMs ?? 30_000);
  return pool;
}

/**
 * Gives up connections in use on which nothing is heard: of a server whose machine is gone, or that
 * a firewall has forgotten, TCP may say so after hours, and all the while a statement waits.
 */
function giveUpSilent(pool: Pool, answerWithinMs: number): void {
  const inUse = new WeakSet<object>();
  pool.on("acquire", (connection) => inUse.add(connection));
  pool.on("release", (connection) => inUse.delete(connection));
  pool.on("connection", (connection) => {
    // The driver hands its socket over; the types leave it out.
    const { stream } = connection as unknown as { stream: Socket };
    stream.setTimeout(answerWithinMs, () => {
      if (!inUse.has(connection)) return;
      stream.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
    });
  });
}

/** Statements that take a connection each. */
function pooled(pool: Pool): Queryable {
  return {
    query: (sql, parameters) => onConnection(pool, (one) => one.query(sql, parameters)),
    execute: (sql, parameters) => onConnection(pool, (one) => one.execute(sql, parameters)),
  };
}

async function onConnection<Result>(
  pool: Pool,
  run: (connection: Queryable) => Promise<Result>,
): Promise<Result> {
  const connection = await readably(pool.getConnection());
  try {
    const result = await run(queryable(connection));
    connection.release();
    return result;
  } catch (error) {
    giveBack(connection, error);
    throw error;
  }
}

/** After an error of a statement. A connection to a server that is read-only now is given up. */
export function giveBack(connection: PoolConnection, error: unknown): void {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (isReadOnly(cause)) connection.destroy();
  else connection.release();
}

type CallbackConnection = {
  query(sql: string, done: (error: Error | null) => void): void;
  destroy(): void;
};

/**
 * How long the server keeps a connection that says nothing, and with it the locks of a process
 * whose machine is gone. The server's own time is 8 hours.
 */
const idleSeconds = 120;
// The server's own 50 s would hold up everybody who is committed together with one who waits.
const usualLockWaitSeconds = 3;

const sessionSettings = [
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  "SET SESSION time_zone = '+00:00'",
  `SET SESSION wait_timeout = ${idleSeconds}`,
  // The driver escapes values with backslashes. A value that does not fit is an error: what is cut
  // to its column's length, or becomes 0, is lost.
  "SET SESSION sql_mode = CONCAT(REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',STRICT_TRANS_TABLES')",
];

/** Wraps a connection of the driver. */
export function queryable(connection: PoolConnection): Queryable {
  return {
    async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
      const [rows] = await readably(
        connection.query<RowDataPacket[]>({ sql, typeCast }, [...parameters]),
      );
      // The statement's author names the row type: the driver cannot know it.
      return rows as Row[];
    },
    async execute(sql, parameters = []) {
      const [result] = await readably(connection.query<ResultSetHeader>(sql, [...parameters]));
      return result;
    },
  };
}

async function readably<Result>(query: Promise<Result>): Promise<Result> {
  try {
    return await query;
  } catch (error) {
    throw readable(error);
  }
}

type Field = { type: string; string(): string | null };

/** BIGINT as bigint. */
export function typeCast(field: Field, next: () => unknown): unknown {
  if (field.type !== "LONGLONG") return next();
  const text = field.string();
  return text === null ? null : BigInt(text);
}
