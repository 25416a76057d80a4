import { create } from "@bufbuild/protobuf";
import { type Bus, type Deliver, type Subscription, usernamesByGateway } from "@resonance/bus";
import type { Queryable } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import { ProgressEventSchema, parseSessionId } from "@resonance/mq-proto";
import { ProgressSchema } from "@resonance/mq-proto/gateway";
import { relayHints } from "./relay-hints.ts";
import { listOnlineMembers } from "./sql/members.ts";

/** Passes a bot's progress on to the session's connected members. */
export function relayProgress(deps: {
  db: Queryable;
  bus: Bus;
  log: Logger;
  deliver: Deliver;
}): Subscription {
  return relayHints(deps, ProgressEventSchema, async (event) => {
    const { sessionId, refMsgId, refSeqId, fromUsername, text } = event;
    const progress = { sessionId, refMsgId, refSeqId, fromUsername, text };
    const value = create(ProgressSchema, progress);
    const routes = await listOnlineMembers(deps.db, [parseSessionId(sessionId)]);
    for (const [gatewayId, toUsernames] of usernamesByGateway(routes)) {
      deps.deliver(gatewayId, [{ toUsernames, payload: { case: "progress", value } }]);
    }
  });
}
