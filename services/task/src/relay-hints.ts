import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import type { Bus, Subscription } from "@resonance/bus";
import type { Logger } from "@resonance/kit";
import { topicOf } from "@resonance/mq-proto";

const maxWaiting = 200;

/**
 * Hands on what comes on an ephemeral topic, one after another in the order in which it came.
 * Nothing is kept or repeated, and what comes while 200 are waiting is dropped: under load hints are
 * the first thing to go.
 */
export function relayHints<Desc extends DescMessage>(
  deps: { readonly bus: Bus; readonly log: Logger },
  schema: Desc,
  relay: (event: MessageShape<Desc>) => Promise<void>,
): Subscription {
  let waiting = 0;
  let last = Promise.resolve();
  const topic = topicOf(schema);
  const take = (payload: Uint8Array) => {
    if (waiting >= maxWaiting) return;
    waiting += 1;
    last = last
      .then(() => relay(fromBinary(schema, payload)))
      .catch((error: unknown) => deps.log.warn({ err: error, topic }, "a hint is lost"))
      .finally(() => {
        waiting -= 1;
      });
  };
  return deps.bus.subscribe(topic, take, "task");
}
