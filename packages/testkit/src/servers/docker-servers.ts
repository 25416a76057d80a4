import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  GenericContainer,
  getContainerRuntimeClient,
  type StartedTestContainer,
  type WaitStrategy,
} from "testcontainers";
import { awaitReady } from "./await-ready.ts";
import { inspectAsRoot } from "./inspect-as-root.ts";
import { inspectNats } from "./inspect-nats.ts";
import { logTail } from "./log-tail.ts";
import { mentionOtherData } from "./mention-other-data.ts";
import { containerNatsConfig, containerStore, natsAccount } from "./nats-config.ts";
import type { Server, ServerPlace } from "./server.ts";

export type DockerOptions = ServerPlace & {
  /** False when the engine runs elsewhere: ports are then published on all its addresses. */
  readonly isLocal: boolean;
  readonly image: string;
};

const readyWithinMs = 120_000;
const stopWithinMs = 20_000;
// Of a data folder that was made without a password of its own.
const firstRootPassword = "resonance";

/** Runs MySQL in a container, its data in a volume that belongs to the home. */
export async function openDockerMysql(
  options: DockerOptions,
  signal: AbortSignal,
): Promise<Server> {
  const password = options.access?.mysqlRootPassword ?? firstRootPassword;
  const container = new LocalContainer(options)
    .withEnvironment({ MYSQL_ROOT_PASSWORD: password })
    .withCommand([
      "--skip-name-resolve",
      "--performance-schema=OFF",
      ...mysqlArguments[options.durability],
    ]);
  return open(
    container,
    options,
    {
      kind: "mysql",
      port: 3306,
      folder: "/var/lib/mysql",
      url: (address) => rootUrl(address, password),
      inspect: (address, timeoutMs) =>
        inspectAsRoot(
          {
            urlOf: (one = firstRootPassword) => rootUrl(address, one),
            password,
            before: firstRootPassword,
            accounts: ["'root'@'%'", "'root'@'localhost'"],
          },
          timeoutMs,
        ),
    },
    signal,
  );
}

function rootUrl(address: string, password: string): string {
  return `mysql://root:${encodeURIComponent(password)}@${address}/`;
}

/** Runs nats-server with JetStream in a container, its store in a volume that belongs to the home. */
export async function openDockerNats(options: DockerOptions, signal: AbortSignal): Promise<Server> {
  const { file, command } = containerNatsConfig({
    durability: options.durability,
    access: options.access,
  });
  // Copied, not mounted: the engine may run elsewhere.
  const container = new LocalContainer(options)
    .withCopyContentToContainer([file])
    .withCommand(command);
  return open(
    container,
    options,
    {
      kind: "nats",
      port: 4222,
      folder: containerStore,
      url: (address) => natsUrl(address, options.access),
      inspect: (address, timeoutMs) => inspectNats(natsUrl(address, options.access), timeoutMs),
    },
    signal,
  );
}

function natsUrl(address: string, access: DockerOptions["access"]): string {
  return `nats://${natsAccount(access)}${address}`;
}

const mysqlArguments = {
  durable: ["--sync-binlog=1", "--innodb-flush-log-at-trx-commit=1"],
  fast: ["--skip-log-bin", "--innodb-flush-log-at-trx-commit=2", "--innodb-doublewrite=OFF"],
} as const;

type Contents = {
  kind: "mysql" | "nats";
  port: number;
  folder: string;
  url: (address: string) => string;
  inspect: (address: string, timeoutMs: number) => Promise<{ version: string }>;
};

async function open(
  container: LocalContainer,
  options: DockerOptions,
  contents: Contents,
  signal: AbortSignal,
): Promise<Server> {
  const { kind, port, folder } = contents;
  const name = `resonance-${await homeId(options.home)}-${kind}`;
  await removeContainer(name);
  if (kind === "mysql") mentionOtherData("container", options);
  const logFile = join(options.home, "logs", `${kind}.log`);
  await mkdir(dirname(logFile), { recursive: true });
  await writeFile(logFile, "", { flag: "a" });
  const { size: logStart } = await stat(logFile);
  const started = await container
    .withName(name)
    .withExposedPorts(port)
    .withBindMounts([{ source: name, target: folder }])
    .withLogConsumer((stream) => stream.pipe(createWriteStream(logFile, { flags: "a" })))
    .withWaitStrategy(noWait)
    .start()
    .catch(async (error: unknown) => {
      await removeContainer(name);
      throw error;
    });
  try {
    const host = options.isLocal ? "127.0.0.1" : started.getHost();
    const address = `${host}:${started.getMappedPort(port)}`;
    const url = contents.url(address);
    const starting = { ending: () => ending(started), logTail: () => logTail(logFile, logStart) };
    const probe = () => contents.inspect(address, readyWithinMs);
    const { version } = await awaitReady(options.image, starting, probe, readyWithinMs, signal);
    return {
      url,
      address,
      version,
      process: undefined,
      logFile,
      found: `container of ${options.image}`,
      [Symbol.asyncDispose]: () => stop(started),
    };
  } catch (error) {
    await stop(started);
    throw error;
  }
}

// testcontainers looks for open ports with a shell in the container, which the image of NATS does
// not have, and does not notice a container that has ended. awaitReady asks the server itself.
const noWait: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => noWait,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => readyWithinMs,
};

async function ending(container: StartedTestContainer): Promise<string | undefined> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const { State: state } = await dockerode.getContainer(container.getId()).inspect();
  return state.Running ? undefined : `exit code ${state.ExitCode}`;
}

// It is for this machine only, so it is published to nobody else.
class LocalContainer extends GenericContainer {
  readonly #isLocal: boolean;

  constructor(options: DockerOptions) {
    super(options.image);
    this.#isLocal = options.isLocal;
  }

  protected override beforeContainerCreated(): Promise<void> {
    const ports: Record<string, { HostIp?: string }[]> = this.hostConfig.PortBindings ?? {};
    for (const binding of Object.values(ports).flat()) {
      if (this.#isLocal) binding.HostIp = "127.0.0.1";
    }
    return Promise.resolve();
  }
}

// A home that is removed and made again gets other volumes, like one with data in folders.
async function homeId(home: string): Promise<string> {
  const file = join(home, "data", "docker-volumes");
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, `${randomBytes(6).toString("hex")}\n`, { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return (await readFile(file, "utf8")).trim();
}

// The home is locked by us, so a container of this name that we did not start is left over from a
// run that was killed.
async function removeContainer(name: string): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const container = dockerode.getContainer(name);
  try {
    await container.stop({ t: stopWithinMs / 1_000 });
    await container.remove({ force: true });
  } catch (error) {
    const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
    if (status === 304) await container.remove({ force: true });
    else if (status !== 404) throw error;
  }
}

async function stop(container: StartedTestContainer): Promise<void> {
  await container.stop({ timeout: stopWithinMs, remove: true, removeVolumes: false });
}
