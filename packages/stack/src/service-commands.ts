import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Environment } from "@resonance/kit";
import type { DatabaseUser } from "@resonance/migrations/accounts";
import { freePorts } from "@resonance/testkit";
import { serviceEntry } from "./project.ts";
import type { Secrets } from "./secrets.ts";
import type { ServiceCommand } from "./service-process.ts";

/** In the order in which they are started: Logic first, the door to the outside last. */
export const serviceNames = ["logic", "task", "bot", "gateway"] as const;

export type ServiceName = (typeof serviceNames)[number];

/** What every service of a stack is told; the ports are chosen once and stay over restarts. */
export async function serviceCommands(options: {
  readonly home: string;
  readonly httpPort: number;
  readonly mysqlUrls: Readonly<Record<DatabaseUser, string>>;
  readonly natsUrls: Readonly<Record<ServiceName, string>>;
  readonly secrets: Secrets;
  readonly stackFile: string;
  readonly webRoot: string;
  /** Handed on to the services where nothing here says otherwise. */
  readonly environment: Environment;
}): Promise<Record<ServiceName, ServiceCommand>> {
  const ports = await freePorts([
    "logicGrpc",
    "gatewayGrpc",
    "logicMetrics",
    "taskMetrics",
    "botMetrics",
    "gatewayMetrics",
  ]);
  const { secrets } = options;
  const mysqlUrlFile = (name: DatabaseUser) =>
    secrets.keepUrl(`mysql-${name}`, options.mysqlUrls[name]);
  const natsUrlFile = (name: ServiceName) =>
    secrets.keepUrl(`nats-${name}`, options.natsUrls[name]);
  const logicAddress = `127.0.0.1:${ports.logicGrpc}`;
  const command = (
    name: ServiceName,
    metricsPort: number,
    settings: Record<string, string>,
  ): ServiceCommand => {
    const metricsListen = `127.0.0.1:${metricsPort}`;
    const all = { ...settings, RESONANCE_METRICS_LISTEN: metricsListen };
    const outer = name === "bot" ? options.environment : withoutModel(options.environment);
    return {
      name,
      entry: serviceEntry(name),
      environment: overlay(outer, all),
      logFile: join(options.home, "logs", `${name}.log`),
      metricsUrl: `http://${metricsListen}/metrics`,
      ...(settings.RESONANCE_LOGIC_LISTEN === undefined ? {} : { address: logicAddress }),
    };
  };
  return {
    logic: command("logic", ports.logicMetrics, {
      RESONANCE_MYSQL_URL_FILE: await mysqlUrlFile("logic"),
      RESONANCE_NATS_URL_FILE: await natsUrlFile("logic"),
      RESONANCE_LOGIC_LISTEN: logicAddress,
      RESONANCE_AUTH_SECRET_KEY_FILE: secrets.authSecretKeyFile,
      RESONANCE_SERVICE_KEYS_FILE: secrets.serviceKeysFile,
      RESONANCE_AUDIT_KEY_FILE: secrets.auditKeyFile,
      RESONANCE_ADMIN_PASSWORD_FILE: secrets.adminPasswordFile,
    }),
    task: command("task", ports.taskMetrics, {
      RESONANCE_MYSQL_URL_FILE: await mysqlUrlFile("task"),
      RESONANCE_NATS_URL_FILE: await natsUrlFile("task"),
    }),
    bot: command("bot", ports.botMetrics, {
      RESONANCE_LOGIC_ADDRESS: logicAddress,
      RESONANCE_SERVICE_KEY_FILE: secrets.serviceKeyFiles.bot,
      RESONANCE_MYSQL_URL_FILE: await mysqlUrlFile("bot"),
      RESONANCE_AUDIT_KEY_FILE: secrets.auditKeyFile,
      RESONANCE_NATS_URL_FILE: await natsUrlFile("bot"),
      RESONANCE_STACK_FILE: options.stackFile,
      RESONANCE_BUILT_IN_POLICY: options.environment.RESONANCE_BUILT_IN_POLICY || "local",
    }),
    gateway: command("gateway", ports.gatewayMetrics, {
      RESONANCE_GATEWAY_ID: gatewayId(options.home),
      RESONANCE_HTTP_LISTEN: `127.0.0.1:${options.httpPort}`,
      RESONANCE_GATEWAY_LISTEN: `127.0.0.1:${ports.gatewayGrpc}`,
      RESONANCE_LOGIC_ADDRESS: logicAddress,
      RESONANCE_SERVICE_KEY_FILE: secrets.serviceKeyFiles.gateway,
      RESONANCE_SERVICE_KEYS_FILE: secrets.serviceKeysFile,
      RESONANCE_NATS_URL_FILE: await natsUrlFile("gateway"),
      RESONANCE_WEB_ROOT: options.webRoot,
    }),
  };
}

/** The same at every start, and another one for every stack that shares the servers. */
function gatewayId(home: string): string {
  const place = createHash("sha256").update(`${hostname()}\n${home}`).digest("hex");
  return `gateway-service-${place.slice(0, 12)}`;
}

const modelSettings =
  /^(ANTHROPIC_\w+|RESONANCE_(BRAIN|MODEL|FALLBACK_BRAIN|FALLBACK_MODEL)(_\w+)?)$/;

/** Which model is asked, and with which key, is the bot's business alone. */
export function withoutModel(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !modelSettings.test(name)),
  );
}

/**
 * The environment with these settings. For each `X`, the outer `X` and `X_FILE` are both dropped:
 * a service prefers the one that is set.
 */
export function overlay(environment: Environment, settings: Record<string, string>): Environment {
  const merged: Record<string, string | undefined> = { ...environment };
  for (const key of Object.keys(settings)) {
    const name = key.replace(/_FILE$/, "");
    delete merged[name];
    delete merged[`${name}_FILE`];
  }
  return { ...merged, ...settings };
}
