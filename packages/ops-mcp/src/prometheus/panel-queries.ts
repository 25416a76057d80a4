import type { Panel } from "../panels.ts";

export type PanelUnit = "count" | "per_second" | "milliseconds" | "percent" | "bytes";

export type PanelQuery = {
  /** How its series are called; where it is empty, their labels say it. */
  readonly name: string;
  readonly query: string;
  readonly unit: PanelUnit;
};

/**
 * A panel in PromQL, over the metrics that our services export; `service` is the label they bear.
 *
 * @param rangeSeconds of range vectors: at least three scrapes.
 */
export function panelQueries(
  panel: Panel,
  service: string | undefined,
  rangeSeconds: number,
  windowSeconds: number,
): readonly PanelQuery[] {
  const range = `[${rangeSeconds}s]`;
  const whole = `[${windowSeconds}s]`;
  const own = service === undefined ? '{service=~".+"}' : `{service=${JSON.stringify(service)}}`;
  const sends = "resonance_logic_sends_total";
  switch (panel) {
    case "messages":
      return [one(`sum(increase(${sends}{outcome="ok"}${whole}))`, "count", "messages")];
    case "send_rate":
      return [one(`sum(rate(${sends}{outcome="ok"}${range}))`, "per_second", "sends")];
    case "send_latency":
      return [0.5, 0.95, 0.99].map((q) => ({
        name: `p${q * 100}`,
        query: `1000 * histogram_quantile(${q}, sum by (le) (rate(resonance_logic_send_duration_seconds_bucket${range})))`,
        unit: "milliseconds",
      }));
    case "error_rate":
      return [
        one(
          `100 * sum(rate(${sends}{outcome="failed"}${range})) / sum(rate(${sends}${range}))`,
          "percent",
          "failed sends",
        ),
      ];
    case "connections":
      return [one("sum(resonance_gateway_connections)", "count", "connections")];
    case "queue_lag":
      return [one("max by (consumer) (resonance_logic_consumer_pending)", "count", "")];
    case "outbox_backlog":
      return [one("max(resonance_logic_outbox_pending)", "count", "outbox")];
    case "cpu":
      return [
        one(
          `100 * sum by (service) (rate(process_cpu_seconds_total${own}${range}))`,
          "percent",
          "",
        ),
      ];
    case "memory":
      return [one(`sum by (service) (process_resident_memory_bytes${own})`, "bytes", "")];
    case "restarts":
      return [
        one(`sum by (service) (changes(process_start_time_seconds${own}${whole}))`, "count", ""),
      ];
    default:
      return panel satisfies never;
  }
}

function one(query: string, unit: PanelUnit, name: string): PanelQuery {
  return { name, query, unit };
}
