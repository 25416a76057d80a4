import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { reasonOf, ServersError } from "./servers-error.ts";

/** A server binary that was asked what it is. */
export type MysqlProgram = {
  readonly kind: "mariadb" | "mysql";
  readonly path: string;
  /** Three numbers, as in `10.11.19`. */
  readonly version: string;
};

const oldest = { mariadb: [10, 6], mysql: [8, 0] } as const;

/** @throws ServersError when it does not run, or is older than MariaDB 10.6 or MySQL 8.0. */
export async function inspectMysqlProgram(path: string): Promise<MysqlProgram> {
  const answer = await runProgram(path, ["--no-defaults", "--version"]);
  const version = answer.match(/\bVer (\d+)\.(\d+)\.(\d+)/);
  if (version === null) throw new ServersError(`${path} --version says ${answer.trim()}`);
  const [major, minor, patch] = version.slice(1).map(Number) as [number, number, number];
  const kind = /mariadb/i.test(answer) ? "mariadb" : "mysql";
  const [oldestMajor, oldestMinor] = oldest[kind];
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new ServersError(
      `${path} is ${kind} ${major}.${minor}.${patch}; ${oldestMajor}.${oldestMinor} or later is needed`,
    );
  }
  return { kind, path, version: `${major}.${minor}.${patch}` };
}

/** The folder in which a MariaDB installation keeps the SQL that makes its system tables. */
export async function shareFolder(program: MysqlProgram): Promise<string> {
  const answer = await runProgram(program.path, ["--no-defaults", "--verbose", "--help"]);
  const charsets = answer.match(/^character-sets-dir\s+(\S.*)$/m)?.[1];
  if (charsets === undefined) throw new ServersError(`${program.path} does not name its folders`);
  return dirname(charsets.trim().replace(/\/$/, ""));
}

/** A starting server removes what looks like a temporary table, so no two may share the folder. */
export function temporaryFolder(dataFolder: string): string {
  return join(dirname(dataFolder), "tmp");
}

/** Flags that hold for every call of the server binary. `--no-defaults` has to come first. */
export function commonArguments(program: MysqlProgram, dataFolder: string): string[] {
  return [
    "--no-defaults",
    `--datadir=${dataFolder}`,
    `--tmpdir=${temporaryFolder(dataFolder)}`,
    // The server refuses to run as root unless told so; the data is then root's, like the rest.
    ...(process.getuid?.() === 0 ? ["--user=root"] : []),
    ...(program.kind === "mysql" ? ["--secure-file-priv=NULL"] : []),
  ];
}

async function runProgram(path: string, args: string[]): Promise<string> {
  try {
    // Its first start after the machine's may read 100 MB from a slow disk.
    const options = { timeout: 30_000, maxBuffer: 4 * 1024 * 1024 };
    return (await promisify(execFile)(path, args, options)).stdout;
  } catch (error) {
    throw new ServersError(`${path} cannot be run: ${reasonOf(error)}`, { cause: error });
  }
}
