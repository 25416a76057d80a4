import { createDeliver, openBus } from "@resonance/bus";
import { openDatabase } from "@resonance/db";
import { openMetrics, readConfig, type ServiceContext } from "@resonance/kit";
import { Audiences } from "./audiences.ts";
import { Config } from "./config.ts";
import { consumePushes } from "./consume-pushes.ts";
import { createTaskMetrics } from "./metrics.ts";
import { relayPresence } from "./relay-presence.ts";
import { relayProgress } from "./relay-progress.ts";
import { relayTyping } from "./relay-typing.ts";

/**
 * Opens Task, once NATS is there: then its consumer is declared. Disposing finishes the batch in hand, then closes the bus
 * and the pool.
 */
export async function start(context: ServiceContext): Promise<AsyncDisposable> {
  const { log } = context;
  const config = readConfig(Config, context.environment);
  await using stack = new AsyncDisposableStack();

  const metrics = stack.use(await openMetrics("task", config.RESONANCE_METRICS_LISTEN));
  const db = stack.use(
    openDatabase(config.RESONANCE_MYSQL_URL, { poolSize: config.RESONANCE_MYSQL_POOL_SIZE }),
  );
  const bus = stack.use(openBus({ url: config.RESONANCE_NATS_URL, name: "task", log }));
  await bus.ready();
  const deliver = createDeliver(bus);

  const relaying = { db, bus, log, deliver };
  stack.use(relayProgress(relaying));
  stack.use(relayTyping(relaying));
  stack.use(relayPresence(relaying));
  // What is published from now on is heard.
  await (await bus.connected()).flush();
  const stop = new AbortController();
  const opened = Promise.withResolvers<void>();
  const consuming = consumePushes(
    {
      db,
      bus,
      log,
      deliver,
      audiences: new Audiences(db, config.RESONANCE_LARGE_ROOM_INBOXES),
      metrics: createTaskMetrics(metrics.registry),
      onOpen: opened.resolve,
    },
    stop.signal,
  );
  await Promise.race([opened.promise, consuming]);
  // A consumer that ends by itself is a crash: the process must not live on deaf.
  consuming.catch((error: unknown) => {
    queueMicrotask(() => {
      throw error;
    });
  });
  stack.defer(async () => {
    stop.abort();
    await consuming;
  });
  log.info({ metrics: metrics.url }, "consuming");
  return stack.move();
}
