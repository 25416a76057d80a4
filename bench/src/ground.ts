import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "@resonance/db";
import { migrate } from "@resonance/migrations";
import { openServers } from "@resonance/testkit";

export type Ground = AsyncDisposable & {
  readonly mysqlUrl: string;
  readonly natsUrl: string;
  readonly db: Database;
  /** Pairs of people: `p<index>` and `q<index>`. */
  readonly people: number;
  /** Somebody of 12,000 people without sessions of their own. */
  nameOf(index: number): string;
  /** A file descriptor for what the contestants log. */
  readonly logFile: number;
  /** What the servers are and how durable, for the output. */
  readonly description: readonly string[];
};

export const people = 1_000;

/** The one-to-one session of person `index` with the next one, and with the bot. */
export function sessionOf(index: number): { person: string; pair: string; withBot: string } {
  const person = `p${index}`;
  return { person, pair: `single:${person}:q${index}`, withBot: `single:ops-bot:${person}` };
}

/** Servers with durable settings and the tables, with 1,000 people and their sessions. */
export async function openGround(signal: AbortSignal): Promise<Ground> {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), "resonance-bench-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const servers = stack.use(
    await openServers({
      home,
      durability: "durable",
      environment: { PATH: "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin" },
      notify: () => undefined,
      signal,
    }),
  );
  const url = new URL(servers.mysql.url);
  url.pathname = "/bench";
  await migrate({ url: url.href, signal });
  const db = stack.use(openDatabase(url.href, { poolSize: 4 }));
  await populate(db);
  const logFile = await open(join(home, "contestants.log"), "a");
  stack.defer(() => logFile.close());
  const closing = stack.move();
  return {
    people,
    nameOf,
    logFile: logFile.fd,
    mysqlUrl: url.href,
    natsUrl: servers.nats.url,
    db,
    description: [
      `MySQL ${servers.mysql.version}: ${await settingsOf(db)}`,
      `NATS ${servers.nats.version}`,
    ],
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

const loners = 12_000;

function nameOf(index: number): string {
  if (index >= loners) throw new RangeError(`there are ${loners} people, and no number ${index}`);
  return `u${index}`;
}

async function populate(db: Database): Promise<void> {
  const all = Array.from({ length: people }, (_, index) => sessionOf(index));
  await db.execute("INSERT INTO t_user (username, nickname, password) VALUES ?", [
    all.flatMap(({ person }, index) => [
      [person, person, "!"],
      [`q${index}`, `q${index}`, "!"],
    ]),
  ]);
  for (let first = 0; first < loners; first += 2_000) {
    const names = Array.from({ length: 2_000 }, (_, at) => nameOf(first + at));
    await db.execute("INSERT INTO t_user (username, nickname, password) VALUES ?", [
      names.map((name) => [name, name, "!"]),
    ]);
  }
  await db.execute("INSERT INTO t_session (session_id, type, name, owner_username) VALUES ?", [
    all.flatMap(({ person, pair, withBot }) => [
      [pair, 1, "", person],
      [withBot, 1, "", person],
    ]),
  ]);
  await db.execute("INSERT INTO t_session_member (session_id, username) VALUES ?", [
    all.flatMap(({ person, pair, withBot }, index) => [
      [pair, person],
      [pair, `q${index}`],
      [withBot, person],
      [withBot, "ops-bot"],
    ]),
  ]);
}

async function settingsOf(db: Database): Promise<string> {
  const rows = await db.query<{ name: string; value: string }>(
    `SELECT 'innodb_flush_log_at_trx_commit' AS name, @@innodb_flush_log_at_trx_commit AS value
     UNION SELECT 'log_bin', @@log_bin UNION SELECT 'sync_binlog', @@sync_binlog`,
  );
  return rows.map(({ name, value }) => `${name}=${value}`).join(", ");
}
