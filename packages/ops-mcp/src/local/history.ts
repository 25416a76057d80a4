/** What one scrape of one service said. */
export type Sample = {
  readonly atMs: number;
  /** Of another process than before when the service was started again. */
  readonly pid: number | undefined;
  /** When the process began, by its own metrics. */
  readonly processStartMs: number | undefined;
  readonly cpuSeconds: number | undefined;
  readonly memoryBytes: number | undefined;
  /** Whether /metrics answered; without it the absence of a series says nothing. */
  readonly scraped: boolean;
  /** The service's own series, `name{label="value"}` to value. */
  readonly series: ReadonlyMap<string, number>;
};

/** One reading. */
export type Point = { readonly atMs: number; readonly value: number };

type Span = { readonly fromMs: number; readonly untilMs: number };

/** The part of a window that the samples really speak of. */
export type Covered = Span & {
  /** Whether that is the window, but for the time between two samples. */
  readonly whole: boolean;
};

const toleratedGapMs = 15_000;
// A sample is taken for the question, a moment after the window has ended.
const toleratedLateMs = 6_000;
const shortestCpuSpanMs = 1_000;

/** What a gauge showed within the window, oldest first. */
export function gauge(samples: readonly Sample[], series: string, span: Span): Point[] {
  return inside(samples, span).flatMap(({ atMs, series: values }) => {
    const value = values.get(series);
    return value === undefined ? [] : [{ atMs, value }];
  });
}

/** Processor time used between neighbouring samples, in percent of one core. */
export function cpuPercent(samples: readonly Sample[], span: Span): Point[] {
  const points: Point[] = [];
  let before: Sample | undefined;
  for (const sample of withBaseline(samples, span)) {
    if (sample.cpuSeconds === undefined) continue;
    if (before?.cpuSeconds !== undefined && before.pid === sample.pid) {
      const passedMs = sample.atMs - before.atMs;
      // Ticks of 10 ms say nothing about a shorter time.
      if (passedMs < shortestCpuSpanMs) continue;
      const usedMs = (sample.cpuSeconds - before.cpuSeconds) * 1_000;
      points.push({ atMs: sample.atMs, value: (100 * usedMs) / passedMs });
    }
    before = sample;
  }
  return points;
}

/**
 * How much a counter grew within the window, over restarts of its process. Undefined without two
 * readings. A process that began inside the window counts from its beginning.
 */
export function increase(
  samples: readonly Sample[],
  series: string,
  span: Span,
): number | undefined {
  const chosen = withBaseline(
    samples.filter(({ scraped }) => scraped),
    span,
  );
  let total = 0;
  let readings = 0;
  for (const [index, sample] of chosen.entries()) {
    const value = sample.series.get(series) ?? 0;
    const before = chosen[index - 1];
    if (before) {
      const last = before.pid === sample.pid ? (before.series.get(series) ?? 0) : 0;
      total += value >= last ? value - last : value;
      readings++;
    } else if (beganInside(sample, span)) {
      total += value;
      readings++;
    }
  }
  return readings === 0 ? undefined : total;
}

/** The part of the window that these samples speak of, or undefined when it is none. */
export function covered(samples: readonly Sample[], span: Span): Covered | undefined {
  const chosen = withBaseline(samples, span);
  const first = chosen[0];
  const last = chosen.at(-1);
  if (!first || !last) return undefined;
  const began = beganInside(first, span) ? (first.processStartMs ?? first.atMs) : first.atMs;
  const fromMs = Math.max(began, span.fromMs);
  const untilMs = Math.min(last.atMs, span.untilMs);
  const whole = fromMs - span.fromMs <= toleratedGapMs && span.untilMs - untilMs <= toleratedGapMs;
  return { fromMs, untilMs: Math.max(fromMs, untilMs), whole };
}

/** Increases of a histogram's buckets, by upper bound, ascending. */
export function bucketIncreases(
  samples: readonly Sample[],
  histogram: string,
  span: Span,
): { readonly upperBound: number; readonly count: number }[] {
  const byBound = new Map<number, number>();
  for (const name of seriesIn(samples, `${histogram}_bucket{`)) {
    const le = /le="([^"]+)"/.exec(name)?.[1];
    const bound = le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
    byBound.set(bound, (byBound.get(bound) ?? 0) + (increase(samples, name, span) ?? 0));
  }
  return [...byBound.entries()]
    .map(([upperBound, count]) => ({ upperBound, count }))
    .sort((one, other) => one.upperBound - other.upperBound);
}

/**
 * The quantile of cumulative buckets, evenly spread within its bucket as Prometheus does it.
 * Undefined when nothing was counted. Above the last finite bound, that bound.
 */
export function quantile(
  buckets: readonly { readonly upperBound: number; readonly count: number }[],
  q: number,
): number | undefined {
  const total = buckets.at(-1)?.count ?? 0;
  if (total <= 0) return undefined;
  const rank = q * total;
  let lowerBound = 0;
  let below = 0;
  for (const { upperBound, count } of buckets) {
    if (count >= rank) {
      if (upperBound === Number.POSITIVE_INFINITY) return lowerBound;
      const share = count === below ? 1 : (rank - below) / (count - below);
      return lowerBound + (upperBound - lowerBound) * share;
    }
    lowerBound = upperBound;
    below = count;
  }
  return lowerBound;
}

/** The series whose names begin so. */
export function seriesIn(samples: readonly Sample[], prefix: string): ReadonlySet<string> {
  return new Set(
    samples.flatMap(({ series }) => [...series.keys()].filter((name) => name.startsWith(prefix))),
  );
}

function inside(samples: readonly Sample[], span: Span): readonly Sample[] {
  const untilMs = span.untilMs + toleratedLateMs;
  return samples.filter(({ atMs }) => atMs >= span.fromMs && atMs <= untilMs);
}

/** The samples of the window, led by the last one before it if that is near. */
function withBaseline(samples: readonly Sample[], span: Span): readonly Sample[] {
  const first = samples.findIndex(({ atMs }) => atMs >= span.fromMs);
  const before = samples[(first === -1 ? samples.length : first) - 1];
  const near = before && span.fromMs - before.atMs <= toleratedGapMs ? [before] : [];
  return [...near, ...inside(samples, span)];
}

function beganInside(sample: Sample, span: Span): boolean {
  return sample.processStartMs !== undefined && sample.processStartMs >= span.fromMs;
}
