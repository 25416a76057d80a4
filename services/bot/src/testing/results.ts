import type {
  GaugeSeries,
  LogLine,
  LogsFound,
  MetricsRead,
  PanelReading,
  ServiceRow,
  Window,
} from "@resonance/ops-mcp";
import { windowBetween } from "@resonance/ops-mcp";

const until = Date.parse("2026-11-22T10:30:00.000Z");

/** The last hour before 2026-11-22 10:30 UTC, unless told. */
export function windowOf(
  wanted: Partial<Pick<Window, "fromMs" | "untilMs" | "timeZone" | "isDefault" | "endsNow">>,
): Window {
  const fromMs = wanted.fromMs ?? until - 3_600_000;
  const untilMs = wanted.untilMs ?? until;
  const timeZone = wanted.timeZone ?? "UTC";
  const { isDefault = false, endsNow = untilMs >= until } = wanted;
  return { ...windowBetween(fromMs, untilMs, timeZone), isDefault, endsNow };
}

/** An info line of 10:00 UTC. */
export function logLine(text: string, more: Partial<LogLine> = {}): LogLine {
  return { at: "2026-11-22T10:00:00.000Z", level: "info", text, raw: text, ...more };
}

/** The lines as the tool found them, all of them info. */
export function logsFound(lines: readonly LogLine[], more: Partial<LogsFound> = {}): LogsFound {
  return {
    service: "gateway",
    source: "file",
    target: "gateway",
    pods: [],
    podsOmitted: 0,
    otherContainers: [],
    query: null,
    previous: false,
    mode: "lines",
    window: windowOf({}),
    level: null,
    include: null,
    includeKind: null,
    exclude: null,
    total: lines.length,
    linesInWindow: lines.length,
    warningsInWindow: 0,
    byLevel: { trace: 0, debug: 0, info: lines.length, warn: 0, error: 0, fatal: 0 },
    shown: lines,
    matchesShown: lines.length,
    firstError: undefined,
    aroundFirstError: [],
    patterns: [],
    otherPatterns: 0,
    counts: [],
    cursor: null,
    complete: true,
    incompleteBecause: undefined,
    omitted: 0,
    logBegins: null,
    ...more,
  };
}

/** A running service of ours that nothing is wrong with. */
export function serviceRow(name: string, more: Partial<ServiceRow> = {}): ServiceRow {
  return {
    name,
    kind: "service",
    state: "running",
    pid: 1,
    version: null,
    uptimeSeconds: 90,
    restarts: 0,
    lastExit: null,
    memoryBytes: 50 * 1024 ** 2,
    cpuPercent: 1.25,
    ...more,
  };
}

/** A panel as the tool read it, exact for the last hour. */
export function metricsRead(
  panel: MetricsRead["panel"],
  reading: PanelReading,
  more: Partial<MetricsRead> = {},
): MetricsRead {
  return {
    panel,
    service: null,
    source: "local",
    window: windowOf({}),
    reading,
    covered: null,
    previous: null,
    ...more,
  };
}

/** A gauge that stood still. */
export function gaugeSeries(service: string, value: number): GaugeSeries {
  const lastAt = new Date(until).toISOString();
  return {
    service,
    last: value,
    lastAt,
    min: value,
    max: value,
    mean: value,
    trend: "flat",
    points: [],
  };
}
