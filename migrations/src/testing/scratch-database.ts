import { readFile } from "node:fs/promises";
import { openTestDatabase, testServers } from "@resonance/testkit/vitest";
import { createConnection } from "mysql2/promise";

/** A connection of a test to its database. */
export type DatabaseConnection = AsyncDisposable & {
  /** Rows of a SELECT; BIGINTs and times come as strings, exactly as they are stored. */
  rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
  /** Runs statements, any number of them. */
  run(sql: string): Promise<void>;
};

/** A database of one test, with a connection that is closed with it. */
export type ScratchDatabase = DatabaseConnection & {
  readonly url: string;
  readonly name: string;
  connect(): Promise<DatabaseConnection>;
};

/** The collations a Go database has, depending on the server's default. */
export function goCollations(): string[] {
  return testServers().mysql.version.includes("MariaDB")
    ? ["utf8mb4_general_ci", "utf8mb4_unicode_ci"]
    : ["utf8mb4_0900_ai_ci", "utf8mb4_general_ci"];
}

/** A collation by which spaces at an end count. */
export function noPadCollation(): string {
  const isMariaDb = testServers().mysql.version.includes("MariaDB");
  return isMariaDb ? "utf8mb4_general_nopad_ci" : "utf8mb4_0900_ai_ci";
}

export async function openScratchDatabase(): Promise<ScratchDatabase> {
  const database = await openTestDatabase();
  const connection = await connect(database.url);
  return {
    ...connection,
    url: database.url,
    name: database.name,
    connect: () => connect(database.url),
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A database as the Go services leave it, with data. */
export async function openGoDatabase(collation = goCollations()[0]): Promise<ScratchDatabase> {
  const database = await openScratchDatabase();
  const schema = await fixture("go-schema.sql");
  await database.run(schema.replaceAll("CHARSET=utf8mb4", `CHARSET=utf8mb4 COLLATE=${collation}`));
  await database.run(await fixture("go-data.sql"));
  return database;
}

/** The connection that waits for a table another transaction reads, or false. */
export async function waitingForTable(
  observer: DatabaseConnection,
  databaseName: string,
): Promise<number | false> {
  const [row] = await observer.rows<{ id: string }>(
    `SELECT id AS id FROM information_schema.processlist
     WHERE db = '${databaseName}' AND state LIKE 'Waiting for table metadata lock%'`,
  );
  return row === undefined ? false : Number(row.id);
}

/** CREATE TABLE statement and rows of every table: equal when nothing at all has changed. */
export async function everythingIn(database: ScratchDatabase): Promise<Record<string, unknown>> {
  const everything: Record<string, unknown> = {};
  for (const table of await tablesOf(database)) {
    const [created] = await database.rows(`SHOW CREATE TABLE ${table}`);
    everything[table] = { created, rows: await sortedRows(database, table, []) };
  }
  return everything;
}

/** Rows of every table but the version table, without what differs from run to run. */
export async function contentsOf(database: ScratchDatabase): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {};
  for (const table of await tablesOf(database)) {
    if (table === "t_schema_version") continue;
    contents[table] = await sortedRows(database, table, ["id", "created_at", "updated_at"]);
  }
  return contents;
}

/** Columns and keys of every table, in order. */
export async function shapeOf(database: ScratchDatabase): Promise<unknown> {
  const columns = await database.rows(
    `SELECT table_name AS t, column_name AS c, column_type, is_nullable, column_default, extra,
       collation_name FROM information_schema.columns WHERE table_schema = DATABASE()
     ORDER BY table_name, ordinal_position`,
  );
  const keys = await database.rows(
    `SELECT table_name AS t, index_name AS k, non_unique, column_name AS c
     FROM information_schema.statistics WHERE table_schema = DATABASE()
     ORDER BY table_name, index_name, seq_in_index`,
  );
  const tables = await database.rows(
    `SELECT table_name AS t, engine, table_collation AS c FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name <> 't_schema_version' ORDER BY table_name`,
  );
  return { columns, keys, tables };
}

async function tablesOf(database: ScratchDatabase): Promise<string[]> {
  const tables = await database.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = DATABASE() ORDER BY table_name`,
  );
  return tables.map(({ name }) => name);
}

async function sortedRows(
  database: ScratchDatabase,
  table: string,
  without: string[],
): Promise<string[]> {
  const rows = await database.rows<Record<string, unknown>>(`SELECT * FROM ${table}`);
  return rows
    .map((row) =>
      JSON.stringify(Object.fromEntries(Object.entries(row).filter(([k]) => !without.includes(k)))),
    )
    .sort();
}

function fixture(name: string): Promise<string> {
  return readFile(new URL(`../../fixtures/${name}`, import.meta.url), "utf8");
}

async function connect(url: string): Promise<DatabaseConnection> {
  const connection = await createConnection({
    uri: url,
    charset: "UTF8MB4_UNICODE_520_CI",
    multipleStatements: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  });
  return {
    async rows<Row>(sql: string) {
      const [rows] = await connection.query(sql);
      // The test names the row type: the driver cannot know it.
      return rows as Row[];
    },
    async run(sql) {
      await connection.query(sql);
    },
    async [Symbol.asyncDispose]() {
      connection.destroy();
    },
  };
}
