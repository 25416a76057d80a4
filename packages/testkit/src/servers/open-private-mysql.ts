import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { awaitReady } from "./await-ready.ts";
import { startChild, stopLeftover } from "./child-server.ts";
import { createDataFolder } from "./create-data-folder.ts";
import { inspectAsRoot } from "./inspect-as-root.ts";
import { mentionOtherData } from "./mention-other-data.ts";
import { commonArguments, type MysqlProgram, temporaryFolder } from "./mysql-program.ts";
import type { Durability, Server, ServerPlace } from "./server.ts";

const readyWithinMs = 60_000;

/**
 * Runs the program on a free port of loopback, with its data in `data/mariadb` or `data/mysql` of
 * the home, made at the first start. Without a password for root whoever can connect from this
 * machine is root. `samePort`: the one that it had before.
 */
export async function openPrivateMysql(
  program: MysqlProgram,
  place: ServerPlace,
  signal: AbortSignal,
  samePort?: number,
): Promise<Server> {
  const { home, durability, notify } = place;
  const name = displayName(program);
  const dataFolder = join(home, "data", program.kind);
  const recordFile = join(home, "run", "mysql.process");
  const logFile = join(home, "logs", "mysql.log");
  await stopLeftover(name, recordFile, notify);
  await mkdir(temporaryFolder(dataFolder), { recursive: true, mode: 0o700 });
  if (!existsSync(dataFolder)) {
    mentionOtherData(program.kind, place);
    await createDataFolder(program, dataFolder, signal);
  }

  for (let attempt = 1; ; attempt++) {
    const port = samePort ?? (await freePort());
    const args = [
      ...commonArguments(program, dataFolder),
      ...serverArguments(program, port),
      ...durabilityArguments(program, durability),
    ];
    const child = await startChild({ name, program: program.path, args, logFile, recordFile });
    const rootPassword = place.access?.mysqlRootPassword;
    const url = rootUrl(port, rootPassword);
    try {
      const root = {
        urlOf: (password: string | undefined) => rootUrl(port, password),
        password: rootPassword,
        before: undefined,
        // MySQL makes a second account of its own, which nothing here can reach by TCP.
        accounts: ["'root'@'127.0.0.1'"],
      };
      const probe = () => inspectAsRoot(root, readyWithinMs);
      const { version } = await awaitReady(name, child, probe, readyWithinMs, signal);
      return {
        url,
        address: `127.0.0.1:${port}`,
        version,
        process: {
          pid: child.pid,
          exited: child.exited,
          startAgain: (again) => openPrivateMysql(program, place, again, port),
        },
        logFile,
        found: `private ${program.path}`,
        [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
      };
    } catch (error) {
      const portWasTaken = /address already in use/i.test(child.logTail());
      await child[Symbol.asyncDispose]();
      if (!portWasTaken || attempt === 3) throw error;
    }
  }
}

function rootUrl(port: number, password: string | undefined): string {
  const account = password === undefined ? "root" : `root:${encodeURIComponent(password)}`;
  return `mysql://${account}@127.0.0.1:${port}/`;
}

function displayName(program: MysqlProgram): string {
  return program.kind === "mariadb" ? "MariaDB" : "MySQL";
}

function serverArguments(program: MysqlProgram, port: number): string[] {
  return [
    "--bind-address=127.0.0.1",
    `--port=${port}`,
    // No socket file: its path would be limited to 107 bytes, and nobody needs it.
    "--socket=",
    "--pid-file=server.pid",
    "--skip-name-resolve",
    "--character-set-server=utf8mb4",
    "--performance-schema=OFF",
    "--innodb-buffer-pool-size=128M",
    ...(program.kind === "mysql" ? ["--mysqlx=OFF"] : []),
  ];
}

function durabilityArguments(program: MysqlProgram, durability: Durability): string[] {
  if (durability === "durable") {
    return [
      "--server-id=1",
      "--log-bin=binlog",
      "--sync-binlog=1",
      "--binlog-expire-logs-seconds=86400",
      "--innodb-flush-log-at-trx-commit=1",
      "--innodb-doublewrite=1",
    ];
  }
  return [
    "--skip-log-bin",
    "--sync-binlog=0",
    // Not 0: a killed server would lose committed rows, and crash tests would mean nothing.
    "--innodb-flush-log-at-trx-commit=2",
    "--innodb-doublewrite=0",
    "--innodb-flush-method=nosync",
    "--innodb-fast-shutdown=2",
    "--innodb-buffer-pool-dump-at-shutdown=OFF",
    "--innodb-buffer-pool-load-at-startup=OFF",
    ...(program.kind === "mysql"
      ? ["--loose-innodb-redo-log-capacity=64M"]
      : ["--innodb-log-file-size=10M"]),
  ];
}
