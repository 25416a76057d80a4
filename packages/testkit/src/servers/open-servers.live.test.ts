import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { findProgram } from "../find-program.ts";
import { testServers } from "../vitest/index.ts";
import { openServers, type ServersOptions } from "./open-servers.ts";
import { processIdentity } from "./process-identity.ts";

const nothingAtAll = {
  environment: { RESONANCE_NO_INSTALL: "1" },
  programs: {},
  folders: [],
  dockerSockets: [],
};
// Where the servers come from containers or are given, there are no processes to look at.
const privately = test.skipIf(
  !(process.env.TEST_MYSQLD || findProgram(["mariadbd", "mysqld"], process.env)) ||
    !(process.env.TEST_NATS_SERVER || findProgram(["nats-server"], process.env)),
);
let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "resonance-servers-"));
});

afterEach(() => rmSync(home, { recursive: true }));

test("data is kept over a restart", async () => {
  {
    await using servers = await open();
    await query(servers.mysql.url, "CREATE DATABASE kept");
  }
  await using servers = await open();
  await query(`${servers.mysql.url}kept`, "SELECT 1");
});

test("two homes run side by side, each with processes of its own", async () => {
  await using one = await open();
  await using other = await open({ home: join(home, "other") });
  const addresses = [one.mysql, one.nats, other.mysql, other.nats].map(({ address }) => address);
  expect(new Set(addresses).size).toBe(4);
});

test("the servers of a home in use are refused, and the running ones stay", async () => {
  await using servers = await open();
  await expect(open()).rejects.toThrow(`${home} is in use by a running stack`);
  await query(servers.mysql.url, "SELECT 1");
});

privately(
  "disposing ends the servers, and the terminal's Ctrl-C does not reach them before",
  async () => {
    const servers = await open();
    const pids = [Number(servers.mysql.process?.pid), Number(servers.nats.process?.pid)];
    // A process group of that number exists only if the server leads its own.
    for (const pid of pids) expect(process.kill(-pid, 0)).toBe(true);
    await servers[Symbol.asyncDispose]();
    await servers[Symbol.asyncDispose]();
    expect(pids.map(processIdentity)).toEqual([undefined, undefined]);
  },
);

privately(
  "a killed process leaves no server behind, and its home can be used at once",
  async () => {
    const child = spawnOwner();
    const pids = await child.serverPids;
    await child.kill();
    await using servers = await open();
    await query(servers.mysql.url, "SELECT 1");
    await eventually(() => pids.every((pid) => processIdentity(pid) === undefined));
  },
);

privately("a server that outlived its killed owner is stopped first", async () => {
  const leftover = spawn("sleep", ["600"], { detached: true });
  const ended = new Promise((resolve) => leftover.once("exit", (_, signal) => resolve(signal)));
  mkdirSync(join(home, "run"));
  const identity = processIdentity(Number(leftover.pid));
  writeFileSync(join(home, "run", "mysql.process"), `${identity}\n`);
  const lines: string[] = [];
  await using _servers = await open({ notify: (line) => lines.push(line) });
  expect(await ended).toBe("SIGTERM");
  expect(lines).toContainEqual(expect.stringContaining(`stopping process ${leftover.pid}`));
});

privately("an aborted signal ends the opening and leaves nothing running", async () => {
  const abort = new AbortController();
  const opening = open({ signal: abort.signal });
  const recordFile = join(home, "run", "nats.process");
  await eventually(() => existsSync(recordFile));
  abort.abort(new Error("stopping"));
  await expect(opening).rejects.toThrow("stopping");
  await using _servers = await open();
});

test("given servers are used as given, and stay when disposed", async () => {
  const { mysql, nats } = testServers();
  const environment = { RESONANCE_MYSQL_URL: `${mysql.url}app`, RESONANCE_NATS_URL: nats.url };
  const servers = await open({ ...nothingAtAll, environment });
  expect(servers.mysql).toMatchObject({
    url: `${mysql.url}app`,
    process: undefined,
    logFile: null,
  });
  expect(servers.nats).toMatchObject({ url: nats.url, process: undefined, logFile: null });
  await servers[Symbol.asyncDispose]();
  await query(mysql.url, "SELECT 1");
});

test("with nothing to be had, one error names what to type on each system, at once", async () => {
  const start = performance.now();
  const error = await open(nothingAtAll).then(
    () => new Error("it opened"),
    (reason: Error) => reason,
  );
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(error.name).toBe("ServersError");
  expect(error.message).toBe(`MySQL (or MariaDB) and NATS are missing:
  - no mariadbd or mysqld on PATH
  - no nats-server on PATH
  - no Docker engine
  - ${process.platform === "linux" ? "RESONANCE_NO_INSTALL forbids installing packages" : "no apt-get on this system"}
Install what is missing and start again:
  Debian, Ubuntu:  sudo apt-get install mariadb-server-core nats-server
  Fedora:          sudo dnf install mariadb-server nats-server
  macOS:           brew install mariadb nats-server
Or start Docker, or name servers you have:
  RESONANCE_MYSQL_URL=mysql://user:password@host:3306/resonance
  RESONANCE_NATS_URL=nats://host:4222`);
});

test("programs that are too old are not taken, and the error says why", async () => {
  script("mysqld", 'echo "mysqld  Ver 5.7.44 for Linux on x86_64"');
  script("nats-server", 'echo "nats-server: v2.1.9"');
  const environment = { ...nothingAtAll.environment, PATH: home };
  const refused = open({ ...nothingAtAll, environment });
  await expect(refused).rejects.toThrow("mysql 5.7.44; 8.0 or later is needed");
  await expect(refused).rejects.toThrow("nats-server 2.1.9; 2.9 or later is needed (JetStream");
});

test("a program that was named and does not run is an error, whatever else there is", async () => {
  const programs = { natsServer: join(home, "absent") };
  await expect(open({ programs })).rejects.toThrow(`${programs.natsServer} cannot be run`);
});

test("a server that ends while starting shows the end of its log", async () => {
  const natsServer = script(
    "nats-server",
    'test "$1" = --version && echo "nats-server: v2.12.0" && exit; echo "disk is full"; exit 3',
  );
  await expect(open({ programs: { natsServer } })).rejects.toThrow(
    /NATS ended while starting \(exit code 3\); the end of its log:\ndisk is full/,
  );
});

function open(options: Partial<ServersOptions> = {}) {
  return openServers({
    home,
    durability: "fast",
    environment: { PATH: process.env.PATH },
    notify: () => undefined,
    signal: AbortSignal.timeout(60_000),
    programs: {
      mysqld: process.env.TEST_MYSQLD || undefined,
      natsServer: process.env.TEST_NATS_SERVER || undefined,
    },
    ...options,
  });
}

async function query(url: string, sql: string): Promise<void> {
  const connection = await createConnection(url);
  await connection.query(sql).finally(() => connection.destroy());
}

// A process that opens the home's servers and then waits to be killed.
function spawnOwner() {
  const module = JSON.stringify(new URL("./open-servers.ts", import.meta.url).href);
  const code = `
    const { openServers } = await import(${module});
    const servers = await openServers({
      ...JSON.parse(process.argv[1]),
      environment: { PATH: process.env.PATH },
      notify: () => undefined,
      signal: AbortSignal.timeout(60_000),
    });
    console.log(JSON.stringify([servers.mysql.process.pid, servers.nats.process.pid]));`;
  const programs = { mysqld: process.env.TEST_MYSQLD, natsServer: process.env.TEST_NATS_SERVER };
  const options = JSON.stringify({ home, durability: "fast", programs });
  const child = spawn(process.execPath, ["--input-type=module", "-e", code, options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const serverPids = new Promise<number[]>((resolve) => {
    child.stdout.once("data", (data: Buffer) => resolve(JSON.parse(data.toString())));
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const kill = () => {
    child.kill("SIGKILL");
    return exited;
  };
  return { serverPids, kill };
}

function script(name: string, body: string): string {
  const path = join(home, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}
