import { spawn } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@resonance/testkit";
import { openXmpp } from "../clients/xmpp.ts";
import type { Ground } from "../ground.ts";
import { type ChatSystem, type Pair, textOf } from "./chat-system.ts";

const libraries = "/usr/lib/x86_64-linux-gnu";
const sqlFile = "/usr/share/ejabberd/sql/mysql.sql";
const password = "bench";

/** What to do when Debian's ejabberd is not installed; undefined when it is. */
export function missingEjabberd(): string | undefined {
  const isThere = existsSync(sqlFile) && globSync("/usr/lib/erlang/lib/p1_mysql-*").length > 0;
  if (isThere && existsSync("/usr/bin/erl")) return undefined;
  return "ejabberd is not installed: apt-get install ejabberd erlang-p1-mysql";
}

/**
 * Debian's ejabberd with its archive (mod_mam, every message) and its users in the same database
 * server, over plain TCP, with everything else that is not needed left out.
 */
export function ejabberd(ground: Ground): ChatSystem {
  return {
    name: "ejabberd",
    async open(signal) {
      const missing = missingEjabberd();
      if (missing) throw new Error(missing);
      await using stack = new AsyncDisposableStack();
      const home = await mkdtemp(join(tmpdir(), "resonance-ejabberd-"));
      stack.defer(() => rm(home, { recursive: true, force: true }));
      const port = await freePort();
      const database = new URL(ground.mysqlUrl);
      database.username = "ejabberd";
      database.password = password;
      await makeDatabase(ground);
      const configFile = join(home, "ejabberd.yml");
      await writeFile(configFile, configuration(port, database));
      const child = spawn(
        "/usr/bin/erl",
        [
          ...["-noinput", "-noshell", "+K", "true", "+P", "250000"],
          ...["-mnesia", "dir", `"${home}"`, "-s", "ejabberd"],
        ],
        {
          env: {
            PATH: "/usr/bin:/bin",
            HOME: home,
            ERL_LIBS: libraries,
            EJABBERD_CONFIG_PATH: configFile,
            EJABBERD_LOG_PATH: join(home, "ejabberd.log"),
            ERL_CRASH_DUMP: join(home, "crash.dump"),
          },
          stdio: ["ignore", ground.logFile, ground.logFile],
        },
      );
      stack.defer(async () => {
        const exited = new Promise((resolve) => child.once("exit", resolve));
        if (child.kill("SIGKILL")) await exited;
      });
      await untilListening(port, join(home, "ejabberd.log"), signal);
      const closing = stack.move();
      return {
        openPair: (index) => openPair(port, index),
        [Symbol.asyncDispose]: () => closing.disposeAsync(),
      };
    },
  };
}

async function openPair(port: number, index: number): Promise<Pair> {
  const waiting = new Map<string, () => void>();
  const account = (username: string) => ({ username, password });
  const sender = await openXmpp(port, account(`p${index}`), () => undefined);
  const receiver = await openXmpp(port, account(`q${index}`), (id) => {
    waiting.get(id)?.();
    waiting.delete(id);
  });
  return {
    send: (count) =>
      new Promise((resolve) => {
        waiting.set(`m${count}`, resolve);
        sender.sendMessage(`q${index}`, `m${count}`, textOf(count));
      }),
    close: () => {
      sender.close();
      receiver.close();
    },
  };
}

/** Its tables, once a run, with the people of the ground. */
async function makeDatabase({ db, people }: Ground): Promise<void> {
  const [found] = await db.query("SHOW DATABASES LIKE 'ejabberd'");
  if (found) return;
  await db.execute("CREATE DATABASE ejabberd CHARACTER SET utf8mb4");
  // Its driver cannot sign in without a password, as our services do here.
  await db.execute("CREATE USER ejabberd@'%' IDENTIFIED BY ?", [password]);
  await db.execute("GRANT ALL ON ejabberd.* TO ejabberd@'%'");
  const connection = await db.pool.getConnection();
  try {
    await connection.query("USE ejabberd");
    const sql = (await readFile(sqlFile, "utf8")).replaceAll(/^--.*$/gm, "");
    for (const statement of sql.split(/;\s*$/m)) {
      if (statement.trim() !== "") await connection.query(statement);
    }
    const names = Array.from({ length: people }, (_, index) => [`p${index}`, `q${index}`]).flat();
    await connection.query(
      "INSERT INTO users (username, password, serverkey, salt, iterationcount) VALUES ?",
      [names.map((name) => [name, password, "", "", 0])],
    );
  } finally {
    // It stands in another database now.
    connection.destroy();
  }
}

function configuration(port: number, database: URL): string {
  return `
hosts: [localhost]
loglevel: warning
default_db: sql
sql_type: mysql
sql_server: "${database.hostname}"
sql_port: ${database.port}
sql_database: ejabberd
sql_username: "${database.username}"
sql_password: "${database.password}"
sql_pool_size: 10
auth_method: sql
auth_password_format: plain
disable_sasl_mechanisms: ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "X-OAUTH2"]
listen:
  - port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    access: c2s
    shaper: none
    starttls: false
acl: {local: {user_regexp: ""}}
access_rules: {local: [allow: local], c2s: [allow: all]}
modules:
  mod_mam: {db_type: sql, default: always}
`;
}

async function untilListening(port: number, log: string, signal: AbortSignal): Promise<void> {
  const giveUpAtMs = performance.now() + 30_000;
  for (;;) {
    signal.throwIfAborted();
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port }, () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    if (performance.now() > giveUpAtMs) {
      const said = existsSync(log) ? await readFile(log, "utf8") : "";
      throw new Error(`ejabberd does not listen: ${said.slice(-2_000)}`);
    }
    await delay(100, undefined, { signal });
  }
}
