import type { Bus, Deliver, DeliveryItem, Subscription } from "@resonance/bus";
import type { Queryable } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import { PresenceEventSchema } from "@resonance/mq-proto";
import { relayHints } from "./relay-hints.ts";
import { listConnected, listConnectedContacts } from "./sql/contacts.ts";

/**
 * Tells the connected people who have a one-to-one session with somebody that came or left how it is
 * with them now: what the event was caused by may be over.
 */
export function relayPresence(deps: {
  db: Queryable;
  bus: Bus;
  log: Logger;
  deliver: Deliver;
}): Subscription {
  return relayHints(deps, PresenceEventSchema, async ({ usernames }) => {
    if (usernames.length === 0) return;
    const connected = new Set<string>(await listConnected(deps.db, usernames));
    const contacts = await listConnectedContacts(deps.db, usernames);
    const itemsByGateway = new Map<string, DeliveryItem[]>();
    const groups = Map.groupBy(contacts, ({ gatewayId, about }) => `${gatewayId} ${about}`);
    for (const group of groups.values()) {
      const [first] = group;
      if (!first) continue;
      const items = itemsByGateway.get(first.gatewayId) ?? [];
      itemsByGateway.set(first.gatewayId, items);
      const value = { username: first.about, online: connected.has(first.about) };
      const toUsernames = group.map(({ username }) => username);
      items.push({ toUsernames, payload: { case: "presence", value } });
    }
    for (const [gatewayId, items] of itemsByGateway) deps.deliver(gatewayId, items);
  });
}
