import type { OpsDeps } from "./deps.ts";
import {
  type Covered,
  covered,
  cpuPercent,
  gauge,
  increase,
  type Point,
  type Sample,
  seriesIn,
} from "./local/history.ts";
import { readLatency } from "./local/read-latency.ts";
import { readStackFile, requireLocal, requireService, type Stack } from "./local/stack-file.ts";
import type { SeriesReading } from "./prometheus/read-series.ts";
import {
  maxPoints,
  type SeriesPoint,
  type SeriesSummary,
  summarizeSeries,
  type Trend,
  trendOf,
} from "./series.ts";
import { ToolError } from "./tool.ts";
import type { Window } from "./window.ts";

/** What can be measured by name. */
export const panels = [
  "messages",
  "send_rate",
  "send_latency",
  "error_rate",
  "connections",
  "queue_lag",
  "outbox_backlog",
  "cpu",
  "memory",
  "restarts",
] as const;
export type Panel = (typeof panels)[number];

/** The numbers of a panel, by what they are. */
export type PanelReading =
  | {
      readonly kind: "messages";
      readonly total: number;
      readonly fromPeople: number;
      readonly fromBots: number;
      readonly fromSystem: number;
    }
  | {
      readonly kind: "rate";
      readonly total: number;
      readonly perSecond: number;
      readonly highestPerSecond: number;
      readonly trend: Trend;
      readonly points: readonly SeriesPoint[];
    }
  | {
      readonly kind: "latency";
      readonly count: number;
      readonly p50Ms: number | null;
      readonly p95Ms: number | null;
      readonly p99Ms: number | null;
      /** The 99th percentile of equal parts of the window in which something was sent. */
      readonly p99Points: readonly SeriesPoint[];
    }
  | {
      readonly kind: "outcomes";
      readonly ok: number;
      readonly refused: number;
      readonly failed: number;
      /** Failed among all that were tried. Refusals are the caller's doing. */
      readonly errorRatio: number | null;
    }
  | {
      readonly kind: "gauge";
      readonly unit: "count" | "bytes" | "percent";
      readonly series: readonly GaugeSeries[];
    }
  | {
      readonly kind: "restarts";
      readonly services: readonly {
        readonly service: string;
        readonly restarts: number;
        readonly lastExit: string | null;
      }[];
    }
  | SeriesReading;

/** A value that goes up and down; its last reading counts whether or not it lies in the window. */
export type GaugeSeries = SeriesSummary & { readonly service: string };

type Read = {
  readonly reading: PanelReading;
  /** Undefined where the reading is exact, or where there are no samples. */
  readonly covered: Covered | undefined;
  readonly service: string | null;
};

type Samples = (service: string) => readonly Sample[];
type Local = {
  readonly stack: Stack;
  readonly samplesOf: Samples;
  readonly service: string | null;
};

/**
 * Reads one panel of the local stack. Panels other than the counts of messages look at the stack
 * now, too.
 */
export async function readPanel(
  deps: OpsDeps,
  panel: Panel,
  serviceName: string | undefined,
  window: Window,
  signal: AbortSignal,
): Promise<Read> {
  if (panel === "messages" || panel === "send_rate") {
    return await readCounts(deps, panel, window, signal);
  }
  const { stackFile, sampler } = requireLocal(deps);
  const stack = await readStackFile(stackFile, signal);
  const service = serviceName === undefined ? null : requireService(stack, serviceName).name;
  await sampler.sampleNow(signal);
  const local = { stack, samplesOf: sampler.samplesOf, service };
  switch (panel) {
    case "connections":
      return ownGauge(local, "gateway", "resonance_gateway_connections", window);
    case "queue_lag":
      return readQueueLag(local, window);
    case "outbox_backlog":
      return ownGauge(local, "logic", "resonance_logic_outbox_pending", window);
    case "send_latency":
      return { service: null, ...readLatency(scrapes(local, "logic"), window) };
    case "error_rate":
      return readOutcomes(local, window);
    case "cpu":
      return perService(local, "percent", window, (samples) => cpuPercent(samples, window));
    case "memory":
      return perService(local, "bytes", window, (samples) => memoryPoints(samples, window));
    case "restarts":
      return readRestarts(local);
    default:
      return panel satisfies never;
  }
}

async function readCounts(
  deps: OpsDeps,
  panel: "messages" | "send_rate",
  window: Window,
  signal: AbortSignal,
): Promise<Read> {
  const lengthMs = window.untilMs - window.fromMs;
  const buckets = Math.max(1, Math.min(maxPoints, Math.floor(lengthMs / 1_000)));
  const asked = { fromMs: window.fromMs, untilMs: window.untilMs, buckets };
  const count = await deps.countMessages(asked, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new ToolError("unavailable", "messages cannot be counted now", {
      retryHelps: true,
      cause,
    });
  });
  const exact = { covered: undefined, service: null };
  if (panel === "messages") {
    const { total, fromPeople, fromBots, fromSystem } = count;
    return { ...exact, reading: { kind: "messages", total, fromPeople, fromBots, fromSystem } };
  }
  const bucketMs = lengthMs / buckets;
  const points = count.bucketTotals.map((value, index) => ({
    at: new Date(window.fromMs + index * bucketMs).toISOString(),
    value: (value * 1_000) / bucketMs,
  }));
  const perSecond = (count.total * 1_000) / lengthMs;
  const highestPerSecond = Math.max(perSecond, ...points.map(({ value }) => value));
  const reading = {
    kind: "rate",
    total: count.total,
    perSecond,
    highestPerSecond,
    trend: trendOf(points.map(({ value }) => value)),
    points,
  } as const;
  return { ...exact, reading };
}

/** What waits for each consumer; Logic asks NATS whenever it is scraped. */
function readQueueLag(local: Local, window: Window): Read {
  const samples = scrapes(local, "logic");
  const prefix = 'resonance_logic_consumer_pending{consumer="';
  const latest = samples.at(-1);
  // What Logic cannot read has no value in that sample, and what was before says nothing of now.
  if (latest?.scraped && [...seriesIn([latest], prefix)].length === 0) {
    throw new ToolError("unavailable", "NATS cannot be asked for what waits in it", {
      retryHelps: true,
    });
  }
  const series = [...seriesIn(samples, prefix)].flatMap((name) => {
    const last = lastReading(samples, name);
    const consumer = name.slice(prefix.length, -2);
    return last
      ? [{ service: consumer, ...summarizeSeries(gauge(samples, name, window), last) }]
      : [];
  });
  return {
    service: "logic",
    covered: covered(samples, window),
    reading: { kind: "gauge", unit: "count", series },
  };
}

function lastReading(samples: readonly Sample[], series: string): Point | undefined {
  const latest = samples.findLast((sample) => sample.series.has(series));
  return latest && { atMs: latest.atMs, value: latest.series.get(series) ?? 0 };
}

function readOutcomes(local: Local, window: Window): Read {
  const samples = scrapes(local, "logic");
  const grown = (outcome: string) =>
    increase(samples, `resonance_logic_sends_total{outcome="${outcome}"}`, window) ?? 0;
  const ok = grown("ok");
  const refused = grown("refused");
  const failed = grown("failed");
  const tried = ok + refused + failed;
  const errorRatio = tried === 0 ? null : failed / tried;
  const reading = { kind: "outcomes", ok, refused, failed, errorRatio } as const;
  return { service: null, covered: covered(samples, window), reading };
}

function ownGauge(local: Local, service: string, series: string, window: Window): Read {
  const samples = scrapes(local, service);
  const last = lastReading(samples, series);
  const summary = last && { service, ...summarizeSeries(gauge(samples, series, window), last) };
  return {
    service,
    covered: covered(samples, window),
    reading: { kind: "gauge", unit: "count", series: summary ? [summary] : [] },
  };
}

function perService(
  local: Local,
  unit: "bytes" | "percent",
  window: Window,
  pointsOf: (samples: readonly Sample[]) => readonly Point[],
): Read {
  const chosen = local.stack.services.filter(
    ({ name }) => local.service === null || name === local.service,
  );
  const series = chosen.flatMap(({ name }) => {
    const points = pointsOf(local.samplesOf(name));
    const last = points.at(-1);
    return last ? [{ service: name, ...summarizeSeries(points, last) }] : [];
  });
  const spans = chosen.flatMap(({ name }) => covered(local.samplesOf(name), window) ?? []);
  // The numbers stand side by side: all of them are of the shortest stretch.
  const shortest = spans.sort((one, other) => other.fromMs - one.fromMs)[0];
  return { service: local.service, covered: shortest, reading: { kind: "gauge", unit, series } };
}

function readRestarts(local: Local): Read {
  const services = local.stack.services
    .filter(({ name }) => local.service === null || name === local.service)
    .map(({ name, restarts, lastExit }) => ({
      service: name,
      restarts,
      lastExit: lastExit ?? null,
    }));
  return { service: local.service, covered: undefined, reading: { kind: "restarts", services } };
}

function scrapes(local: Local, service: string): readonly Sample[] {
  return local.samplesOf(service).filter(({ scraped }) => scraped);
}

function memoryPoints(samples: readonly Sample[], window: Window): Point[] {
  return samples
    .filter(({ atMs }) => atMs >= window.fromMs)
    .flatMap(({ atMs, memoryBytes }) =>
      memoryBytes === undefined ? [] : [{ atMs, value: memoryBytes }],
    );
}
