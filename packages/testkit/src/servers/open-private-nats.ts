import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { awaitReady } from "./await-ready.ts";
import { startChild, stopLeftover } from "./child-server.ts";
import { inspectNats } from "./inspect-nats.ts";
import { natsAccount, natsConfig } from "./nats-config.ts";
import type { Server, ServerPlace } from "./server.ts";
import { reasonOf, ServersError } from "./servers-error.ts";

/** A nats-server binary that was asked for its version. */
export type NatsProgram = {
  readonly path: string;
  readonly version: string;
  /** Whether it can be told to sync each message to disk before it confirms. */
  readonly canSyncAlways: boolean;
};

const readyWithinMs = 20_000;

/** @throws ServersError when it does not run, or has no JetStream as this system needs it. */
export async function inspectNatsProgram(path: string): Promise<NatsProgram> {
  let answer: string;
  try {
    const { stdout, stderr } = await promisify(execFile)(path, ["--version"], { timeout: 5_000 });
    answer = `${stdout}${stderr}`;
  } catch (error) {
    throw new ServersError(`${path} cannot be run: ${reasonOf(error)}`, { cause: error });
  }
  const found = answer.match(/(\d+)\.(\d+)\.(\d+)/);
  if (found === null) throw new ServersError(`${path} --version says ${answer.trim()}`);
  const [major, minor] = found.slice(1).map(Number) as [number, number];
  if (major < 2 || (major === 2 && minor < 9)) {
    throw new ServersError(
      `${path} is nats-server ${found[0]}; 2.9 or later is needed (JetStream with pull consumers)`,
    );
  }
  return { path, version: found[0], canSyncAlways: major > 2 || minor >= 10 };
}

/**
 * Runs the program on a free port of loopback, with JetStream's files in `data/nats` of the home.
 * `samePort`: the one that it had before.
 */
export async function openPrivateNats(
  program: NatsProgram,
  place: ServerPlace,
  signal: AbortSignal,
  samePort?: string,
): Promise<Server> {
  const { home, durability, notify } = place;
  const runFolder = join(home, "run");
  const portsFolder = join(runFolder, "nats");
  const recordFile = join(runFolder, "nats.process");
  const logFile = join(home, "logs", "nats.log");
  const dataFolder = join(home, "data", "nats");
  await stopLeftover("NATS", recordFile, notify);
  await rm(portsFolder, { recursive: true, force: true });
  await mkdir(portsFolder, { recursive: true });
  await mkdir(dataFolder, { recursive: true });
  const configFile = join(runFolder, "nats.conf");
  const config = natsConfig({
    storeFolder: dataFolder,
    durability,
    canSyncAlways: program.canSyncAlways,
    access: place.access,
  });
  // It may hold passwords. A file that is there keeps its mode when it is written.
  await rm(configFile, { force: true });
  await writeFile(configFile, config, { mode: 0o600 });

  // The server picks the port itself and writes it down: nobody can take it in between.
  const port = samePort ?? "-1";
  const args = ["-c", configFile, "-a", "127.0.0.1", "-p", port, "--ports_file_dir", portsFolder];
  const child = await startChild({
    name: "NATS",
    program: program.path,
    args,
    logFile,
    recordFile,
  });
  try {
    const probe = () => probePorts(portsFolder, natsAccount(place.access));
    const at = await awaitReady("NATS", child, probe, readyWithinMs, signal);
    return {
      ...at,
      process: {
        pid: child.pid,
        exited: child.exited,
        startAgain: (again) => openPrivateNats(program, place, again, new URL(at.url).port),
      },
      logFile,
      found: `private ${program.path}`,
      [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

async function probePorts(
  portsFolder: string,
  account: string,
): Promise<{ url: string; address: string; version: string }> {
  const name = (await readdir(portsFolder)).find((each) => each.endsWith(".ports"));
  if (name === undefined) throw new Error("it has not written its ports file");
  const { nats } = JSON.parse(await readFile(join(portsFolder, name), "utf8")) as {
    nats: [string];
  };
  const { host } = new URL(nats[0]);
  const url = `nats://${account}${host}`;
  const { version, hasJetStream } = await inspectNats(url, readyWithinMs);
  if (!hasJetStream) throw new Error("its JetStream is off");
  return { url, address: host, version };
}
