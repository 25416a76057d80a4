import { z } from "zod";
import { requireBackend } from "./backends/require-backend.ts";
import type { OpsDeps } from "./deps.ts";
import type { Covered } from "./local/history.ts";
import { type Panel, type PanelReading, panels, readPanel } from "./panels.ts";
import { readPanelSeries, readQuerySeries } from "./prometheus/read-series.ts";
import { resolveService, serviceNames } from "./service-name.ts";
import { metricsText } from "./text/metrics-text.ts";
import { type NoDataCause, type Tool, ToolError, type ToolResult } from "./tool.ts";
import { resolveWindow, type Window, windowBefore, windowInput } from "./window.ts";

const input = z.object({
  panel: z.enum(panels).optional().describe("what to look at; or give a query"),
  query: z.string().min(1).max(1_000).optional().describe("PromQL, where Prometheus is configured"),
  service: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("for cpu, memory and restarts: only this one"),
  ...windowInput,
  compare: z.boolean().default(false).describe("also read the window of equal length before"),
});

/** A panel, or the series of a query, over a window. */
export type MetricsRead = {
  /** Null for a query of the asker's own. */
  readonly panel: Panel | null;
  readonly service: string | null;
  readonly source: "local" | "prometheus";
  readonly window: Window;
  readonly reading: PanelReading;
  /** Null where the numbers are exact for the window; else what the samples really cover. */
  readonly covered: Coverage | null;
  /** The same of the window before, when asked for and known. */
  readonly previous: { readonly window: Window; readonly reading: PanelReading } | null;
};

/** RFC 3339. */
export type Coverage = { readonly from: string; readonly until: string; readonly whole: boolean };

/** Numbers about the running system. */
export const getMetrics: Tool<"get_metrics", typeof input, MetricsRead> = {
  name: "get_metrics",
  description:
    "A named panel or a PromQL query over a window: last, min, mean, max, trend. messages and send_rate are exact; what samples do not cover is said.",
  input,
  access: "read",
  run: readMetrics,
  toText: metricsText,
};

async function readMetrics(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  signal: AbortSignal,
): Promise<ToolResult<MetricsRead>> {
  if ((wanted.panel === undefined) === (wanted.query === undefined)) {
    throw new ToolError("bad_input", "give either a panel or a query");
  }
  const window = resolveWindow(wanted, deps.nowMs(), deps.timeZone);
  const current = await readOne(deps, wanted, window, signal);
  const data = {
    panel: wanted.panel ?? null,
    service: current.service,
    source: current.source,
    window,
    reading: current.reading,
    covered: current.covered ? describe(current.covered) : null,
    previous: wanted.compare ? await readPrevious(deps, wanted, window, signal) : null,
  };
  const causes = causesOf(current.reading, current.covered);
  return causes.length === 0 ? { outcome: "ok", data } : { outcome: "no_data", causes, data };
}

type One = {
  readonly reading: PanelReading;
  readonly covered: Covered | undefined;
  readonly service: string | null;
  readonly source: "local" | "prometheus";
};

/** From the local stack where there is one and it was asked for a panel, else from Prometheus. */
async function readOne(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  window: Window,
  signal: AbortSignal,
): Promise<One> {
  const { panel, query, service } = wanted;
  if (panel === undefined) {
    const prometheus = requireBackend(deps, "prometheus");
    const reading = await readQuerySeries(prometheus, query ?? "", window, signal);
    return { reading, covered: undefined, service: null, source: "prometheus" };
  }
  const isExact = panel === "messages" || panel === "send_rate";
  const { prometheus } = deps.backends;
  if (deps.local || !prometheus || isExact) {
    return { ...(await readPanel(deps, panel, service, window, signal)), source: "local" };
  }
  const resolved = service === undefined ? undefined : canonicalName(service);
  const reading = await readPanelSeries(prometheus, panel, resolved, window, signal);
  return { reading, covered: undefined, service: resolved ?? null, source: "prometheus" };
}

function canonicalName(service: string): string {
  const resolved = resolveService(service, Object.keys(serviceNames));
  if (resolved.found) return resolved.name;
  const message = `no service is called ${service}`;
  throw new ToolError("unknown_service", message, { near: resolved.near });
}

async function readPrevious(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  window: Window,
  signal: AbortSignal,
): Promise<MetricsRead["previous"]> {
  const before = windowBefore(window, wanted.since);
  const { reading, covered } = await readOne(deps, wanted, before, signal);
  // Half of a window compares with nothing.
  const isUsable = covered === undefined || covered.whole;
  return isUsable && !isEmpty(reading) ? { window: before, reading } : null;
}

function causesOf(reading: PanelReading, covered: Covered | undefined): readonly NoDataCause[] {
  if (!isEmpty(reading)) return [];
  if (reading.kind === "series") return ["no_such_series"];
  return covered ? ["not_measured"] : ["no_samples_yet"];
}

function isEmpty(reading: PanelReading): boolean {
  switch (reading.kind) {
    case "messages":
    case "rate":
      return false;
    case "gauge":
    case "series":
      return reading.series.length === 0;
    case "latency":
      return reading.count === 0;
    case "outcomes":
      return reading.ok + reading.refused + reading.failed === 0;
    case "restarts":
      return reading.services.length === 0;
    default:
      return reading satisfies never;
  }
}

function describe(covered: Covered): Coverage {
  return {
    from: new Date(covered.fromMs).toISOString(),
    until: new Date(covered.untilMs).toISOString(),
    whole: covered.whole,
  };
}
