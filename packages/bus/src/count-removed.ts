import type { ConsumerInfo, JetStreamManager, StreamInfo } from "@nats-io/jetstream";
import { streamName } from "./declare.ts";

/**
 * How many messages of a stream are gone that no consumer was given, less how often one was given
 * again: it falls with every redelivery, and rises only when somebody removes messages.
 */
export type Removed = {
  /** What has counted: numbers of different counters say nothing beside each other. */
  readonly counter: string;
  /** The messages that came while it was counted are left out here, and counted in `atMost`. */
  readonly atLeast: number;
  readonly atMost: number;
};

type Found = { readonly info: StreamInfo; readonly consumers: readonly ConsumerInfo[] };

/**
 * Counts what is stored in the order of `last_seq`, less what waits and what was given to consumers.
 * A purge leaves no other trace: it moves the consumers' floors as acknowledgements do.
 *
 * @param before the stream's info from before the consumers were asked
 * @returns a function of the stream's info from after that; undefined where consumers read otherwise
 * than one topic each, whose numbers do not add up
 */
export async function countRemoved(
  manager: JetStreamManager,
  { info: before, consumers }: Found,
  serverId: string,
): Promise<((after: StreamInfo) => Removed) | undefined> {
  const topics = new Set(before.config.subjects);
  let known = 0;
  for (const { config, delivered, num_pending } of consumers) {
    // Each at most once: the server refuses two consumers of one topic in such a stream.
    if (!topics.delete(config.filter_subject ?? "")) return undefined;
    known += delivered.consumer_seq + num_pending;
  }
  for (const topic of topics) known += await countStored(manager, topic);
  const consumerIds = consumers.map(({ name, created, cluster }) => [
    name,
    created,
    cluster?.leader,
  ]);
  return (after) => ({
    counter: JSON.stringify([serverId, before.created, before.cluster?.leader, consumerIds]),
    atLeast: before.state.last_seq - known,
    atMost: after.state.last_seq - known,
  });
}

async function countStored(manager: JetStreamManager, topic: string): Promise<number> {
  const { state } = await manager.streams.info(streamName, { subjects_filter: topic });
  return state.subjects?.[topic] ?? 0;
}
