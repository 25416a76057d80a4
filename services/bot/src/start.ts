import { setTimeout as delay } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import { type Bus, consume, openBus } from "@resonance/bus";
import { type Database, openDatabase, openPipeline } from "@resonance/db";
import {
  type Logger,
  openMetrics,
  openTracing,
  readConfig,
  type ServiceContext,
  startRepeating,
} from "@resonance/kit";
import { BotEventSchema, ProgressEventSchema, parseUsername, topicOf } from "@resonance/mq-proto";
import type { DeadLetterService } from "@resonance/mq-proto/logic";
import { openBackends, openRestarter, type Restarter } from "@resonance/ops-mcp";
import { redaction } from "@resonance/redact";
import type { RpcClient } from "@resonance/rpc";
import type { z } from "zod";
import { answer } from "./answer.ts";
import { type Brains, chooseBrains } from "./brain/choose-brain.ts";
import { localOnlyRules } from "./brain/local-only-rules.ts";
import type { BrainPort } from "./brain/model-port.ts";
import { watchedBrain } from "./brain/watched-brain.ts";
import { Config } from "./config.ts";
import { EarlyHistory } from "./context/early-history.ts";
import { openLogicClients } from "./logic-clients.ts";
import { createBotMetrics } from "./metrics.ts";
import { type NoticeDeps, notice } from "./notice.ts";
import { openTrust } from "./open-trust.ts";
import { Progress, type ProgressOf } from "./progress.ts";
import { waiting } from "./progress-text.ts";
import { Worker } from "./runs/worker.ts";
import { deleteExpiredArtifacts } from "./sql/artifacts.ts";
import { deleteOldRuns, listTold } from "./sql/runs.ts";
import { joinSources } from "./tools/join-sources.ts";
import { openSources } from "./tools/open-sources.ts";
import type { ToolSource } from "./tools/tool-source.ts";

const ackWaitMs = 30_000;
const natsWithinMs = 2_000;
const noticedAtOnce = 64;
/** One of them for what is put on record, the others for claims. */
const pipelinedConnections = 4;
const toolTimeoutMs = 30_000;
const purgeEveryMs = 600_000;
const purgedAtOnce = 1_000;
/** What people's own models are mostly run with, and what of a large window is worth its price. */
const usualWindowTokens = {
  anthropic: 100_000,
  "openai-compatible": 32_000,
  offline: 100_000,
} as const satisfies Record<BrainPort["name"], number>;

/**
 * Opens the bot. Database, Logic and NATS need not be there yet. Disposing gives unfinished runs
 * back: the next worker goes on with them.
 *
 * @param given used instead of what the configuration names
 */
export async function start(
  context: ServiceContext,
  given: { readonly brain?: BrainPort; readonly sources?: readonly ToolSource[] } = {},
): Promise<AsyncDisposable> {
  const { log } = context;
  const config = readConfig(Config, context.environment);
  await using stack = new AsyncDisposableStack();

  const exposed = stack.use(await openMetrics("bot", config.RESONANCE_METRICS_LISTEN));
  const metrics = createBotMetrics(exposed.registry);
  const tracing = await openTracing("bot", context.environment, log);
  stack.use(tracing);
  const db = stack.use(openDatabase(config.RESONANCE_MYSQL_URL));
  const pipeline = stack.use(
    openPipeline(config.RESONANCE_MYSQL_URL, { poolSize: pipelinedConnections }),
  );
  const logic = stack.use(openLogicClients(config));
  const bus = stack.use(openBus({ url: config.RESONANCE_NATS_URL, name: "bot", log }));
  const me = parseUsername("ops-bot");
  const progress = stack.use(
    new Progress(
      (run, text) => publishProgress(bus, run, redaction.text(text)),
      (msgIds) => listTold(db, { bot: me, owner: worker.owner, msgIds }),
      log,
    ),
  );
  const backends = openBackends(config);
  const trust = await openTrust({
    stack,
    config,
    db,
    pipeline,
    chat: logic.chat,
    bot: me,
    restarter: openRestarterOf(config, backends),
    redaction,
    metrics,
    log,
  });
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const watch = (brain: BrainPort) =>
    watchedBrain(brain, { metrics, tracing, policy: trust.policy });
  const brains = given.brain
    ? brainsOf(given.brain)
    : chooseBrains(config, { timeZone, watch, log });
  const brain = brains.any;
  const contextMessages = config.RESONANCE_BOT_CONTEXT_MESSAGES;
  const history = stack.use(new EarlyHistory({ ...logic, contextMessages }));
  const deps = {
    me,
    db,
    pipeline,
    ...logic,
    brains,
    defaultPolicy: config.RESONANCE_BOT_DATA_POLICY,
    pseudonymKey: config.RESONANCE_SERVICE_KEY,
    tools: stack.use(
      joinSources(given.sources ?? openSources({ stack, config, backends, context, logic, db })),
    ),
    ...trust,
    redaction,
    progress,
    metrics,
    tracing,
    toolTimeoutMs,
    deadlineMs: config.RESONANCE_BOT_DEADLINE_MS,
    contextMessages,
    history,
    contextTokens: config.RESONANCE_BOT_CONTEXT_TOKENS ?? usualWindowTokens[brain.name],
    log,
  };
  const worker: Worker = stack.use(
    new Worker({
      ...deps,
      bot: deps.me,
      slots: config.RESONANCE_BOT_CONCURRENCY,
      leaseMs: config.RESONANCE_BOT_LEASE_MS,
      whileClaiming: (run) => history.begin(run),
      perform: (run, owner, signals) =>
        answer(
          { ...deps, noticeCancelled: (sessionId) => worker.noticeCancelled(sessionId) },
          run,
          owner,
          signals,
        ),
      onWaiting: (run, position) => progress.tell(run, waiting(position, run.language)),
    }),
  );
  stack.use(purging(db, log));
  const noticing: NoticeDeps = {
    ...deps,
    take: (run) => worker.take(run),
    wake: (sessionId) => worker.wake(sessionId),
  };
  stack.use(await startConsuming(bus, logic.deadLetters, noticing, context.signal));
  log.info({ metrics: exposed.url, brain: brain.name, model: brain.model }, "consuming");
  return stack.move();
}

function brainsOf(brain: BrainPort): Brains {
  return { any: brain, localOnly: brain.reach === "local" ? brain : localOnlyRules };
}

/** What can be restarted: by whoever runs this process, and in the cluster. */
function openRestarterOf(
  config: z.output<typeof Config>,
  backends: ReturnType<typeof openBackends>,
): Restarter {
  const stackFile = config.RESONANCE_STACK_FILE;
  const local = stackFile === undefined ? undefined : { stackFile };
  const requestRestart =
    process.send && ((service: string) => void process.send?.({ restart: service }));
  return openRestarter({ local, backends }, config, requestRestart);
}

/**
 * Takes questions until disposed, then waits for those in hand. Resolves when the consumer is
 * declared; while NATS is away, after 2 s, and it is declared when NATS comes.
 */
async function startConsuming(
  bus: Bus,
  deadLetters: RpcClient<typeof DeadLetterService>,
  deps: NoticeDeps,
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  const stop = new AbortController();
  const opened = Promise.withResolvers<void>();
  const options = {
    schema: BotEventSchema,
    durable: "bot",
    concurrency: noticedAtOnce,
    keyOf: ({ sessionId }: { sessionId: string }) => sessionId,
    ackWaitMs,
    // Throws while Logic is away, and the event comes again.
    onPoison: async (payload: Uint8Array, cause: unknown, deliveryCount: number) => {
      const topic = topicOf(BotEventSchema);
      const letter = { topic, payload, cause: String(cause), deliveryCount };
      await deadLetters.recordDeadLetter(letter, stop.signal);
      deps.metrics.count("ignored");
    },
    onOpen: opened.resolve,
  };
  const running = consume(bus, options, (event) => notice(deps, event), stop.signal);
  // Who is stopped meanwhile waits no longer.
  const longEnough = delay(natsWithinMs, undefined, { ref: false, signal }).catch(() => undefined);
  await Promise.race([opened.promise, running, longEnough]);
  // A consumer that ends by itself is a crash: the process must not live on deaf.
  running.catch((error: unknown) => {
    queueMicrotask(() => {
      throw error;
    });
  });
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort(new Error("the bot is stopping"));
      await running;
    },
  };
}

/** Deletes artifacts after a week, and runs after a month. */
function purging(db: Database, log: Logger): AsyncDisposable {
  const failure = "cannot delete old runs and artifacts; it is tried again";
  return startRepeating({ everyMs: purgeEveryMs, log, failure }, async () => {
    await deleteExpiredArtifacts(db, purgedAtOnce);
    await deleteOldRuns(db, purgedAtOnce);
  });
}

function publishProgress(bus: Bus, run: ProgressOf, text: string): void {
  const event = create(ProgressEventSchema, {
    sessionId: run.sessionId,
    refSeqId: run.seqId,
    refMsgId: run.msgId,
    fromUsername: run.bot,
    text,
  });
  bus.publish(topicOf(ProgressEventSchema), toBinary(ProgressEventSchema, event));
}
