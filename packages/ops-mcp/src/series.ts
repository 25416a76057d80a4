/** One value of a series. */
export type SeriesPoint = { readonly at: string; readonly value: number };

export type Trend = "rising" | "falling" | "flat" | "unknown";

/** What a series was like over a window. */
export type SeriesSummary = {
  /** The newest value. */
  readonly last: number;
  readonly lastAt: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly trend: Trend;
  /** At most 120, oldest first, each the mean of its neighbours. */
  readonly points: readonly SeriesPoint[];
};

type Point = { readonly atMs: number; readonly value: number };

export const maxPoints = 120;
const notable = 0.15;

/** @param last stands for the newest value where it is younger than the points. */
export function summarizeSeries(points: readonly Point[], last: Point): SeriesSummary {
  const values = points.length > 0 ? points.map(({ value }) => value) : [last.value];
  return {
    last: last.value,
    lastAt: new Date(last.atMs).toISOString(),
    min: values.reduce((least, value) => Math.min(least, value), Infinity),
    max: values.reduce((most, value) => Math.max(most, value), -Infinity),
    mean: mean(values),
    trend: trendOf(values),
    points: thin(points, maxPoints).map(({ atMs, value }) => ({
      at: new Date(atMs).toISOString(),
      value,
    })),
  };
}

/**
 * Whether the last third lies above the first one by more than 15 % of the mean. Unknown for fewer
 * than six values.
 */
export function trendOf(values: readonly number[]): Trend {
  if (values.length < 6) return "unknown";
  const third = Math.floor(values.length / 3);
  const change = mean(values.slice(-third)) - mean(values.slice(0, third));
  const scale = Math.abs(mean(values));
  if (Math.abs(change) <= notable * scale || change === 0) return "flat";
  return change > 0 ? "rising" : "falling";
}

/** At most so many points, each the mean of its neighbours. */
export function thin(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const step = Math.ceil(points.length / most);
  return Array.from({ length: Math.ceil(points.length / step) }, (_, index) => {
    const group = points.slice(index * step, (index + 1) * step);
    return { atMs: group[0]?.atMs ?? 0, value: mean(group.map(({ value }) => value)) };
  });
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
