import { natsAuthorization } from "@resonance/bus";
import type { Environment } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import { type DatabaseUser, grantAccounts } from "@resonance/migrations/accounts";
import { openServers, type ServerAccess } from "@resonance/testkit";
import { allOrNone } from "./all-or-none.ts";
import { buildPage, pageFolder } from "./build-page.ts";
import { openHomeLock } from "./home-lock.ts";
import { awaitLeftovers } from "./leftovers.ts";
import { assertHttpPortFree } from "./ports.ts";
import { openSecrets, type Secrets } from "./secrets.ts";
import { type ServiceName, serviceCommands } from "./service-commands.ts";
import type { StackEvent } from "./stack-event.ts";
import { StackState } from "./stack-state.ts";
import { SupervisedServer } from "./supervised-server.ts";
import { SupervisedService } from "./supervised-service.ts";

export type StackOptions = {
  /** Absolute path of the folder for data, secrets and logs; made if absent. */
  readonly home: string;
  readonly httpPort: number;
  /** Names servers to use; handed on to the services. */
  readonly environment: Environment;
  readonly notify: (event: StackEvent) => void;
  /** Ends the opening. An open stack stays until it is disposed. */
  readonly signal: AbortSignal;
};

/**
 * A running Resonance. Disposing stops gateway, bot, task, logic and then the servers, in this
 * order; the data stays.
 */
export type Stack = AsyncDisposable & {
  /** Where the page is. */
  readonly url: string;
  readonly home: string;
  readonly adminPassword: string;
  /** With the database's name, and with an account that may do anything. */
  readonly mysqlUrl: string;
  readonly natsUrl: string;
  /** Path of `run/services.json`. */
  readonly stackFile: string;
  readonly services: Readonly<Record<ServiceName, SupervisedService>>;
};

const database = "resonance";

/**
 * Brings up everything: servers, tables, page, then the services as processes of their own, and
 * keeps them running. Returns when all of them serve; if something fails, what was started is
 * stopped again.
 *
 * @throws StartError, or ServersError of testkit, or ChatError of the migrations, each with a
 * message for the person at the terminal; the signal's reason.
 */
export async function openStack(options: StackOptions): Promise<Stack> {
  const { home, httpPort, environment, notify, signal } = options;
  signal.throwIfAborted();
  const url = `http://localhost:${httpPort}`;
  await using opening = new AsyncDisposableStack();
  const lock = opening.use(openHomeLock(home, url));
  if (lock.isTakenOver) notify({ kind: "took_over" });
  await awaitLeftovers(lock.leftovers, signal);
  await assertHttpPortFree(httpPort, signal);
  const secrets = await openSecrets(home);
  const state = opening.use(new StackState(home, lock, notify));

  const { mysqlUrls, natsUrls, ...addresses } = await openGround(options, secrets, state, opening);
  const commands = await serviceCommands({
    home,
    httpPort,
    mysqlUrls,
    natsUrls,
    secrets,
    stackFile: state.file,
    webRoot: pageFolder,
    environment,
  });
  const hooks = { changed: () => state.write(), notify };
  const all: SupervisedService[] = [];
  opening.use(endWithProcess(all));
  const restart = (name: string) => {
    const wanted = all.find((service) => service.name === name);
    if (!wanted) return;
    notify({ kind: "restart_requested", service: name });
    wanted
      .recycle()
      .catch((error: unknown) =>
        notify({ kind: "service_lost", service: name, reason: String(error) }),
      );
  };
  const supervise = (name: ServiceName) => {
    // The bot alone, which does so when somebody has approved it.
    const asks = name === "bot" ? { onRestartRequest: restart } : {};
    const service = opening.use(new SupervisedService({ ...commands[name], ...asks }, hooks));
    all.push(service);
    return service;
  };
  const services = {
    // They are stopped in the reverse of this order.
    logic: supervise("logic"),
    task: supervise("task"),
    bot: supervise("bot"),
    gateway: supervise("gateway"),
  } satisfies Record<ServiceName, SupervisedService>;
  state.watchServices(all);
  await services.logic.start(signal);
  const others = [services.task, services.bot, services.gateway];
  await allOrNone(
    others.map((service) => (both) => service.start(both)),
    signal,
  );

  const open = opening.move();
  return {
    url,
    home,
    adminPassword: secrets.adminPassword,
    ...addresses,
    stackFile: state.file,
    services,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** What the services stand on: servers with the tables made, and the page they serve. */
async function openGround(
  options: StackOptions,
  secrets: Secrets,
  state: StackState,
  opening: AsyncDisposableStack,
): Promise<Addresses> {
  const { home, environment, notify } = options;
  let addresses: Addresses | undefined;
  const openDatabase = async (signal: AbortSignal) => {
    const note = (text: string) => notify({ kind: "server_note", text });
    const servers = opening.use(
      await openServers({
        home,
        durability: "durable",
        environment,
        notify: note,
        access: accessOf(secrets),
        signal,
      }),
    );
    const hooks = { changed: () => state.write(), notify };
    const { mysql, nats } = servers;
    state.watchServers([
      opening.use(new SupervisedServer("mysql", mysql, hooks)),
      opening.use(new SupervisedServer("nats", nats, hooks)),
    ]);
    const mysqlUrl = withDatabase(servers.mysql.url);
    const natsUrl = servers.nats.url;
    // For `npm run migrate`: the services' accounts may not change tables. A given server's owner
    // names the account there, too.
    if (environment.RESONANCE_MYSQL_URL) await secrets.forgetUrl("mysql-owner");
    else await secrets.keepUrl("mysql-owner", mysqlUrl);
    await migrateDatabase(mysqlUrl, notify, signal);
    addresses = {
      mysqlUrl,
      natsUrl,
      mysqlUrls: await databaseUrls(mysqlUrl, environment, secrets),
      natsUrls: busUrls(natsUrl, environment, secrets),
    };
  };
  const openPage = (signal: AbortSignal) =>
    buildPage(environment, () => notify({ kind: "building_page" }), signal);
  await allOrNone([openDatabase, openPage], options.signal);
  if (!addresses) throw new TypeError("the servers are open and have no address");
  return addresses;
}

type Addresses = {
  readonly mysqlUrl: string;
  readonly natsUrl: string;
  readonly mysqlUrls: Readonly<Record<DatabaseUser, string>>;
  readonly natsUrls: Readonly<Record<ServiceName, string>>;
};

/** Whoever is no part of the stack finds the private servers shut. */
function accessOf({ mysqlRootPassword, natsPasswords }: Secrets): ServerAccess {
  return {
    mysqlRootPassword,
    nats: {
      authorization: natsAuthorization((user) => natsPasswords[user]),
      user: "operator",
      password: natsPasswords.operator,
    },
  };
}

/** On a server of ours each service has an account; a given server's is its owner's business. */
async function databaseUrls(
  mysqlUrl: string,
  environment: Environment,
  secrets: Secrets,
): Promise<Addresses["mysqlUrls"]> {
  if (environment.RESONANCE_MYSQL_URL) return { logic: mysqlUrl, task: mysqlUrl, bot: mysqlUrl };
  return await grantAccounts(mysqlUrl, (user) => secrets.mysqlPasswords[user]);
}

function busUrls(natsUrl: string, environment: Environment, secrets: Secrets) {
  const urlOf = (name: ServiceName) => {
    // A given server has the accounts that its owner gives it.
    if (environment.RESONANCE_NATS_URL) return natsUrl;
    const url = new URL(natsUrl);
    url.username = name;
    url.password = encodeURIComponent(secrets.natsPasswords[name]);
    return url.href;
  };
  return {
    logic: urlOf("logic"),
    task: urlOf("task"),
    bot: urlOf("bot"),
    gateway: urlOf("gateway"),
  } satisfies Addresses["natsUrls"];
}

async function migrateDatabase(
  url: string,
  notify: StackOptions["notify"],
  signal: AbortSignal,
): Promise<void> {
  const note = (text: string) => {
    // Which file is being applied interests nobody here: how many there were is said below.
    if (!text.startsWith("applying ")) notify({ kind: "server_note", text: `database: ${text}` });
  };
  const { applied } = await migrate({ url, notify: note, signal });
  notify({ kind: "migrated", applied: applied.length });
}

/** A URL that names no database gets ours. */
function withDatabase(mysqlUrl: string): string {
  const url = new URL(mysqlUrl);
  if (url.pathname === "" || url.pathname === "/") url.pathname = `/${database}`;
  return url.href;
}

/** However this process ends, as long as it can still do something, its services end with it. */
function endWithProcess(services: readonly SupervisedService[]): Disposable {
  const abandonAll = () => {
    for (const service of services) service.abandon();
  };
  process.on("exit", abandonAll);
  return { [Symbol.dispose]: () => void process.off("exit", abandonAll) };
}
