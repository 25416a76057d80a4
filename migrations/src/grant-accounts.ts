import {
  type Connection,
  createConnection,
  escape as quoted,
  type RowDataPacket,
} from "mysql2/promise";

/** Services with an account in the database. The gateway has none. */
export const databaseUsers = ["logic", "task", "bot"] as const;

export type DatabaseUser = (typeof databaseUsers)[number];

type Grant = {
  readonly table: RegExp;
  /** Of the table, or of columns of it. */
  readonly rights: string;
};

const everything = "SELECT, INSERT, UPDATE, DELETE";
// What it says is never changed, by whomever.
const appendOnly = /^t_audit$/;

/** What each service does with the tables, and nothing else. */
const grants: Readonly<Record<DatabaseUser, readonly Grant[]>> = {
  logic: [
    { table: /^t_(?!audit$)/, rights: everything },
    { table: appendOnly, rights: "SELECT, INSERT" },
  ],
  task: [
    { table: /^t_(session_member|route|gateway)$/, rights: "SELECT" },
    { table: /^t_session$/, rights: "SELECT (session_id, type)" },
    { table: /^t_user$/, rights: "SELECT (username, is_bot)" },
    // An upsert that changes nothing wants the right to update all the same.
    { table: /^t_inbox$/, rights: "SELECT, INSERT, UPDATE" },
    { table: /^t_dead_letter$/, rights: "INSERT" },
  ],
  bot: [
    { table: /^t_bot_/, rights: everything },
    { table: appendOnly, rights: "SELECT, INSERT" },
    { table: /^t_user$/, rights: "SELECT (username, nickname, role, is_bot, disabled_at)" },
    { table: /^t_session(_member)?$/, rights: "SELECT" },
  ],
};

/** The account of a service in the database server. */
export function accountOf(user: DatabaseUser): string {
  return `resonance_${user}`;
}

/**
 * The statements that give each service its account on the database and its rights on the tables
 * that are there, and take away what it had.
 */
export function grantStatements(
  database: string,
  tables: readonly string[],
  passwordOf: (user: DatabaseUser) => string,
): string[] {
  return databaseUsers.flatMap((user) => {
    const account = `'${accountOf(user)}'@'%'`;
    const rights = tables.flatMap((table) =>
      grants[user]
        .filter((grant) => grant.table.test(table))
        .map((grant) => `GRANT ${grant.rights} ON \`${database}\`.\`${table}\` TO ${account}`),
    );
    return [
      `CREATE USER IF NOT EXISTS ${account}`,
      `ALTER USER ${account} IDENTIFIED BY ${quoted(passwordOf(user))}`,
      `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account}`,
      ...rights,
    ];
  });
}

/**
 * Makes the accounts on the server of the URL, whose user has to be allowed to. Run after the
 * migrations: rights are given on tables that exist.
 *
 * @returns the URL of the database for each service
 */
export async function grantAccounts(
  url: string,
  passwordOf: (user: DatabaseUser) => string,
): Promise<Record<DatabaseUser, string>> {
  const connection = await createConnection({ uri: url, connectTimeout: 5_000 });
  try {
    const database = new URL(url).pathname.slice(1);
    const tables = await tablesOf(connection, database);
    for (const statement of grantStatements(database, tables, passwordOf)) {
      await connection.query(statement);
    }
  } finally {
    await connection.end();
  }
  const urls = databaseUsers.map((user) => {
    const own = new URL(url);
    own.username = accountOf(user);
    own.password = encodeURIComponent(passwordOf(user));
    return [user, own.href];
  });
  // fromEntries forgets the key type; the keys are databaseUsers.
  return Object.fromEntries(urls) as Record<DatabaseUser, string>;
}

async function tablesOf(connection: Connection, database: string): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1",
    [database],
  );
  return rows.map((row) => String(row.name));
}
