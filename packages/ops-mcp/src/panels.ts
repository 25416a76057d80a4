import type { OpsDeps } from "./deps.ts";
import {
  bucketIncreases,
  type Covered,
  covered,
  cpuPercent,
  gauge,
  increase,
  type Point,
  quantile,
  type Sample,
} from "./local/history.ts";
import { readStackFile, requireLocal, requireService, type Stack } from "./local/stack-file.ts";
import { ToolError } from "./tool.ts";
import type { Window } from "./window.ts";

/** What can be measured on the local back end. */
export const panels = [
  "messages",
  "send_rate",
  "send_latency",
  "error_rate",
  "connections",
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
      readonly points: readonly SeriesPoint[];
    }
  | {
      readonly kind: "latency";
      readonly count: number;
      readonly p50Ms: number | null;
      readonly p95Ms: number | null;
      readonly p99Ms: number | null;
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
    };

/** A value that goes up and down, within the window. */
export type GaugeSeries = {
  readonly service: string;
  /** The newest reading, whether or not it lies in the window. */
  readonly last: number;
  readonly lastAt: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly points: readonly SeriesPoint[];
};

export type SeriesPoint = { readonly at: string; readonly value: number };

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

const maxPoints = 120;

/** Reads one panel. Panels other than the counts of messages look at the stack now, too. */
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
    case "outbox_backlog":
      return ownGauge(local, "logic", "resonance_logic_outbox_pending", window);
    case "send_latency":
      return readLatency(local, window);
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
    points,
  } as const;
  return { ...exact, reading };
}

function readLatency(local: Local, window: Window): Read {
  const samples = scrapes(local, "logic");
  const buckets = bucketIncreases(samples, "resonance_logic_send_duration_seconds", window);
  const milliseconds = (q: number) => {
    const seconds = quantile(buckets, q);
    return seconds === undefined ? null : seconds * 1_000;
  };
  return {
    service: null,
    covered: covered(samples, window),
    reading: {
      kind: "latency",
      count: buckets.at(-1)?.count ?? 0,
      p50Ms: milliseconds(0.5),
      p95Ms: milliseconds(0.95),
      p99Ms: milliseconds(0.99),
    },
  };
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
  const latest = samples.findLast((sample) => sample.series.has(series));
  const last = latest && { atMs: latest.atMs, value: latest.series.get(series) ?? 0 };
  const summary = last && summarize(service, gauge(samples, series, window), last);
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
    return last ? [summarize(name, points, last)] : [];
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

function summarize(service: string, points: readonly Point[], last: Point): GaugeSeries {
  const values = points.length > 0 ? points.map(({ value }) => value) : [last.value];
  return {
    service,
    last: last.value,
    lastAt: new Date(last.atMs).toISOString(),
    min: Math.min(...values),
    max: Math.max(...values),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    points: thin(points).map(({ atMs, value }) => ({ at: new Date(atMs).toISOString(), value })),
  };
}

/** At most 120 points, each the mean of its neighbours. */
function thin(points: readonly Point[]): readonly Point[] {
  if (points.length <= maxPoints) return points;
  const step = Math.ceil(points.length / maxPoints);
  return Array.from({ length: Math.ceil(points.length / step) }, (_, index) => {
    const group = points.slice(index * step, (index + 1) * step);
    const value = group.reduce((sum, point) => sum + point.value, 0) / group.length;
    return { atMs: group[0]?.atMs ?? 0, value };
  });
}
