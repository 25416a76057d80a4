import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type Audience,
  type DeliveryItemSchema,
  type PushEvent,
  parseSessionId,
  type Route,
  type Username,
} from "@resonance/mq-proto";
import { PushMessageSchema } from "@resonance/mq-proto/gateway";
import type { Audiences } from "./audiences.ts";
import type { InboxRow } from "./sql/inbox.ts";

export type DeliveryItem = MessageInitShape<typeof DeliveryItemSchema>;

/** Hands one gateway what it is to write to its connections, however much. May be lost. */
export type Deliver = (gatewayId: string, items: readonly DeliveryItem[]) => void;

/** A message, with its audience where Logic has named it. */
export type Addressed = { readonly event: PushEvent; readonly audience: Audience | undefined };

/**
 * Delivers stored messages to whoever is connected, and gives each event's inbox rows, which are
 * written behind the deliveries: the message is durable already. Doing it twice changes nothing:
 * clients know what they have, and fetch a delivery that is lost.
 */
export async function fanOut(
  deps: {
    audiences: Audiences;
    deliver: Deliver;
    /** The messages that are delivered already: of these only the rows are given. */
    delivered: ReadonlySet<bigint>;
  },
  events: readonly Addressed[],
): Promise<InboxRow[][]> {
  const unaddressed = events.filter(({ audience }) => !audience);
  const audiences = await deps.audiences.of(
    unaddressed.map(({ event }) => parseSessionId(event.sessionId)),
  );
  const itemsByGateway = new Map<string, DeliveryItem[]>();
  const inboxes: InboxRow[][] = [];
  for (const { event, audience = audiences.get(event.sessionId) } of events) {
    const { sessionId, msgId, seqId } = event;
    inboxes.push((audience?.owners ?? []).map((owner) => ({ owner, sessionId, msgId, seqId })));
    if (deps.delivered.has(msgId)) continue;
    const message = create(PushMessageSchema, pushMessage(event));
    for (const [gatewayId, toUsernames] of usernamesByGateway(audience?.routes ?? [])) {
      const items = itemsByGateway.get(gatewayId) ?? [];
      itemsByGateway.set(gatewayId, items);
      items.push({ toUsernames, payload: { case: "message", value: message } });
    }
  }
  for (const [gatewayId, items] of itemsByGateway) deps.deliver(gatewayId, items);
  return inboxes;
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
