import { create, toBinary } from "@bufbuild/protobuf";
import type { Bus } from "@resonance/bus";
import { DeliverySchema, topicOf } from "@resonance/mq-proto";
import type { Deliver, DeliveryItem } from "./fan-out.ts";

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
