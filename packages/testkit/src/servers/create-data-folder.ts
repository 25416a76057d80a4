import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { commonArguments, type MysqlProgram, shareFolder } from "./mysql-program.ts";
import { ServersError } from "./servers-error.ts";

/**
 * Makes a data folder with the account root@127.0.0.1 without a password. It appears under its name
 * only when it is complete; what an interrupted attempt left is removed.
 */
export async function createDataFolder(
  program: MysqlProgram,
  dataFolder: string,
  signal: AbortSignal,
): Promise<void> {
  const parent = dirname(dataFolder);
  const unfinished = `${basename(dataFolder)}.unfinished`;
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (name.startsWith(unfinished)) await rm(join(parent, name), { recursive: true });
  }
  const folder = join(parent, unfinished);
  await mkdir(folder, { mode: 0o700 });
  await (program.kind === "mariadb" ? createForMariadb : createForMysql)(program, folder, signal);
  await rename(folder, dataFolder);
}

// The server's own bootstrap, and not mariadb-install-db: that script needs a program from the
// client package, breaks on folders with spaces, and takes three times as long.
async function createForMariadb(
  program: MysqlProgram,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const share = await shareFolder(program);
  const statements = ["CREATE DATABASE mysql;", "USE mysql;", "SET @auth_root_socket = NULL;"];
  for (const part of ["system_tables", "performance_tables", "system_tables_data"]) {
    statements.push(await readFile(sqlFile(share, part), "utf8"));
  }
  // Host names mean nothing under --skip-name-resolve.
  const lines = statements.join("\n").split("\n");
  const sql = lines.filter((line) => !line.includes("@current_hostname")).join("\n");
  const args = [
    ...commonArguments(program, folder),
    "--bootstrap",
    "--silent-startup",
    "--skip-name-resolve",
    "--log-warnings=0",
    "--enforce-storage-engine=",
    "--max-allowed-packet=8M",
    "--net-buffer-length=16K",
    "--innodb-log-file-size=10M",
    "--innodb-flush-log-at-trx-commit=2",
  ];
  await run(program.path, args, sql, signal);
}

async function createForMysql(
  program: MysqlProgram,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const initFile = `${folder}.sql`;
  // --initialize-insecure makes root@localhost only, which does not match a connection by TCP
  // under --skip-name-resolve. One statement a line.
  await writeFile(
    initFile,
    "CREATE USER 'root'@'127.0.0.1';\nGRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;\n",
  );
  const args = [
    ...commonArguments(program, folder),
    "--initialize-insecure",
    `--init-file=${initFile}`,
    "--loose-innodb-redo-log-capacity=64M",
  ];
  await run(program.path, args, "", signal);
  await rm(initFile);
}

function sqlFile(share: string, part: string): string {
  const names = [`mariadb_${part}.sql`, `mysql_${part}.sql`].map((name) => join(share, name));
  const found = names.find((name) => existsSync(name));
  if (found === undefined) throw new ServersError(`MariaDB's ${part} were not found in ${share}`);
  return found;
}

async function run(
  program: string,
  args: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<void> {
  // Killed at once when aborted: what it leaves is removed at the next attempt.
  const child = spawn(program, args, { signal, killSignal: "SIGKILL" });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("exit", resolve);
    // Aborting is an error too, but then the process exists and its end is worth waiting for.
    child.once("error", (error) => child.pid === undefined && reject(error));
  });
  // A server that ends early closes the pipe; its own words and exit code say why.
  child.stdin.on("error", () => undefined).end(input);
  const [code, output, errors] = await Promise.all([
    exited,
    text(child.stdout),
    text(child.stderr),
  ]);
  signal.throwIfAborted();
  if (code === 0) return;
  const lines = `${output}${errors}`.trimEnd().split("\n").slice(-15).join("\n");
  throw new ServersError(
    `${program} could not make its data folder (exit code ${code}):\n${lines}`,
  );
}
