import { streamName } from "./declare.ts";
import type { Bus } from "./open-bus.ts";

/** How much waits in the stream, and for whom. */
export type QueueState = {
  readonly messages: number;
  readonly bytes: number;
  /** A stream that is full refuses what is published. */
  readonly maxBytes: number;
  /** Age of the oldest message; 0 for an empty stream. */
  readonly oldestMs: number;
  readonly consumers: readonly ConsumerState[];
};

export type ConsumerState = {
  readonly name: string;
  readonly topic: string;
  /** Not delivered yet. */
  readonly pending: number;
  /** Delivered and not acknowledged yet. */
  readonly unacknowledged: number;
  readonly redelivered: number;
};

/** Asks the server; undefined while it is not connected. Throws what the server says. */
export async function queueState(bus: Bus): Promise<QueueState | undefined> {
  // What is asked while disconnected is answered by its time limit alone.
  if (!bus.isConnected()) return undefined;
  const manager = await bus.manager();
  const { state, config } = await manager.streams.info(streamName);
  const consumers: ConsumerState[] = [];
  for await (const consumer of manager.consumers.list(streamName)) {
    consumers.push({
      name: consumer.name,
      topic: consumer.config.filter_subject ?? "",
      pending: consumer.num_pending,
      unacknowledged: consumer.num_ack_pending,
      redelivered: consumer.num_redelivered,
    });
  }
  return {
    messages: state.messages,
    bytes: state.bytes,
    maxBytes: config.max_bytes,
    oldestMs: state.messages === 0 ? 0 : Math.max(0, Date.now() - Date.parse(state.first_ts)),
    consumers: consumers.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  };
}
