import { type Bus, type Deliver, type Subscription, usernamesByGateway } from "@resonance/bus";
import type { Queryable } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import { parseSessionId, TypingEventSchema } from "@resonance/mq-proto";
import { relayHints } from "./relay-hints.ts";
import { listOnlineMembers } from "./sql/members.ts";

/** Passes on that a member is writing, to the session's other connected members. */
export function relayTyping(deps: {
  db: Queryable;
  bus: Bus;
  log: Logger;
  deliver: Deliver;
}): Subscription {
  return relayHints(deps, TypingEventSchema, async ({ sessionId, fromUsername }) => {
    const members = await listOnlineMembers(deps.db, [parseSessionId(sessionId)]);
    // The gateway says who it was and does not know who may; who writes is connected.
    if (!members.some(({ username }) => username === fromUsername)) return;
    const others = members.filter(({ username }) => username !== fromUsername);
    for (const [gatewayId, toUsernames] of usernamesByGateway(others)) {
      const value = { sessionId, fromUsername };
      deps.deliver(gatewayId, [{ toUsernames, payload: { case: "typing", value } }]);
    }
  });
}
