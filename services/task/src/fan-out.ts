import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { PushEvent, Username } from "@resonance/mq-proto";
import { type DeliveryItemSchema, parseSessionId } from "@resonance/mq-proto";
import { PushMessageSchema } from "@resonance/mq-proto/gateway";
import type { Audiences } from "./audiences.ts";
import type { InboxRow } from "./sql/inbox.ts";
import type { Route } from "./sql/members.ts";

export type DeliveryItem = MessageInitShape<typeof DeliveryItemSchema>;

/** Hands one gateway what it is to write to its connections. May be lost. */
export type Deliver = (gatewayId: string, items: readonly DeliveryItem[]) => void;

/**
 * Delivers stored messages to whoever is connected, and gives each event's inbox rows, which are
 * written behind the deliveries: the message is durable already. Doing it twice changes nothing:
 * clients know what they have, and fetch a delivery that is lost.
 */
export async function fanOut(
  deps: { audiences: Audiences; deliver: Deliver },
  events: readonly PushEvent[],
): Promise<InboxRow[][]> {
  const addressed = events.map((event) => ({ event, sessionId: parseSessionId(event.sessionId) }));
  const audiences = await deps.audiences.of(addressed.map(({ sessionId }) => sessionId));
  const itemsByGateway = new Map<string, DeliveryItem[]>();
  for (const { event, sessionId } of addressed) {
    const message = create(PushMessageSchema, pushMessage(event));
    const routes = audiences.get(sessionId)?.routes ?? [];
    for (const [gatewayId, toUsernames] of usernamesByGateway(routes)) {
      const items = itemsByGateway.get(gatewayId) ?? [];
      itemsByGateway.set(gatewayId, items);
      items.push({ toUsernames, payload: { case: "message", value: message } });
    }
  }
  for (const [gatewayId, items] of itemsByGateway) deps.deliver(gatewayId, items);
  return addressed.map(({ event, sessionId }) =>
    (audiences.get(sessionId)?.owners ?? []).map((owner) => ({
      owner,
      sessionId: event.sessionId,
      msgId: event.msgId,
      seqId: event.seqId,
    })),
  );
}

/** Who is connected where. A gateway is named once per user. */
export function usernamesByGateway(routes: readonly Route[]): Map<string, Username[]> {
  const byGateway = new Map<string, Username[]>();
  for (const { gatewayId, username } of routes) {
    const usernames = byGateway.get(gatewayId) ?? [];
    byGateway.set(gatewayId, usernames);
    usernames.push(username);
  }
  return byGateway;
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
