import { Counter, Gauge, type Registry } from "prom-client";
import type { LimitName } from "./limits.ts";

export type PacketKind =
  | "pulse"
  | "chat"
  | "push"
  | "ack"
  | "progress"
  | "typing"
  | "presence"
  | "no_payload"
  | "undecodable";

/**
 * `failed`: Logic could not be asked. `refused`: Logic said no. `limited`: Logic was not asked,
 * the user sends too often. `ignored`: answered by nothing.
 */
export type PacketOutcome =
  | "answered"
  | "stored"
  | "passed_on"
  | "refused"
  | "failed"
  | "limited"
  | "ignored";

export type GatewayMetrics = {
  countPacket(kind: PacketKind, outcome: PacketOutcome): void;
  /** Packets given to connections. */
  countDeliveries(count: number): void;
  /** Something was refused because its address or user asks too often. */
  countLimited(limit: LimitName): void;
};

/** Registers the gateway's metrics; `connections` is asked at every scrape. */
export function createGatewayMetrics(
  registry: Registry,
  connections: () => number,
): GatewayMetrics {
  new Gauge({
    name: "resonance_gateway_connections",
    help: "Open WebSocket connections",
    registers: [registry],
    collect() {
      this.set(connections());
    },
  });
  const packets = new Counter({
    name: "resonance_gateway_packets_total",
    help: "Packets that clients sent, by kind and by what became of them",
    labelNames: ["kind", "outcome"],
    registers: [registry],
  });
  const deliveries = new Counter({
    name: "resonance_gateway_deliveries_total",
    help: "Messages, progress reports and hints handed to connections",
    registers: [registry],
  });
  const limited = new Counter({
    name: "resonance_gateway_limited_total",
    help: "Requests and messages over a limit, by the limit",
    labelNames: ["limit"],
    registers: [registry],
  });
  return {
    countPacket: (kind, outcome) => packets.inc({ kind, outcome }),
    countDeliveries: (count) => deliveries.inc(count),
    countLimited: (limit) => limited.inc({ limit }),
  };
}
