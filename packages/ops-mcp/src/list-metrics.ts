import { z } from "zod";
import { requireBackend } from "./backends/require-backend.ts";
import type { OpsDeps } from "./deps.ts";
import { readStackFile } from "./local/stack-file.ts";
import { cursorInput, type Page, pageOf } from "./page-of.ts";
import { panels } from "./panels.ts";
import { metricMetadata, metricNames } from "./prometheus/prometheus-api.ts";
import { metricNamesText } from "./text/metric-names-text.ts";
import { compileFilter } from "./text-filter.ts";
import type { Tool, ToolResult } from "./tool.ts";

const input = z.object({
  match: z.string().min(1).max(200).optional().describe("pattern that names must match"),
  limit: z.number().int().min(1).max(200).default(50),
  cursor: cursorInput,
});

export type MetricName = {
  readonly name: string;
  /** counter, gauge, histogram …; null where nobody said. */
  readonly type: string | null;
  readonly help: string | null;
};

export type MetricsListed = Page<MetricName> & {
  readonly source: "prometheus" | "local";
  readonly match: string | null;
  readonly total: number;
  /** What get_metrics takes as a panel. */
  readonly panels: readonly string[];
};

const lookBackMs = 3_600_000;

/** What can be measured. */
export const listMetrics: Tool<"list_metrics", typeof input, MetricsListed> = {
  name: "list_metrics",
  description:
    "Names of metrics by pattern: of Prometheus, for queries of get_metrics; else those that the services on this machine export.",
  input,
  access: "read",
  run: findNames,
  toText: metricNamesText,
};

async function findNames(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  signal: AbortSignal,
): Promise<ToolResult<MetricsListed>> {
  const { prometheus } = deps.backends;
  const all =
    prometheus || !deps.local
      ? await namesOfPrometheus(deps, signal)
      : await ownNames(deps, signal);
  const filter = wanted.match === undefined ? undefined : compileFilter(wanted.match);
  const found = all.filter(({ name }) => !filter || filter.matches(name));
  const data = {
    source: prometheus ? ("prometheus" as const) : ("local" as const),
    match: wanted.match ?? null,
    total: found.length,
    panels,
    ...pageOf(found, wanted.cursor, wanted.limit),
  };
  if (found.length > 0) return { outcome: "ok", data };
  return { outcome: "no_data", causes: ["no_such_series"], data };
}

async function namesOfPrometheus(
  deps: OpsDeps,
  signal: AbortSignal,
): Promise<readonly MetricName[]> {
  const prometheus = requireBackend(deps, "prometheus");
  const untilMs = deps.nowMs();
  const window = { fromMs: untilMs - lookBackMs, untilMs };
  const [names, metadata] = await Promise.all([
    metricNames(prometheus, window, signal),
    metricMetadata(prometheus, signal),
  ]);
  return names.map((name) => {
    const known = metadata.get(name) ?? metadata.get(name.replace(/_(?:bucket|sum|count)$/, ""));
    return { name, type: known?.type ?? null, help: known?.help ?? null };
  });
}

async function ownNames(deps: OpsDeps, signal: AbortSignal): Promise<readonly MetricName[]> {
  const { local } = deps;
  if (!local) return [];
  await local.sampler.sampleNow(signal);
  const stack = await readStackFile(local.stackFile, signal);
  const names = stack.services.flatMap(({ name }) => {
    const last = local.sampler.samplesOf(name).at(-1);
    return [...(last?.series.keys() ?? [])].map((series) => series.replace(/\{.*$/s, ""));
  });
  return [...new Set(names)].toSorted().map((name) => ({ name, type: null, help: null }));
}
