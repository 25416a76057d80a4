import { createConnection } from "mysql2/promise";
import { inspectMysql } from "./inspect-mysql.ts";

export type RootAccess = {
  readonly urlOf: (password: string | undefined) => string;
  /** What root is to have. */
  readonly password: string | undefined;
  /** What a data folder has in which none was set. */
  readonly before: string | undefined;
  /** Accounts of root that can be reached. */
  readonly accounts: readonly string[];
};

const accessDenied = 1045;

/**
 * Asks a server of ours for its version, as root. One whose data was made without the password gets
 * it.
 */
export async function inspectAsRoot(
  { urlOf, password, before, accounts }: RootAccess,
  timeoutMs: number,
): Promise<{ version: string }> {
  try {
    return await inspectMysql(urlOf(password), timeoutMs);
  } catch (error) {
    const isDenied = error instanceof Error && "errno" in error && error.errno === accessDenied;
    if (password === undefined || !isDenied) throw error;
    await setPassword(urlOf(before), accounts, password, timeoutMs);
    return await inspectMysql(urlOf(password), timeoutMs);
  }
}

async function setPassword(
  url: string,
  accounts: readonly string[],
  password: string,
  timeoutMs: number,
): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: timeoutMs });
  try {
    const each = accounts.map((account) => `${account} IDENTIFIED BY ?`);
    await connection.query(
      `ALTER USER ${each.join(", ")}`,
      accounts.map(() => password),
    );
  } finally {
    connection.destroy();
  }
}
