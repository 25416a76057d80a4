import type { MetricsRead } from "../get-metrics.ts";
import type { PanelReading } from "../panels.ts";
import { type SeriesPoint, type SeriesSummary, thin } from "../series.ts";
import { shortNumber, windowText } from "./window-text.ts";

const pointsForModel = 24;

/** A panel's numbers, what they cover, and the window before where it was asked for. */
export function metricsText(read: MetricsRead): string {
  const lines = [
    `${read.panel ?? "query"}${read.service === null ? "" : ` of ${read.service}`} (${read.source}); ${windowText(read.window)}`,
    ...readingLines(read.reading),
  ];
  if (read.covered !== null && !read.covered.whole) {
    lines.push(`INCOMPLETE: samples cover only ${read.covered.from} to ${read.covered.until}`);
  }
  if (read.previous !== null) {
    lines.push(`before: ${windowText(read.previous.window)}`);
    lines.push(...readingLines(read.previous.reading));
  }
  return lines.join("\n");
}

function readingLines(reading: PanelReading): string[] {
  switch (reading.kind) {
    case "messages":
      return [
        `total ${reading.total} (people ${reading.fromPeople}, bots ${reading.fromBots}, system ${reading.fromSystem}); exact`,
      ];
    case "rate":
      return [rateLine(reading), ...pointLines(reading.points)];
    case "latency":
      return [
        `p50 ${milliseconds(reading.p50Ms)}, p95 ${milliseconds(reading.p95Ms)}, p99 ${milliseconds(reading.p99Ms)} over ${reading.count} sends`,
        ...pointLines(reading.p99Points).map((line) => `p99 ${line}`),
      ];
    case "outcomes":
      return [
        `ok ${reading.ok}, refused ${reading.refused}, failed ${reading.failed}, error ratio ${reading.errorRatio === null ? "unknown" : shortNumber(reading.errorRatio)}`,
      ];
    case "gauge":
      return reading.series.flatMap((series) =>
        summaryLines(series.service, series, reading.unit, reading.series.length),
      );
    case "restarts":
      return reading.services.map(
        ({ service, restarts, lastExit }) =>
          `${service}: ${restarts}${lastExit === null ? "" : `, last exit: ${lastExit}`}`,
      );
    case "series":
      return [
        ...reading.queries.map((query) => `query: ${query} (step ${reading.stepSeconds} s)`),
        ...reading.warnings.map((warning) => `warning: ${warning}`),
        `${reading.total} series; shown ${reading.series.length}, left out ${reading.omitted}`,
        ...reading.series.flatMap((series) =>
          summaryLines(series.name, series, reading.unit, reading.series.length),
        ),
      ];
    default:
      return reading satisfies never;
  }
}

function rateLine(reading: Extract<PanelReading, { kind: "rate" }>): string {
  const values = reading.points.map(({ value }) => value);
  const numbers = {
    last: values.at(-1) ?? reading.perSecond,
    min: Math.min(reading.perSecond, ...values),
    mean: reading.perSecond,
    max: reading.highestPerSecond,
  };
  const text = Object.entries(numbers).map(([key, value]) => `${key} ${shortNumber(value)}/s`);
  return `${text.join(", ")}, total ${reading.total}, trend ${reading.trend}; exact`;
}

function summaryLines(name: string, summary: SeriesSummary, unit: string, count: number): string[] {
  const { last, min, mean, max, trend } = summary;
  const numbers = { last, min, mean, max };
  const text = Object.entries(numbers).map(([key, value]) => `${key} ${shortNumber(value)}`);
  const unitText = unit === "unknown" ? "" : ` ${unit}`;
  const line = `${name}: ${text.join(", ")}${unitText}, trend ${trend}`;
  // Twenty series of points are a page that nobody reads.
  return count > 5 ? [line] : [line, ...pointLines(summary.points)];
}

function pointLines(points: readonly SeriesPoint[]): string[] {
  if (points.length < 2) return [];
  const few = thin(
    points.map(({ at, value }) => ({ atMs: Date.parse(at), value })),
    pointsForModel,
  );
  const [first] = few;
  const last = few.at(-1);
  if (!first || !last) return [];
  const values = few.map(({ value }) => shortNumber(value)).join(" ");
  return [
    `points from ${new Date(first.atMs).toISOString()} to ${new Date(last.atMs).toISOString()}: ${values}`,
  ];
}

function milliseconds(value: number | null): string {
  return value === null ? "unknown" : `${shortNumber(value)} ms`;
}
