import type { MetricsRead } from "../get-metrics.ts";
import type { PanelReading } from "../panels.ts";
import { shortNumber, windowText } from "./window-text.ts";

/** A panel's numbers, what they cover, and the window before where it was asked for. */
export function metricsText(read: MetricsRead): string {
  const lines = [
    `${read.panel}${read.service === null ? "" : ` of ${read.service}`}; ${windowText(read.window)}`,
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
      return [
        `mean ${shortNumber(reading.perSecond)}/s, max ${shortNumber(reading.highestPerSecond)}/s, total ${reading.total}; exact`,
      ];
    case "latency":
      return [
        `p50 ${milliseconds(reading.p50Ms)}, p95 ${milliseconds(reading.p95Ms)}, p99 ${milliseconds(reading.p99Ms)} over ${reading.count} sends`,
      ];
    case "outcomes":
      return [
        `ok ${reading.ok}, refused ${reading.refused}, failed ${reading.failed}, error ratio ${reading.errorRatio === null ? "unknown" : shortNumber(reading.errorRatio)}`,
      ];
    case "gauge":
      return reading.series.map(
        ({ service, last, min, mean, max }) =>
          `${service}: last ${shortNumber(last)}, min ${shortNumber(min)}, mean ${shortNumber(mean)}, max ${shortNumber(max)} ${reading.unit}`,
      );
    case "restarts":
      return reading.services.map(
        ({ service, restarts, lastExit }) =>
          `${service}: ${restarts}${lastExit === null ? "" : `, last exit: ${lastExit}`}`,
      );
    default:
      return reading satisfies never;
  }
}

function milliseconds(value: number | null): string {
  return value === null ? "unknown" : `${shortNumber(value)} ms`;
}
