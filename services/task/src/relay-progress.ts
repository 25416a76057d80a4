import { create, fromBinary } from "@bufbuild/protobuf";
import type { Bus, Subscription } from "@resonance/bus";
import type { Queryable } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import { ProgressEventSchema, parseSessionId, topicOf } from "@resonance/mq-proto";
import { ProgressSchema } from "@resonance/mq-proto/gateway";
import { type Deliver, usernamesByGateway } from "./fan-out.ts";
import { listOnlineMembers } from "./sql/members.ts";

const maxWaiting = 200;

/**
 * Passes a bot's progress on to the session's connected members, in the order in which it came.
 * Nothing is kept or repeated.
 */
export function relayProgress(deps: {
  db: Queryable;
  bus: Bus;
  log: Logger;
  deliver: Deliver;
}): Subscription {
  let waiting = 0;
  let last = Promise.resolve();
  const relay = (payload: Uint8Array) => {
    // Under load progress is the first thing to go.
    if (waiting >= maxWaiting) return;
    waiting += 1;
    last = last
      .then(() => relayOne(deps, payload))
      .catch((error: unknown) => deps.log.warn({ err: error }, "a progress report is lost"))
      .finally(() => {
        waiting -= 1;
      });
  };
  return deps.bus.subscribe(topicOf(ProgressEventSchema), relay, "task");
}

async function relayOne(
  deps: { db: Queryable; deliver: Deliver },
  payload: Uint8Array,
): Promise<void> {
  const event = fromBinary(ProgressEventSchema, payload);
  const progress = create(ProgressSchema, {
    sessionId: event.sessionId,
    refMsgId: event.refMsgId,
    refSeqId: event.refSeqId,
    fromUsername: event.fromUsername,
    text: event.text,
  });
  const routes = await listOnlineMembers(deps.db, [parseSessionId(event.sessionId)]);
  for (const [gatewayId, toUsernames] of usernamesByGateway(routes)) {
    deps.deliver(gatewayId, [{ toUsernames, payload: { case: "progress", value: progress } }]);
  }
}
