import { setTimeout as delay } from "node:timers/promises";
import { type Bus, openBus } from "@resonance/bus";
import { openMetrics, openTracing, readConfig, type ServiceContext } from "@resonance/kit";
import { PushService } from "@resonance/mq-proto/gateway";
import { createCallerCheck, implement, openRpcServer, openServiceCredential } from "@resonance/rpc";
import { Config } from "./config.ts";
import type { KeepAlive } from "./connection.ts";
import { Connections } from "./connections.ts";
import { deliverAll, subscribeDeliveries } from "./deliver.ts";
import { LimitedLog } from "./limited-log.ts";
import { Limits } from "./limits.ts";
import { listening } from "./listening.ts";
import { openLogicClients } from "./logic-clients.ts";
import { createGatewayMetrics } from "./metrics.ts";
import { onRequest } from "./on-request.ts";
import { openHttpServer } from "./open-http-server.ts";
import { openWebSockets } from "./open-web-sockets.ts";
import { Presence } from "./presence.ts";
import { push } from "./push.ts";
import { serveApi } from "./serve-api.ts";
import { serveWeb } from "./serve-web.ts";
import { tellOfBreaks } from "./tell-of-breaks.ts";
import { createTypingHints } from "./typing-hints.ts";
import { watchRevocations } from "./watch-revocations.ts";

export type Gateway = AsyncDisposable & {
  /** Of HTTP and WebSocket. */
  readonly httpPort: number;
  /** Of PushService. */
  readonly pushPort: number;
  readonly metricsUrl: string;
};

/** Whoever falls silent is offline within 60 s: what is seen at a check may be 5 s old by then. */
export const usualKeepAlive: KeepAlive = {
  checkEveryMs: 5_000,
  pingEveryMs: 20_000,
  deadAfterMs: 45_000,
};

const natsWithinMs = 2_000;

/**
 * Opens the gateway. Neither Logic nor NATS need be there yet. Disposing stops accepting, answers
 * what was taken, drops the connections so that clients go elsewhere, and reports them offline.
 *
 * @throws ConfigError for a bad setting or an address that is taken.
 */
export async function start(
  { environment, log, signal }: ServiceContext,
  keepAlive: KeepAlive = usualKeepAlive,
): Promise<Gateway> {
  const config = readConfig(Config, environment);
  const allowedOrigins = config.RESONANCE_ALLOWED_ORIGINS;
  const gatewayId = config.RESONANCE_GATEWAY_ID;
  const web = serveWeb(config.RESONANCE_WEB_ROOT);

  await using stack = new AsyncDisposableStack();
  const { registry, url: metricsUrl } = stack.use(
    await listening("RESONANCE_METRICS_LISTEN", config.RESONANCE_METRICS_LISTEN, (listen) =>
      openMetrics("gateway", listen),
    ),
  );
  const tracing = await openTracing("gateway", environment, log);
  stack.use(tracing);
  const logic = stack.use(
    openLogicClients(
      config.RESONANCE_LOGIC_ADDRESS,
      openServiceCredential("gateway", "logic", config.RESONANCE_SERVICE_KEY),
      {
        gatewayId,
        deliver: (items) => deliverAll(deps, () => items),
        broken: () => breaks.tell(),
      },
    ),
  );
  const bus = stack.use(
    openBus({
      url: config.RESONANCE_NATS_URL,
      name: `gateway-${gatewayId}`,
      log,
      declares: false,
    }),
  );
  const presence = stack.use(new Presence({ logic, gatewayId, log }));
  const connections = new Connections(presence);
  const metrics = createGatewayMetrics(registry, () => connections.size);
  const limitedLog = new LimitedLog(log);
  const limits = new Limits({ ...limitsOf(config), metrics, limitedLog });
  const typing = createTypingHints(bus);
  const deps = {
    logic,
    connections,
    limits,
    typing,
    allowedOrigins,
    metrics,
    tracing,
    log,
    limitedLog,
  };
  stack.use(subscribeDeliveries({ ...deps, bus }, gatewayId));
  const breaks = stack.use(tellOfBreaks({ ...deps, bus, presence }));
  await waitForBus(bus, signal);
  const pushServer = stack.use(
    await listening("RESONANCE_GATEWAY_LISTEN", config.RESONANCE_GATEWAY_LISTEN, (listen) =>
      openRpcServer({
        listen,
        services: [
          implement(PushService, { push: (request) => push(deps, request) }, { of: ["task"] }),
        ],
        callers: createCallerCheck({
          self: "gateway",
          keys: config.RESONANCE_SERVICE_KEYS,
          withoutKey: config.RESONANCE_CALLERS_WITHOUT_KEY,
        }),
        log,
      }),
    ),
  );
  const sockets = stack.use(openWebSockets({ ...deps, keepAlive }));
  const serving = { ...deps, serveApi: serveApi(deps), serveWeb: web };
  const http = stack.use(
    await listening("RESONANCE_HTTP_LISTEN", config.RESONANCE_HTTP_LISTEN, (listen) =>
      openHttpServer(listen, {
        request: (request, response) => onRequest(serving, request, response),
        upgrade: sockets.upgrade,
      }),
    ),
  );

  stack.use(watchRevocations(deps));
  presence.begin();
  const owned = stack.move();
  const ports = { httpPort: http.port, pushPort: pushServer.port };
  log.info({ gatewayId, ...ports, metricsUrl }, "listening");
  return { ...ports, metricsUrl, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function limitsOf(config: Config) {
  return {
    trustedProxies: config.RESONANCE_TRUSTED_PROXIES,
    rates: {
      requests: config.RESONANCE_LIMIT_REQUESTS_PER_IP,
      sign_ins: config.RESONANCE_LIMIT_SIGN_INS_PER_IP,
      calls: config.RESONANCE_LIMIT_CALLS_PER_USER,
      messages: config.RESONANCE_LIMIT_MESSAGES_PER_USER,
    },
  };
}

/** Clients who come after this miss no delivery; should NATS be away, they come all the same. */
async function waitForBus(bus: Bus, signal: AbortSignal): Promise<void> {
  const subscribed = bus.connected().then((connection) => connection.flush());
  await Promise.race([subscribed, delay(natsWithinMs, undefined, { ref: false, signal })]);
}
