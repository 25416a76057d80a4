import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";

export const streamName = "RESONANCE";

const nanosPerMs = 1_000_000;
/** For how long the stream takes a message of the same id for the one that it had. */
export const duplicateWindowMs = 120_000;
export const streamNotFound = 10_059;
const insufficientStorage = 10_047;
const consumerExists = 10_148;

/** The server sets the stream's size aside, and refuses one that its disk has no room for. */
const sizes: readonly number[] = [4_096, 1_024, 256, 64].map((mebibytes) => mebibytes * 1024 ** 2);

/**
 * One stream over both topics. A message leaves it when its consumer has acknowledged it, so the
 * stream holds the backlog and nothing else; MySQL is the record.
 */
const wantedStream = {
  subjects: [PushEventSchema, BotEventSchema].map(topicOf).sort(),
  retention: RetentionPolicy.Workqueue,
  storage: StorageType.File,
  // A full stream refuses, and the outbox keeps the row; throwing old ones away would lose them.
  discard: DiscardPolicy.New,
  // Nothing but the size may end what waits.
  max_age: 0,
  max_msgs: -1,
  max_msgs_per_subject: -1,
  max_msg_size: -1,
  duplicate_window: duplicateWindowMs * nanosPerMs,
};

/**
 * Creates the stream, or brings it up to date. One that is as it should be is left alone. It has
 * 4 GiB, or 1 GiB, 256 or 64 MiB on a server with less room; with the size it was made with it
 * stays. Several processes may do this at once.
 *
 * @throws Error when the server's echo differs from what was asked for.
 */
export async function declareStream(manager: JetStreamManager): Promise<void> {
  const found = (await findStream(manager)) ?? (await makeStream(manager));
  if (sizes.includes(found.max_bytes) && isAsWanted(found)) return;
  await inAnySize(
    (wanted) => manager.streams.update(streamName, wanted),
    sizes.includes(found.max_bytes) ? [found.max_bytes] : sizes,
  );
}

/** Whether a stream is made as it should be, whatever its size. */
export function isAsWanted(config: StreamConfig): boolean {
  return differences(wantedStream, sorted(config)).length === 0;
}

async function makeStream(manager: JetStreamManager): Promise<StreamConfig> {
  try {
    return await inAnySize((wanted) => manager.streams.add({ name: streamName, ...wanted }), sizes);
  } catch (error) {
    // Of several processes that make it at once a server refuses some, in various words.
    const made = await findStream(manager);
    if (!made) throw error;
    return made;
  }
}

/** Asks for the stream in the first of these sizes that the server has room for. */
async function inAnySize(
  ask: (wanted: Partial<StreamConfig>) => Promise<{ readonly config: StreamConfig }>,
  tried: readonly number[],
): Promise<StreamConfig> {
  for (const max_bytes of tried) {
    const wanted = { ...wantedStream, max_bytes };
    try {
      const config = sorted((await ask(wanted)).config);
      compare(`stream ${streamName}`, wanted, config);
      return config;
    } catch (error) {
      if (!isTooLarge(error) || max_bytes === tried.at(-1)) throw error;
    }
  }
  throw new TypeError("no size to ask for");
}

function isTooLarge(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === insufficientStorage;
}

/** Creates the durable consumer of a topic, or brings it up to date. */
export async function declareConsumer(
  manager: JetStreamManager,
  options: { durable: string; topic: string; ackWaitMs: number; maxAckPending: number },
): Promise<void> {
  const wanted = {
    durable_name: options.durable,
    filter_subject: options.topic,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: options.ackWaitMs * nanosPerMs,
    max_ack_pending: options.maxAckPending,
    max_deliver: -1,
    replay_policy: ReplayPolicy.Instant,
  } satisfies Partial<ConsumerConfig>;
  const { config } = await addOrUpdate(manager, wanted);
  // An update leaves as it is what it does not name, so also where the consumer pushes to.
  compare(`consumer ${options.durable}`, { ...wanted, deliver_subject: undefined }, config);
}

/** A server before 2.10 updates by adding; later ones want to be asked for the one or the other. */
async function addOrUpdate(
  manager: JetStreamManager,
  wanted: Partial<ConsumerConfig> & { readonly durable_name: string },
): Promise<ConsumerInfo> {
  try {
    return await manager.consumers.add(streamName, wanted);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== consumerExists) throw error;
    return await manager.consumers.update(streamName, wanted.durable_name, wanted);
  }
}

/** The stream's configuration, or undefined when there is none. */
async function findStream(manager: JetStreamManager): Promise<StreamConfig | undefined> {
  try {
    return sorted((await manager.streams.info(streamName)).config);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === streamNotFound) return undefined;
    throw error;
  }
}

function sorted(config: StreamConfig): StreamConfig {
  return { ...config, subjects: [...config.subjects].sort() };
}

function compare(what: string, wanted: object, echoed: object): void {
  const differing = differences(wanted, echoed);
  if (differing.length > 0) throw new Error(`NATS ${what}: ${differing.join("; ")}`);
}

function differences(wanted: object, echoed: object): string[] {
  const actual = new Map(Object.entries(echoed));
  return Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify(actual.get(key)) !== JSON.stringify(value))
    .map(
      ([key, value]) =>
        `${key} is ${JSON.stringify(actual.get(key))}, not ${JSON.stringify(value)}`,
    );
}
