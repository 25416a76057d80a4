import {
  type ConsumerInfo,
  JetStreamApiError,
  type JetStreamManager,
  type StreamInfo,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { countRemoved, type Removed } from "./count-removed.ts";
import { declareStream, isAsWanted, streamName, streamNotFound } from "./declare.ts";

/** What tells whether a stream still has what was stored in it. */
export type StreamState = {
  /** The run of the server that was asked: another one after every start of it. */
  readonly serverId: string;
  /** What must not change for the stream to be whole: a lone server's run, or the cluster. */
  readonly runId: string;
  /** When the stream was made, as the server writes it: another one after the stream was wiped. */
  readonly createdAt: string;
  /** The last sequence given out. Lower than one that was confirmed: the end of the stream is lost. */
  readonly lastSeq: number;
  /** Undefined where it cannot be told. */
  readonly removed: Removed | undefined;
};

/**
 * Asks for the state of the stream and makes the stream if there is none, or brings it up to date if
 * somebody has made it otherwise. A consumer of what is lost is deleted, and begins anew when its
 * process notices: it would skip as many new messages as were lost.
 *
 * @throws Error when the stream is otherwise than it should be and stays so.
 */
export async function checkStream(
  connection: NatsConnection,
  manager: JetStreamManager,
): Promise<StreamState> {
  const serverId = serverIdOf(connection);
  const before = await infoOrDeclare(manager);
  const consumers = await findConsumers(manager);
  const removedUntil = await countRemoved(manager, { info: before, consumers }, serverId);
  // After the consumers: what they have read by then is in the stream by now, and what they have
  // acknowledged is not.
  const after = await infoOrDeclare(manager);
  const { created, state, cluster } = after;
  for (const consumer of consumers) {
    if (await isOfAnother(manager, state, consumer)) {
      await deleteConsumer(manager, consumer.name);
    }
  }
  if (serverIdOf(connection) !== serverId) throw new Error("the NATS server was changed meanwhile");
  const runId = cluster?.name === undefined ? serverId : `cluster ${cluster.name}`;
  const removed = before.created === created ? removedUntil?.(after) : undefined;
  return { serverId, runId, createdAt: created, lastSeq: state.last_seq, removed };
}

const consumerNotFound = 10_014;

/** The id of the server's run that the connection is, or was last, connected to. */
export function serverIdOf(connection: NatsConnection): string {
  return connection.info?.server_id ?? "";
}

async function findConsumers(manager: JetStreamManager): Promise<ConsumerInfo[]> {
  try {
    const consumers: ConsumerInfo[] = [];
    for await (const consumer of manager.consumers.list(streamName)) consumers.push(consumer);
    return consumers;
  } catch (error) {
    if (isStreamNotFound(error)) return [];
    throw error;
  }
}

/**
 * Whether a consumer counts from an earlier stream of this name, or from an end that was lost:
 *
 * - it has read further than the stream reaches: nats-server 2.9, whose store has gone back;
 * - what it takes for acknowledged is still there: a server that gives up a stream, as one that it
 *   cannot restore on a full disk, leaves its files, and the next stream's consumers go on from them.
 */
async function isOfAnother(
  manager: JetStreamManager,
  state: StreamInfo["state"],
  { config, delivered, ack_floor }: ConsumerInfo,
): Promise<boolean> {
  if (delivered.stream_seq > state.last_seq) return true;
  if (state.messages === 0 || state.first_seq > ack_floor.stream_seq) return false;
  const topic = config.filter_subject;
  if (topic === undefined) return false;
  const firstOfTopic = { seq: 1, next_by_subj: topic };
  const first = await manager.streams.getMessage(streamName, firstOfTopic);
  return first !== null && first.seq <= ack_floor.stream_seq;
}

async function deleteConsumer(manager: JetStreamManager, name: string): Promise<void> {
  try {
    await manager.consumers.delete(streamName, name);
  } catch (error) {
    // Another process has found it, too.
    if (!(error instanceof JetStreamApiError && error.code === consumerNotFound)) throw error;
  }
}

async function infoOrDeclare(manager: JetStreamManager): Promise<StreamInfo> {
  try {
    const found = await manager.streams.info(streamName);
    if (isAsWanted(found.config)) return found;
  } catch (error) {
    if (!isStreamNotFound(error)) throw error;
  }
  await declareStream(manager);
  return await manager.streams.info(streamName);
}

function isStreamNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === streamNotFound;
}
