import { setTimeout as delay } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import { AuditLog } from "@resonance/audit";
import { type Bus, createDeliver, openBus, queueState } from "@resonance/bus";
import { openDatabase } from "@resonance/db";
import { openMetrics, openTracing, readConfig, type ServiceContext } from "@resonance/kit";
import { PresenceEventSchema, topicOf } from "@resonance/mq-proto";
import { createCallerCheck, openRpcServer } from "@resonance/rpc";
import { startBotWatchdog } from "./bot-watchdog.ts";
import { Config } from "./config.ts";
import { DirectDelivery } from "./direct-delivery.ts";
import { ensureAdmin } from "./ensure-admin.ts";
import { startForgettingRoutes } from "./forget-routes.ts";
import { GatewayCalls } from "./gateway-calls.ts";
import { IdGenerator } from "./ids.ts";
import { openMessageStore, openStorePipeline } from "./message-store.ts";
import {
  createDeadLetterMetrics,
  createOutboxMetrics,
  createSendMetrics,
  registerOutboxGauge,
  registerSystemGauges,
} from "./metrics.ts";
import { openOutbox } from "./outbox.ts";
import { openPasswords } from "./passwords.ts";
import { services } from "./services.ts";
import { startPurgingSignIns } from "./sign-in/purge-sign-ins.ts";
import { countPending } from "./sql/outbox.ts";
import { countSlowQueries } from "./sql/system-status.ts";
import { createTokens } from "./tokens.ts";
import { openWorkerLease } from "./worker-lease.ts";

const natsWithinMs = 2_000;

/**
 * Opens Logic. Disposing closes in reverse: calls finish, the outbox is flushed, the pool ends.
 *
 * @throws Error when NATS is there and makes of the stream something else than was asked for.
 */
export async function start(context: ServiceContext): Promise<AsyncDisposable> {
  const { log, signal } = context;
  const config = readConfig(Config, context.environment);
  await using stack = new AsyncDisposableStack();

  const metrics = stack.use(await openMetrics("logic", config.RESONANCE_METRICS_LISTEN));
  const tracing = await openTracing("logic", context.environment, log);
  stack.use(tracing);
  const db = stack.use(
    openDatabase(config.RESONANCE_MYSQL_URL, { poolSize: config.RESONANCE_MYSQL_POOL_SIZE }),
  );
  const bus = stack.use(openBus({ url: config.RESONANCE_NATS_URL, name: "logic", log }));
  await checkStreamIfThere(bus, signal);
  stack.use(startForgettingRoutes({ db, log }));
  const lease = stack.use(await openWorkerLease(db, log));
  const outbox = stack.use(
    openOutbox(
      { db, bus, log, metrics: createOutboxMetrics(metrics.registry) },
      { manyRows: config.RESONANCE_OUTBOX_MANY_ROWS || Number.POSITIVE_INFINITY },
    ),
  );
  const ids = new IdGenerator(lease.workerId, lease.valid);
  const common = { db, outbox, nextMsgId: () => ids.next(), nowMs: Date.now };
  const pipeline = stack.use(openStorePipeline(config.RESONANCE_MYSQL_URL));
  const gatewayCalls = new GatewayCalls(createDeliver(bus));
  const delivery = new DirectDelivery(bus, gatewayCalls.deliver);
  const messageStore = stack.use(openMessageStore({ ...common, delivery, pipeline }));
  stack.use(
    startBotWatchdog({ db, messageStore, deadlineMs: config.RESONANCE_BOT_DEADLINE_MS, log }),
  );
  const passwords = await openPasswords(config.RESONANCE_PASSWORD_COST);
  const tokens = createTokens(
    config.RESONANCE_AUTH_SECRET_KEY,
    Date.now,
    config.RESONANCE_ACCESS_TOKEN_SECONDS,
  );
  stack.use(startPurgingSignIns(db, log));
  const audit = new AuditLog(db, config.RESONANCE_AUDIT_KEY);
  const deps = { ...common, audit, bus, gatewayCalls, messageStore, passwords, tokens, log };

  registerOutboxGauge(metrics.registry, () => countPending(db));
  registerSystemGauges(metrics.registry, {
    queueState: () => queueState(bus),
    countSlowQueries: () => countSlowQueries(db),
  });
  if (config.RESONANCE_ADMIN_PASSWORD !== undefined) {
    await ensureAdmin(deps, config.RESONANCE_ADMIN_PASSWORD, log, signal);
  }
  const server = stack.use(
    await openRpcServer({
      listen: config.RESONANCE_LOGIC_LISTEN,
      services: services({
        ...deps,
        announcePresence: (usernames) => {
          const event = create(PresenceEventSchema, { usernames: [...usernames] });
          bus.publish(topicOf(PresenceEventSchema), toBinary(PresenceEventSchema, event));
        },
        sendMetrics: createSendMetrics(metrics.registry),
        deadLetterMetrics: createDeadLetterMetrics(metrics.registry),
        tracing,
      }),
      callers: createCallerCheck({
        self: "logic",
        keys: config.RESONANCE_SERVICE_KEYS,
        withoutKey: config.RESONANCE_CALLERS_WITHOUT_KEY,
      }),
      log,
    }),
  );
  log.info({ port: server.port, metrics: metrics.url, workerId: lease.workerId() }, "serving");
  return stack.move();
}

/** Without NATS Logic serves all the same: what is sent waits in the outbox. */
async function checkStreamIfThere(bus: Bus, signal: AbortSignal): Promise<void> {
  await Promise.race([bus.ready(), delay(natsWithinMs, undefined, { ref: false, signal })]);
}
