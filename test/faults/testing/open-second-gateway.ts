import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SupervisedService } from "@resonance/stack";
import { freePort } from "@resonance/testkit";
import { openTcpProxy, type TcpProxy } from "@resonance/testkit/vitest";
import type { Bench } from "./open-bench.ts";

/** One more gateway of a bench, with a proxy on each of its sides. */
export type SecondGateway = AsyncDisposable & {
  /** Where clients connect without the proxy. */
  readonly url: string;
  /** Where they connect through `clients`. */
  readonly proxiedUrl: string;
  /** Between clients and the gateway. */
  readonly clients: TcpProxy;
  /** Between the gateway and Logic. */
  readonly logic: TcpProxy;
  readonly service: SupervisedService;
  /** The sum of a metric's values over its labels. */
  metric(name: string): Promise<number>;
};

const gatewayEntry = join(import.meta.dirname, "../../../services/gateway/src/main.ts");

/** @param environment further settings; those of a third one name another id */
export async function openSecondGateway(
  bench: Bench,
  environment: NodeJS.ProcessEnv = {},
): Promise<SecondGateway> {
  const id = environment.RESONANCE_GATEWAY_ID ?? "second";
  await using opening = new AsyncDisposableStack();
  const { stack, nats } = bench;
  const logic = opening.use(await openTcpProxy(await logicPort(stack.services.logic.logFile)));
  const httpPort = await freePort();
  const metricsPort = await freePort();
  const secrets = join(stack.home, "secrets");
  const service = opening.use(
    new SupervisedService(
      {
        name: `gateway-${id}`,
        entry: gatewayEntry,
        environment: {
          ...process.env,
          RESONANCE_GATEWAY_ID: id,
          RESONANCE_HTTP_LISTEN: `127.0.0.1:${httpPort}`,
          RESONANCE_GATEWAY_LISTEN: "127.0.0.1:0",
          RESONANCE_METRICS_LISTEN: `127.0.0.1:${metricsPort}`,
          RESONANCE_LOGIC_ADDRESS: `127.0.0.1:${logic.port}`,
          RESONANCE_SERVICE_KEY_FILE: join(secrets, "gateway-service-key"),
          RESONANCE_SERVICE_KEYS_FILE: join(secrets, "service-keys.json"),
          RESONANCE_NATS_URL: nats.url,
          ...environment,
        },
        logFile: join(stack.home, "logs", `gateway-${id}.log`),
        metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
      },
      { changed: () => undefined, notify: () => undefined },
    ),
  );
  await service.start(AbortSignal.timeout(60_000));
  const clients = opening.use(await openTcpProxy(httpPort));
  const open = opening.move();
  return {
    url: `http://localhost:${httpPort}`,
    proxiedUrl: `http://localhost:${clients.port}`,
    clients,
    logic,
    service,
    metric: async (name) => {
      const text = await (await fetch(service.metricsUrl)).text();
      const values = text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "gm"));
      return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** A service says in its log where it listens. */
async function logicPort(logFile: string): Promise<number> {
  const [, port] = /"port":(\d+)/.exec(await readFile(logFile, "utf8")) ?? [];
  if (port === undefined) throw new Error(`no port in ${logFile}`);
  return Number(port);
}
