import { resolve } from "node:path";
import { installPackages, installRefusal, type Wanted } from "../apt/install-packages.ts";
import { type Environment, findProgram } from "../find-program.ts";
import { dockerImages, findDockerEngine } from "./docker-engine.ts";
import { useGivenMysql, useGivenNats } from "./given-servers.ts";
import { lockHome } from "./lock-home.ts";
import { missingServers, type ServerKind } from "./missing-servers.ts";
import { inspectMysqlProgram } from "./mysql-program.ts";
import { openPrivateMysql } from "./open-private-mysql.ts";
import { inspectNatsProgram, openPrivateNats } from "./open-private-nats.ts";
import type { Durability, Server, ServerAccess, ServerPlace } from "./server.ts";
import { reasonOf, ServersError } from "./servers-error.ts";

export type ServersOptions = {
  /** Folder for data, logs and what is needed while running; made if absent. */
  home: string;
  durability: Durability;
  /** Read: RESONANCE_MYSQL_URL, RESONANCE_NATS_URL, RESONANCE_NO_INSTALL, PATH, DOCKER_HOST. */
  environment: Environment;
  /** Takes one line for each thing that was found or is about to be done. */
  notify: (line: string) => void;
  /** Shuts the private servers to whoever has no account. */
  access?: ServerAccess;
  /** Ends the opening. Open servers stay until disposed. */
  signal: AbortSignal;
  /** Takes these programs instead of looking for some. */
  programs?: { mysqld?: string | undefined; natsServer?: string | undefined };
  /** Where to look for programs after PATH. */
  folders?: readonly string[];
  /** Where to look for a Docker engine unless DOCKER_HOST names it. */
  dockerSockets?: readonly string[];
};

export type Servers = AsyncDisposable & { readonly mysql: Server; readonly nats: Server };

type Openers = Record<ServerKind, () => Promise<Server | undefined>>;

/**
 * Gives a MySQL (or MariaDB) and a NATS server with JetStream: those the environment names, else
 * private ones from programs on PATH, else containers, else private ones from packages it installs
 * as root on Debian and Ubuntu. Data is kept in the home. One process at a time may have a home's
 * servers.
 *
 * @throws ServersError with a text for the person at the terminal.
 */
export async function openServers(options: ServersOptions): Promise<Servers> {
  const { environment, durability, notify, signal } = options;
  const place: ServerPlace = {
    home: resolve(options.home),
    durability,
    notify,
    ...(options.access ? { access: options.access } : {}),
  };
  await using opening = new AsyncDisposableStack();
  const opened = new Map<ServerKind, Server>();
  const reasons: string[] = [];
  const missing = () => kinds.filter((kind) => !opened.has(kind));
  const open = async (openers: Openers) => {
    signal.throwIfAborted();
    const openOne = async (kind: ServerKind) => {
      const server = await openers[kind]();
      if (server === undefined) return;
      opened.set(kind, opening.use(server));
      notify(`${labels[kind]}: version ${server.version} at ${server.address}, ${server.found}`);
    };
    const outcomes = await Promise.allSettled(missing().map(openOne));
    signal.throwIfAborted();
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  };

  await open({
    mysql: () => useGivenMysql(environment.RESONANCE_MYSQL_URL),
    nats: () => useGivenNats(environment.RESONANCE_NATS_URL),
  });
  if (missing().length > 0) opening.use(lockHome(place.home));
  await open(fromPrograms(options, place, reasons));
  if (missing().length > 0) await open(await fromDocker(options, place, reasons));
  if (missing().length > 0 && (await installed(missing(), options, reasons))) {
    await open(fromPrograms(options, place, reasons));
  }

  const [mysql, nats] = kinds.map((kind) => opened.get(kind));
  if (mysql === undefined || nats === undefined) throw missingServers(missing(), reasons);
  const running = opening.move();
  return { mysql, nats, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const kinds = ["mysql", "nats"] as const satisfies readonly ServerKind[];

const labels = { mysql: "MySQL", nats: "NATS" } as const satisfies Record<ServerKind, string>;

function fromPrograms(options: ServersOptions, place: ServerPlace, reasons: string[]): Openers {
  const { environment, folders, programs, signal } = options;
  const find = async <Program>(
    named: string | undefined,
    names: string[],
    inspect: (path: string) => Promise<Program>,
  ): Promise<Program | undefined> => {
    if (named !== undefined) return inspect(named);
    const path = findProgram(names, environment, folders);
    if (path === undefined) reasons.push(`no ${names.join(" or ")} on PATH`);
    else {
      try {
        return await inspect(path);
      } catch (error) {
        if (!(error instanceof ServersError)) throw error;
        reasons.push(error.message);
      }
    }
    return undefined;
  };
  return {
    async mysql() {
      const program = await find(programs?.mysqld, ["mariadbd", "mysqld"], inspectMysqlProgram);
      return program && openPrivateMysql(program, place, signal);
    },
    async nats() {
      const program = await find(programs?.natsServer, ["nats-server"], inspectNatsProgram);
      return program && openPrivateNats(program, place, signal);
    },
  };
}

async function fromDocker(
  options: ServersOptions,
  place: ServerPlace,
  reasons: string[],
): Promise<Openers> {
  const engine = await findDockerEngine(options.environment, options.dockerSockets);
  if (engine.kind === "absent") {
    reasons.push(engine.reason);
    return { mysql: () => Promise.resolve(undefined), nats: () => Promise.resolve(undefined) };
  }
  // Only here: testcontainers takes longer to load than all the rest.
  const { openDockerMysql, openDockerNats } = await import("./docker-servers.ts");
  const run = async (openServer: typeof openDockerMysql, image: string) => {
    options.notify(`starting a container of ${image}, which may have to be fetched first`);
    try {
      return await openServer({ ...place, isLocal: engine.isLocal, image }, options.signal);
    } catch (error) {
      options.signal.throwIfAborted();
      const reason = `Docker could not run ${image}: ${reasonOf(error)}`;
      options.notify(reason);
      reasons.push(reason);
      return undefined;
    }
  };
  return {
    mysql: () => run(openDockerMysql, dockerImages.mysql),
    nats: () => run(openDockerNats, dockerImages.nats),
  };
}

const packages = {
  // The second and third are what older Ubuntu releases have.
  mysql: {
    packages: ["mariadb-server-core", "mariadb-server-core-10.6", "mysql-server-core-8.0"],
    units: [],
  },
  nats: { packages: ["nats-server"], units: ["nats-server.service"] },
} as const satisfies Record<ServerKind, Wanted>;

async function installed(
  missing: readonly ServerKind[],
  options: ServersOptions,
  reasons: string[],
): Promise<boolean> {
  const refusal = installRefusal(options.environment);
  if (refusal !== undefined) {
    reasons.push(refusal);
    return false;
  }
  try {
    await installPackages(
      missing.map((kind) => packages[kind]),
      options.notify,
    );
    return true;
  } catch (error) {
    reasons.push(reasonOf(error));
    return false;
  }
}
