import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Bus, Subscription } from "@resonance/bus";
import type { Tracing } from "@resonance/kit";
import { type DeliveryItem, DeliverySchema, questionOfAnswer, topicOf } from "@resonance/mq-proto";
import { type WsPacket, WsPacketSchema } from "@resonance/mq-proto/gateway";
import type { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { type Frame, frameOf } from "./frame.ts";
import type { LimitedLog } from "./limited-log.ts";
import type { GatewayMetrics } from "./metrics.ts";

export type DeliverDeps = {
  readonly connections: Connections;
  readonly metrics: GatewayMetrics;
  readonly tracing?: Tracing | undefined;
  readonly limitedLog: LimitedLog;
};

/** Receives what comes for this gateway over NATS, until disposed. May miss some: clients pull that. */
export function subscribeDeliveries(
  deps: DeliverDeps & { readonly bus: Bus },
  gatewayId: string,
): Subscription {
  return deps.bus.subscribe(`${topicOf(DeliverySchema)}.${gatewayId}`, (bytes) => {
    deliverAll(deps, () => fromBinary(DeliverySchema, bytes).items);
  });
}

/** Never throws: what cannot be read is dropped. */
export function deliverAll(deps: DeliverDeps, read: () => readonly DeliveryItem[]): void {
  try {
    for (const item of read()) deliver(deps, item);
  } catch (error) {
    deps.limitedLog.warn({ err: error }, "delivery dropped");
  }
}

/**
 * Writes one item to every connection of every recipient, once each. Returns the recipients who got
 * nothing: they have no connection here, or none that can take more.
 */
export function deliver(
  deps: Pick<DeliverDeps, "connections" | "metrics" | "tracing">,
  item: Pick<DeliveryItem, "toUsernames" | "payload">,
): string[] {
  const startMs = deps.tracing ? Date.now() : 0;
  const write = writer(item.payload);
  const failed: string[] = [];
  let delivered = 0;
  for (const username of new Set(item.toUsernames)) {
    let isReached = false;
    for (const connection of deps.connections.of(username)) {
      if (!write(connection)) continue;
      delivered += 1;
      isReached = true;
    }
    if (!isReached) failed.push(username);
  }
  deps.metrics.countDeliveries(delivered);
  if (deps.tracing) recordAnswer(deps.tracing, item.payload, { startMs, delivered });
  return failed;
}

/** The end of a question's way: its answer is written to whoever is there. */
function recordAnswer(
  tracing: Tracing,
  payload: DeliveryItem["payload"],
  { startMs, delivered }: { readonly startMs: number; readonly delivered: number },
): void {
  const clientMsgId = payload.case === "message" ? payload.value.clientMsgId : "";
  const traceOf = questionOfAnswer(clientMsgId);
  if (traceOf === undefined) return;
  const attributes = { "resonance.connections": delivered };
  tracing.record({ traceOf, name: "gateway.deliver", parent: "store_answer", startMs, attributes });
}

/** Encodes once for all recipients. */
function writer(payload: DeliveryItem["payload"]): (connection: Connection) => boolean {
  switch (payload.case) {
    case "message": {
      const message = payload.value;
      const frame = encode({ case: "push", value: message });
      return (connection) => connection.push(message, frame);
    }
    case "progress":
    case "typing":
    case "presence": {
      const frame = encode(payload);
      return (connection) => connection.hint(frame);
    }
    // An item of a later version.
    case undefined:
      return () => false;
    default:
      return payload satisfies never;
  }
}

function encode(payload: WsPacket["payload"]): Frame {
  return frameOf(toBinary(WsPacketSchema, create(WsPacketSchema, { payload })));
}
