import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Database } from "@resonance/db";
import { failpoint } from "@resonance/kit";
import type { PushEvent, Username } from "@resonance/mq-proto";
import { type DeliveryItemSchema, parseSessionId } from "@resonance/mq-proto";
import { PushMessageSchema } from "@resonance/mq-proto/gateway";
import { insertInbox } from "./sql/inbox.ts";
import { listMembersWithRoutes, type MemberRoute } from "./sql/members.ts";

export type DeliveryItem = MessageInitShape<typeof DeliveryItemSchema>;

/** Hands one gateway what it is to write to its connections. May be lost. */
export type Deliver = (gatewayId: string, items: readonly DeliveryItem[]) => void;

/**
 * Puts stored messages into the inbox of every member and delivers them to whoever is connected.
 * Doing it twice changes nothing: an inbox holds each message once, and clients know what they
 * have. Resolves when the inboxes are durable; a delivery that is lost is pulled by its client.
 */
export async function fanOut(
  deps: { db: Database; deliver: Deliver },
  events: readonly PushEvent[],
): Promise<void> {
  const members = await listMembersWithRoutes(
    deps.db,
    events.map((event) => parseSessionId(event.sessionId)),
  );
  const membersOf = Map.groupBy(members, (member) => member.sessionId);
  await insertInbox(
    deps.db,
    events.map((event) => inboxRows(event, membersOf.get(parseSessionId(event.sessionId)) ?? [])),
  );
  failpoint("task.after_inbox");
  const itemsByGateway = new Map<string, DeliveryItem[]>();
  for (const event of events) {
    const message = create(PushMessageSchema, pushMessage(event));
    const routes = membersOf.get(parseSessionId(event.sessionId)) ?? [];
    for (const [gatewayId, toUsernames] of usernamesByGateway(routes)) {
      const items = itemsByGateway.get(gatewayId) ?? [];
      itemsByGateway.set(gatewayId, items);
      items.push({ toUsernames, payload: { case: "message", value: message } });
    }
  }
  for (const [gatewayId, items] of itemsByGateway) deps.deliver(gatewayId, items);
}

/** Who is connected where, of these members. A gateway is named once per user. */
export function usernamesByGateway(routes: readonly MemberRoute[]): Map<string, Username[]> {
  const byGateway = new Map<string, Username[]>();
  for (const { gatewayId, username } of routes) {
    if (gatewayId === null) continue;
    const usernames = byGateway.get(gatewayId) ?? [];
    byGateway.set(gatewayId, usernames);
    usernames.push(username);
  }
  return byGateway;
}

function inboxRows(event: PushEvent, members: readonly MemberRoute[]) {
  // A member who is connected to two gateways appears twice. Bots read no inbox.
  const owners = new Set(
    members.filter((member) => !member.isBot).map((member) => member.username),
  );
  return [...owners].map((owner) => ({
    owner,
    sessionId: event.sessionId,
    msgId: event.msgId,
    seqId: event.seqId,
  }));
}

function pushMessage(event: PushEvent): MessageInitShape<typeof PushMessageSchema> {
  const named = event.sessionName !== "" || event.sessionType !== 0;
  return {
    msgId: event.msgId,
    seqId: event.seqId,
    sessionId: event.sessionId,
    fromUsername: event.fromUsername,
    content: event.content,
    type: event.type,
    timestamp: event.timestamp,
    clientMsgId: event.clientMsgId,
    ...(named ? { sessionMeta: { name: event.sessionName, type: event.sessionType } } : {}),
  };
}
