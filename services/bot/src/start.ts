import { create, toBinary } from "@bufbuild/protobuf";
import { type Bus, consume, openBus } from "@resonance/bus";
import { openMetrics, readConfig, type ServiceContext } from "@resonance/kit";
import { BotEventSchema, ProgressEventSchema, parseUsername, topicOf } from "@resonance/mq-proto";
import {
  ChatService,
  DeadLetterService,
  SessionService,
  StatsService,
} from "@resonance/mq-proto/logic";
import { type LocalBackend, openBackends, startSampler } from "@resonance/ops-mcp";
import { openRpcClient, openServiceCredential, type RpcClient } from "@resonance/rpc";
import { type AnswerDeps, answer } from "./answer.ts";
import { Answered } from "./answered.ts";
import { chooseBrains } from "./brain/choose-brain.ts";
import type { BrainPort } from "./brain/model-port.ts";
import { Config } from "./config.ts";
import { countMessagesOf } from "./count-messages.ts";
import { createBotMetrics } from "./metrics.ts";
import type { Question } from "./question.ts";
import { readSystemStatusOf } from "./read-system-status.ts";
import { Slots } from "./slots.ts";
import { joinSources } from "./tools/join-sources.ts";
import { openOpsSource } from "./tools/ops-source.ts";
import type { ToolSource } from "./tools/tool-source.ts";

const ackWaitMs = 30_000;
// Questions that wait for their turn in a session are held, too; who thinks is bounded by slots.
const heldAtOnce = 256;

/**
 * Opens the bot. Logic and NATS need not be there yet. Disposing stops the questions in hand: those
 * without a stored answer come again.
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

  const metrics = stack.use(await openMetrics("bot", config.RESONANCE_METRICS_LISTEN));
  const logicAddress = config.RESONANCE_LOGIC_ADDRESS;
  const credential = openServiceCredential("bot", "logic", config.RESONANCE_SERVICE_KEY);
  const chat = stack.use(openRpcClient(ChatService, logicAddress, credential));
  const sessions = stack.use(openRpcClient(SessionService, logicAddress, credential));
  const stats = stack.use(openRpcClient(StatsService, logicAddress, credential));
  const deadLetters = stack.use(openRpcClient(DeadLetterService, logicAddress, credential));
  const bus = stack.use(openBus({ url: config.RESONANCE_NATS_URL, name: "bot", log }));
  let local: LocalBackend | undefined;
  if (config.RESONANCE_STACK_FILE !== undefined) {
    const stackFile = config.RESONANCE_STACK_FILE;
    local = { stackFile, sampler: stack.use(startSampler({ stackFile, log })) };
  }
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const ops = {
    local,
    backends: openBackends(config),
    countMessages: countMessagesOf(stats),
    readSystemStatus: readSystemStatusOf(stats),
    nowMs: Date.now,
    timeZone,
    log,
  };
  const brain = given.brain ?? chooseBrains(config, { timeZone, log }).any;
  const deps: AnswerDeps = {
    me: parseUsername("ops-bot"),
    brain,
    chat,
    sessions,
    tools: stack.use(joinSources(given.sources ?? [openOpsSource(ops)])),
    publishProgress: (question, text) => publishProgress(bus, question, text),
    slots: new Slots(config.RESONANCE_BOT_CONCURRENCY),
    answered: new Answered(),
    metrics: createBotMetrics(metrics.registry),
    deadlineMs: config.RESONANCE_BOT_DEADLINE_MS,
    log,
  };
  stack.use(consuming(bus, deadLetters, deps));
  log.info({ metrics: metrics.url, brain: brain.name, model: brain.model }, "consuming");
  return stack.move();
}

/** Takes questions until disposed, then waits for those in hand. */
function consuming(
  bus: Bus,
  deadLetters: RpcClient<typeof DeadLetterService>,
  deps: AnswerDeps,
): AsyncDisposable {
  const stop = new AbortController();
  const options = {
    schema: BotEventSchema,
    durable: "bot",
    concurrency: heldAtOnce,
    keyOf: ({ sessionId }: { sessionId: string }) => sessionId,
    ackWaitMs,
    // Throws while Logic is away, and the event comes again.
    onPoison: async (payload: Uint8Array, cause: unknown, deliveryCount: number) => {
      const topic = topicOf(BotEventSchema);
      const letter = { topic, payload, cause: String(cause), deliveryCount };
      await deadLetters.recordDeadLetter(letter, stop.signal);
      deps.metrics.count("ignored");
    },
  };
  const running = consume(bus, options, (event) => answer(deps, event, stop.signal), stop.signal);
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

function publishProgress(bus: Bus, question: Question, text: string): void {
  const event = create(ProgressEventSchema, {
    sessionId: question.sessionId,
    refSeqId: question.seqId,
    refMsgId: question.msgId,
    fromUsername: question.bot,
    text,
  });
  bus.publish(topicOf(ProgressEventSchema), toBinary(ProgressEventSchema, event));
}
