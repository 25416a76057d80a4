import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type DeliveryItemSchema,
  DeliverySchema,
  type PushEvent,
  topicOf,
  type Username,
} from "@resonance/mq-proto";
import { type PushMessage, PushMessageSchema } from "@resonance/mq-proto/gateway";
import type { Bus } from "./open-bus.ts";

/** That a user is connected to a gateway. */
export type Route = { readonly username: Username; readonly gatewayId: string };

export type DeliveryItem = MessageInitShape<typeof DeliveryItemSchema>;

/** Hands one gateway what it is to write to its connections, however much. May be lost. */
export type Deliver = (gatewayId: string, items: readonly DeliveryItem[]) => void;

/** Of one message on NATS, which takes 1 MiB unless it is told otherwise. */
const maxBytes = 1_000_000;

/** Publishes deliveries on the subject of their gateway, in their order, in as few as there fit. */
export function createDeliver(bus: Pick<Bus, "publish">): Deliver {
  return (gatewayId, items) => {
    const subject = `${topicOf(DeliverySchema)}.${gatewayId}`;
    let together: Uint8Array[] = [];
    let bytes = 0;
    const publish = () => {
      if (together.length > 0) bus.publish(subject, Buffer.concat(together));
      together = [];
      bytes = 0;
    };
    for (const part of items.flatMap(partsOf)) {
      if (bytes + part.length > maxBytes) publish();
      together.push(part);
      bytes += part.length;
    }
    publish();
  };
}

/** Delivers messages, in their order, to each where it has somebody who is to have it. */
export function deliverMessages(
  deliver: Deliver,
  messages: Iterable<{ readonly event: PushEvent; readonly routes: readonly Route[] }>,
): void {
  const itemsByGateway = new Map<string, DeliveryItem[]>();
  for (const { event, routes } of messages) {
    if (routes.length === 0) continue;
    const value = pushMessageOf(event);
    for (const [gatewayId, toUsernames] of usernamesByGateway(routes)) {
      const items = itemsByGateway.get(gatewayId) ?? [];
      itemsByGateway.set(gatewayId, items);
      items.push({ toUsernames, payload: { case: "message", value } });
    }
  }
  for (const [gatewayId, items] of itemsByGateway) deliver(gatewayId, items);
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

function pushMessageOf(event: PushEvent): PushMessage {
  const named = event.sessionName !== "" || event.sessionType !== 0;
  return create(PushMessageSchema, {
    msgId: event.msgId,
    seqId: event.seqId,
    sessionId: event.sessionId,
    fromUsername: event.fromUsername,
    content: event.content,
    type: event.type,
    timestamp: event.timestamp,
    clientMsgId: event.clientMsgId,
    ...(named ? { sessionMeta: { name: event.sessionName, type: event.sessionType } } : {}),
  });
}

/**
 * An item as a Delivery of its own, or as several to a part of its recipients each. Put one behind
 * the other, Deliveries are one of all their items.
 */
function partsOf(item: DeliveryItem): Uint8Array[] {
  const bytes = toBinary(DeliverySchema, create(DeliverySchema, { items: [item] }));
  const names = item.toUsernames ?? [];
  if (bytes.length <= maxBytes || names.length < 2) return [bytes];
  const half = Math.ceil(names.length / 2);
  return [names.slice(0, half), names.slice(half)].flatMap((toUsernames) =>
    partsOf({ ...item, toUsernames }),
  );
}
