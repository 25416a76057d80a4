import type { PanelReading } from "../panels.ts";
import type { SeriesPoint } from "../series.ts";
import type { Window } from "../window.ts";
import { bucketIncreases, type Covered, covered, quantile, type Sample } from "./history.ts";

export type LatencyRead = {
  readonly covered: Covered | undefined;
  readonly reading: Extract<PanelReading, { kind: "latency" }>;
};

const latencyParts = 24;

/** Percentiles of the time that Logic took for sends, over the window and over its parts. */
export function readLatency(samples: readonly Sample[], window: Window): LatencyRead {
  const buckets = bucketIncreases(samples, "resonance_logic_send_duration_seconds", window);
  const milliseconds = (q: number) => {
    const seconds = quantile(buckets, q);
    return seconds === undefined ? null : seconds * 1_000;
  };
  return {
    covered: covered(samples, window),
    reading: {
      kind: "latency",
      count: buckets.at(-1)?.count ?? 0,
      p50Ms: milliseconds(0.5),
      p95Ms: milliseconds(0.95),
      p99Ms: milliseconds(0.99),
      p99Points: latencyPoints(samples, window),
    },
  };
}

function latencyPoints(samples: readonly Sample[], window: Window): SeriesPoint[] {
  const partMs = (window.untilMs - window.fromMs) / latencyParts;
  return Array.from({ length: latencyParts }, (_, index) => {
    const fromMs = window.fromMs + index * partMs;
    const part = { fromMs, untilMs: fromMs + partMs };
    const buckets = bucketIncreases(samples, "resonance_logic_send_duration_seconds", part);
    const seconds = quantile(buckets, 0.99);
    return seconds === undefined
      ? []
      : [{ at: new Date(fromMs).toISOString(), value: seconds * 1_000 }];
  }).flat();
}
