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

/** What a service may do with each table, as in "SELECT, INSERT" or "SELECT (username, role)". */
function rightsOf(user: DatabaseUser, tables: readonly string[]): Map<string, string> {
  return new Map(
    tables.flatMap((table) =>
      grants[user]
        .filter((grant) => grant.table.test(table))
        .map((grant) => [table, grant.rights] as const),
    ),
  );
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
    for (const user of databaseUsers) {
      const rights = rightsOf(user, tables);
      await grantAccount(connection, { database, user, rights, password: passwordOf(user) });
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

type Account = {
  readonly database: string;
  readonly user: DatabaseUser;
  readonly rights: ReadonlyMap<string, string>;
  readonly password: string;
};

/** Services may be running: what an account is to keep it has at every moment. */
async function grantAccount(connection: Connection, account: Account): Promise<void> {
  const { database, user, rights, password } = account;
  const name = `'${accountOf(user)}'@'%'`;
  const grant = async () => {
    for (const [table, some] of rights) {
      await connection.query(`GRANT ${some} ON \`${database}\`.\`${table}\` TO ${name}`);
    }
  };
  await connection.query(`CREATE USER IF NOT EXISTS ${name} IDENTIFIED BY ${quoted(password)}`);
  await connection.query(`ALTER USER ${name} IDENTIFIED BY ${quoted(password)}`);
  await grant();
  if (await hasThese(connection, account)) return;
  await connection.query(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${name}`);
  await grant();
}

/** Whether the account has these rights and no others. */
async function hasThese(
  connection: Connection,
  { database, user, rights }: Account,
): Promise<boolean> {
  const name = `'${accountOf(user)}'@'%'`;
  // One line for each table, and one that says that there is such an account.
  const [lines] = await connection.query<RowDataPacket[]>(`SHOW GRANTS FOR ${name}`);
  const [held] = await connection.query<RowDataPacket[]>(
    `SELECT CONCAT_WS(' ', table_schema, table_name, privilege_type, is_grantable) AS words
       FROM information_schema.table_privileges WHERE grantee = ?
     UNION ALL
     SELECT CONCAT_WS(' ', table_schema, table_name, privilege_type, column_name, is_grantable)
       FROM information_schema.column_privileges WHERE grantee = ?`,
    [name, name],
  );
  const wanted = [...rights].flatMap(([table, some]) => {
    const [, right = some, columns] = /^(\w+) \((.+)\)$/.exec(some) ?? [];
    const each = columns?.split(", ").map((column) => `${right} ${column}`) ?? right.split(", ");
    return each.map((words) => `${database} ${table} ${words} NO`);
  });
  return lines.length === rights.size + 1 && isSame(wanted, held);
}

function isSame(wanted: readonly string[], held: readonly RowDataPacket[]): boolean {
  const words = held.map((row) => String(row.words)).sort();
  return JSON.stringify([...wanted].sort()) === JSON.stringify(words);
}

async function tablesOf(connection: Connection, database: string): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1",
    [database],
  );
  return rows.map((row) => String(row.name));
}
