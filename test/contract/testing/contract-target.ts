import { exec } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { openServiceCredential } from "@resonance/rpc";
import { openTestStack } from "../../testing/open-test-stack.ts";

/** The implementation under test, as far as it can be seen from outside. */
export type ContractTarget = AsyncDisposable & {
  readonly httpUrl: string;
  readonly natsUrl: string;
  readonly mysqlUrl: string;
  /** `host:port` of Logic's gRPC. */
  readonly logicAddress: string;
  /** `host:port` of PushService. */
  readonly gatewayAddress: string;
  /** Lets the gateway's calls into Logic, and Task's into the gateway; undefined without keys. */
  readonly tokenOf: (caller: "gateway" | "task") => Promise<string | undefined>;
  /** An origin other than the gateway's own whose pages may use it. */
  readonly origin: string;
  stop(service: Stoppable): Promise<void>;
  start(service: Stoppable): Promise<void>;
};

type Stoppable = "logic" | "task";

/** What a case needs beyond HTTP, NATS and MySQL when it is pointed at another implementation. */
type Variable =
  | "CONTRACT_LOGIC_ADDRESS"
  | "CONTRACT_GATEWAY_ADDRESS"
  | "CONTRACT_STOP_LOGIC"
  | "CONTRACT_START_LOGIC"
  | "CONTRACT_STOP_TASK"
  | "CONTRACT_START_TASK";

const { env } = process;
const isGiven = Boolean(env.CONTRACT_HTTP_URL);

/** Whether another implementation is tested, of which one of these is not said. */
export function isUntold(...variables: readonly Variable[]): boolean {
  return isGiven && variables.some((name) => !env[name]);
}

/** What CONTRACT_HTTP_URL and its companions name, or without it a stack of our own. */
export async function openContractTarget(): Promise<ContractTarget> {
  return isGiven ? givenTarget() : await openOwnTarget();
}

function givenTarget(): ContractTarget {
  return {
    httpUrl: needed("CONTRACT_HTTP_URL").replace(/\/$/, ""),
    natsUrl: needed("CONTRACT_NATS_URL"),
    mysqlUrl: needed("CONTRACT_MYSQL_URL"),
    logicAddress: env.CONTRACT_LOGIC_ADDRESS ?? "",
    gatewayAddress: env.CONTRACT_GATEWAY_ADDRESS ?? "",
    tokenOf: async (caller) =>
      env.CONTRACT_SECRETS ? await tokenOf(caller, env.CONTRACT_SECRETS) : undefined,
    origin: env.CONTRACT_ORIGIN ?? "https://chat.example",
    stop: (service) => run(needed(`CONTRACT_STOP_${service.toUpperCase()}`)),
    start: (service) => run(needed(`CONTRACT_START_${service.toUpperCase()}`)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openOwnTarget(): Promise<ContractTarget> {
  const origin = "https://chat.example";
  const stack = await openTestStack({ RESONANCE_ALLOWED_ORIGINS: origin });
  const { logic, gateway } = stack.services;
  const patience = () => AbortSignal.timeout(30_000);
  return {
    httpUrl: stack.url,
    natsUrl: stack.natsUrl,
    mysqlUrl: stack.mysqlUrl,
    logicAddress: `127.0.0.1:${await loggedPort(logic.logFile, "port")}`,
    gatewayAddress: `127.0.0.1:${await loggedPort(gateway.logFile, "pushPort")}`,
    tokenOf: (caller) => tokenOf(caller, join(stack.home, "secrets")),
    origin,
    stop: async (service) => {
      await stack.services[service].stop(patience());
    },
    start: (service) => stack.services[service].start(patience()),
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

async function tokenOf(caller: "gateway" | "task", folder: string): Promise<string> {
  const key = await readFile(join(folder, `${caller}-service-key`), "utf8");
  return await openServiceCredential(
    caller,
    caller === "gateway" ? "logic" : "gateway",
    key,
  ).token();
}

/** A service says in its log where it listens. */
async function loggedPort(logFile: string, field: string): Promise<number> {
  const [, port] = new RegExp(`"${field}":(\\d+)`).exec(await readFile(logFile, "utf8")) ?? [];
  if (port === undefined) throw new Error(`no ${field} in ${logFile}`);
  return Number(port);
}

function needed(name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

async function run(command: string): Promise<void> {
  await promisify(exec)(command, { timeout: 60_000 });
}
