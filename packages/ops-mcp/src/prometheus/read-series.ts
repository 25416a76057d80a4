import type { HttpBackend } from "../backends/http-backend.ts";
import type { Panel } from "../panels.ts";
import { maxPoints, type SeriesSummary, summarizeSeries } from "../series.ts";
import type { Window } from "../window.ts";
import { type PanelQuery, type PanelUnit, panelQueries } from "./panel-queries.ts";
import { type PromSeries, queryRange } from "./prometheus-api.ts";

/** Series that Prometheus has given. */
export type SeriesReading = {
  readonly kind: "series";
  /** Unknown for a query of the asker's own. */
  readonly unit: PanelUnit | "unknown";
  /** What was run. */
  readonly queries: readonly string[];
  readonly stepSeconds: number;
  /** The largest by their last values. */
  readonly series: readonly NamedSeries[];
  readonly total: number;
  readonly omitted: number;
  readonly warnings: readonly string[];
};

export type NamedSeries = SeriesSummary & { readonly name: string };

const mostSeries = 20;
const shortestStepSeconds = 5;
// Three scrapes of Prometheus' default of a minute would hide what happens in short windows; ours
// scrape every 5 to 15 s.
const shortestRangeSeconds = 60;

export async function readPanelSeries(
  backend: HttpBackend,
  panel: Panel,
  service: string | undefined,
  window: Window,
  signal: AbortSignal,
): Promise<SeriesReading> {
  const stepSeconds = stepOf(window);
  const windowSeconds = Math.max(1, Math.round((window.untilMs - window.fromMs) / 1_000));
  const range = Math.max(shortestRangeSeconds, 4 * stepSeconds);
  const queries = panelQueries(panel, service, range, windowSeconds);
  return await readQueries(backend, queries, window, stepSeconds, signal);
}

/** A query of the asker's own. */
export async function readQuerySeries(
  backend: HttpBackend,
  query: string,
  window: Window,
  signal: AbortSignal,
): Promise<SeriesReading> {
  const queries = [{ name: "", query, unit: "count" as const }];
  const reading = await readQueries(backend, queries, window, stepOf(window), signal);
  return { ...reading, unit: "unknown" };
}

async function readQueries(
  backend: HttpBackend,
  queries: readonly PanelQuery[],
  window: Window,
  stepSeconds: number,
  signal: AbortSignal,
): Promise<SeriesReading> {
  // Counted from the end, so that the newest value is that of the window's end.
  const steps = Math.floor((window.untilMs - window.fromMs) / (1_000 * stepSeconds));
  const fromMs = window.untilMs - steps * stepSeconds * 1_000;
  const range = { fromMs, untilMs: window.untilMs, stepSeconds };
  const answers = await Promise.all(
    queries.map(({ query }) => queryRange(backend, query, range, signal)),
  );
  const all = answers
    .flatMap(({ series }, index) => series.map((one) => named(one, queries[index]?.name ?? "")))
    .toSorted((one, other) => other.last - one.last);
  return {
    kind: "series",
    unit: queries[0]?.unit ?? "unknown",
    queries: queries.map(({ query }) => query),
    stepSeconds,
    series: all.slice(0, mostSeries),
    total: all.length,
    omitted: Math.max(0, all.length - mostSeries),
    warnings: answers.flatMap(({ warnings }) => warnings).slice(0, 5),
  };
}

/** Prometheus gives a point at each end of a window. */
function stepOf({ fromMs, untilMs }: Window): number {
  return Math.max(shortestStepSeconds, Math.ceil((untilMs - fromMs) / 1_000 / (maxPoints - 1)));
}

function named({ labels, points }: PromSeries, name: string): NamedSeries {
  const last = points.at(-1) ?? { atMs: 0, value: 0 };
  return { name: name === "" ? labelText(labels) : name, ...summarizeSeries(points, last) };
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = "", ...rest } = labels;
  const values = Object.entries(rest);
  const [only] = values;
  // One label says which series it is: `gateway`.
  if (only && values.length === 1 && name === "") return only[1];
  const text = values.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",");
  return text === "" ? name || "value" : `${name}{${text}}`;
}
