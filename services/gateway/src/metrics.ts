import { Counter, Gauge, type Registry } from "prom-client";

export type PacketKind =
  | "pulse"
  | "chat"
  | "push"
  | "ack"
  | "progress"
  | "no_payload"
  | "undecodable";

/** `failed`: Logic could not be asked. `refused`: Logic said no. `ignored`: answered by nothing. */
export type PacketOutcome = "answered" | "stored" | "refused" | "failed" | "ignored";

export type GatewayMetrics = {
  countPacket(kind: PacketKind, outcome: PacketOutcome): void;
  /** One packet given to one connection. */
  countDelivery(): void;
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
    help: "Messages and progress reports handed to connections",
    registers: [registry],
  });
  return {
    countPacket: (kind, outcome) => packets.inc({ kind, outcome }),
    countDelivery: () => deliveries.inc(),
  };
}
