import { z } from "zod";
import type { OpsDeps } from "./deps.ts";
import type { Covered } from "./local/history.ts";
import { type PanelReading, panels, readPanel } from "./panels.ts";
import { metricsText } from "./text/metrics-text.ts";
import type { NoDataCause, Tool, ToolResult } from "./tool.ts";
import { resolveWindow, type Window, windowBefore, windowInput } from "./window.ts";

const input = z.object({
  panel: z.enum(panels).describe("what to look at"),
  service: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("for cpu, memory and restarts: only this service"),
  ...windowInput,
  compare: z.boolean().default(false).describe("also read the window of equal length before"),
});

/** A panel over its window. */
export type MetricsRead = {
  readonly panel: (typeof panels)[number];
  readonly service: string | null;
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
    "A named panel over a window. messages and send_rate are exact; the others come from samples taken every 5 s since the bot started, and say which part of the window they cover.",
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
  const window = resolveWindow(wanted, deps.nowMs(), deps.timeZone);
  const current = await readPanel(deps, wanted.panel, wanted.service, window, signal);
  const data = {
    panel: wanted.panel,
    service: current.service,
    window,
    reading: current.reading,
    covered: current.covered ? describe(current.covered) : null,
    previous: wanted.compare ? await readPrevious(deps, wanted, window, signal) : null,
  };
  const causes = causesOf(current.reading, current.covered);
  return causes.length === 0 ? { outcome: "ok", data } : { outcome: "no_data", causes, data };
}

async function readPrevious(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  window: Window,
  signal: AbortSignal,
): Promise<MetricsRead["previous"]> {
  const before = windowBefore(window, wanted.since);
  const { reading, covered } = await readPanel(deps, wanted.panel, wanted.service, before, signal);
  // Half of a window compares with nothing.
  const isUsable = covered === undefined || covered.whole;
  return isUsable && !isEmpty(reading) ? { window: before, reading } : null;
}

function causesOf(reading: PanelReading, covered: Covered | undefined): readonly NoDataCause[] {
  if (!isEmpty(reading)) return [];
  return covered ? ["not_measured"] : ["no_samples_yet"];
}

function isEmpty(reading: PanelReading): boolean {
  switch (reading.kind) {
    case "messages":
    case "rate":
      return false;
    case "gauge":
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
