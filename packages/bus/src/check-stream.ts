import { JetStreamApiError, type JetStreamManager, type StreamInfo } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { declareStream, isBeingMade, streamName, streamNotFound } from "./declare.ts";

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
};

/**
 * Asks for the state of the stream and makes the stream if there is none. A consumer that has read
 * further than the stream reaches, whose end was lost, is deleted and begins anew when its process
 * notices: it would skip as many new messages as were lost (nats-server 2.9 does).
 */
export async function checkStream(
  connection: NatsConnection,
  manager: JetStreamManager,
): Promise<StreamState> {
  const serverId = serverIdOf(connection);
  const read = await readSequences(manager);
  // After the consumers: what they have read by then is in the stream by now.
  const { created, state, cluster } = await infoOrDeclare(manager);
  for (const [durable, seq] of read) {
    if (seq > state.last_seq) await manager.consumers.delete(streamName, durable);
  }
  if (serverIdOf(connection) !== serverId) throw new Error("the NATS server was changed meanwhile");
  const runId = cluster?.name === undefined ? serverId : `cluster ${cluster.name}`;
  return { serverId, runId, createdAt: created, lastSeq: state.last_seq };
}

/** The id of the server's run that the connection is, or was last, connected to. */
export function serverIdOf(connection: NatsConnection): string {
  return connection.info?.server_id ?? "";
}

/** How far each consumer has read. */
async function readSequences(manager: JetStreamManager): Promise<[string, number][]> {
  const read: [string, number][] = [];
  try {
    for await (const { name, delivered } of manager.consumers.list(streamName)) {
      read.push([name, delivered.stream_seq]);
    }
  } catch (error) {
    if (!isStreamNotFound(error)) throw error;
  }
  return read;
}

async function infoOrDeclare(manager: JetStreamManager): Promise<StreamInfo> {
  try {
    const info = await manager.streams.info(streamName);
    if (!isBeingMade(info.config)) return info;
  } catch (error) {
    if (!isStreamNotFound(error)) throw error;
  }
  await declareStream(manager);
  return await manager.streams.info(streamName);
}

function isStreamNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === streamNotFound;
}
