import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openServers, type Servers } from "@resonance/testkit";
import {
  openRestartableNats,
  openTcpProxy,
  type RestartableNats,
  type TcpProxy,
} from "@resonance/testkit/vitest";
import { createConnection } from "mysql2/promise";

/** A server that can be killed and started again with its data, behind an address that stays. */
export type MortalServer = {
  /** By way of the proxy; what the services are told. */
  readonly url: string;
  /** The server itself, for whoever looks on; another one after a restart. */
  readonly directUrl: () => string;
  readonly proxy: TcpProxy;
  /** Ends it with SIGKILL. Connections break and new ones are refused. */
  kill(): Promise<void>;
  /** Starts it again. Resolves when it serves. */
  start(): Promise<void>;
  /** Sends a signal, such as SIGSTOP and SIGCONT. */
  signal(name: NodeJS.Signals): void;
};

export type MortalServers = AsyncDisposable & {
  readonly mysql: MortalServer;
  /** Its store can be deleted or put back while it is dead. */
  readonly nats: MortalServer & Pick<RestartableNats, "wipeStore" | "saveStore" | "restoreStore">;
};

/** A MySQL and a NATS server of the test's own, each behind a proxy. */
export async function openMortalServers(): Promise<MortalServers> {
  await using opening = new AsyncDisposableStack();
  const nats = await openNats(opening);
  const mysql = await openMysql(opening, nats.directUrl());
  const open = opening.move();
  return { mysql, nats, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

async function openNats(opening: AsyncDisposableStack): Promise<MortalServers["nats"]> {
  const server = opening.use(await openRestartableNats());
  const proxy = opening.use(await openTcpProxy(portOf(server.url)));
  return {
    url: `nats://127.0.0.1:${proxy.port}`,
    directUrl: () => server.url,
    proxy,
    async kill() {
      await server.kill();
      await proxy.refuse();
    },
    async start() {
      await server.start();
      await proxy.accept();
    },
    signal: (name) => server.signal(name),
    wipeStore: () => server.wipeStore(),
    saveStore: () => server.saveStore(),
    restoreStore: (folder) => server.restoreStore(folder),
  };
}

async function openMysql(opening: AsyncDisposableStack, natsUrl: string): Promise<MortalServer> {
  const home = await mkdtemp(join(tmpdir(), "resonance-faults-"));
  opening.defer(() => rm(home, { recursive: true, force: true }));
  const start = () =>
    openServers({
      home,
      // Survives the death of the server, which is what these tests are about.
      durability: "fast",
      environment: { ...process.env, RESONANCE_MYSQL_URL: "", RESONANCE_NATS_URL: natsUrl },
      notify: () => undefined,
      signal: AbortSignal.timeout(60_000),
      programs: { mysqld: process.env.TEST_MYSQLD || undefined },
    });
  let servers: Servers = await start();
  opening.defer(() => servers[Symbol.asyncDispose]());
  await createAccount(servers.mysql.url);
  const proxy = opening.use(await openTcpProxy(portOf(servers.mysql.url)));
  const running = () => {
    const { process: mysqld } = servers.mysql;
    if (!mysqld) throw new Error("a MySQL server that is killed has to be a program on PATH");
    return mysqld;
  };
  return {
    url: `mysql://${account.name}:${account.password}@127.0.0.1:${proxy.port}/resonance`,
    directUrl: () => new URL("/resonance", servers.mysql.url).href,
    proxy,
    async kill() {
      signalIfAlive(running().pid);
      await running().exited;
      await proxy.refuse();
      await servers[Symbol.asyncDispose]();
    },
    async start() {
      // It comes back on another port: the proxy's stays.
      servers = await start();
      proxy.aim(portOf(servers.mysql.url));
      await proxy.accept();
    },
    signal: (name) => void process.kill(running().pid, name),
  };
}

/** What the services are: root may write where nobody else may. */
const account = { name: "services", password: "a-good-password" };

async function createAccount(url: string): Promise<void> {
  const connection = await createConnection({ uri: url });
  try {
    const user = `'${account.name}'@'127.0.0.1'`;
    await connection.query(`CREATE USER ${user} IDENTIFIED BY '${account.password}'`);
    await connection.query(`GRANT ALL ON resonance.* TO ${user}`);
  } finally {
    connection.destroy();
  }
}

/** It may have died by itself. */
function signalIfAlive(pid: number | null): void {
  try {
    if (pid !== null) process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
