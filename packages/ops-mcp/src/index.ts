export { backendSettings } from "./backends/config.ts";
export { noBackends, openBackends } from "./backends/open-backends.ts";
export { callTool } from "./call-tool.ts";
export { toolDefinitions } from "./definitions.ts";

export type { LocalBackend, OpsDeps } from "./deps.ts";
export type { Described } from "./describe.ts";
export type { Diagnosis } from "./diagnose/diagnose.ts";
export type { Finding, FindingCode, Look } from "./diagnose/finding.ts";
export type { LogLine } from "./format-line.ts";
export { type FoundTarget, foundTargets } from "./found-targets.ts";

export type { LogsFound } from "./get-logs.ts";
export type { MetricsRead } from "./get-metrics.ts";
export type { ImStatus, SystemStatus } from "./im-status.ts";
export type { PodRow } from "./list-pods.ts";
export type { ServiceRow, ServiceState } from "./list-services.ts";
export { startSampler } from "./local/sampler.ts";
export { type Level, levels } from "./log-line.ts";
export { countMessagesOf } from "./logic/count-messages.ts";
export { readSystemStatusOf } from "./logic/read-system-status.ts";
export { type GaugeSeries, type Panel, type PanelReading, panels } from "./panels.ts";

export type { SeriesReading } from "./prometheus/read-series.ts";
export { createLocalRestarter } from "./restart/local-restarter.ts";
export { openRestarter } from "./restart/open-restarter.ts";

export type {
  RestartEvidence,
  Restarter,
  RestartObstacle,
  RestartTarget,
} from "./restart/restarter.ts";
export type { SeriesSummary, Trend } from "./series.ts";
export {
  editDistance,
  resolveService,
  type ServiceName,
  serviceNames,
  toleratedErrors,
} from "./service-name.ts";
export { toolText } from "./text/tool-text.ts";
export {
  type AnyTool,
  type NoDataCause,
  ToolError,
  type ToolErrorCause,
  type ToolResult,
} from "./tool.ts";
export { opsTools, type ToolInput, type ToolName, type ToolOutput } from "./tools.ts";
export { type TruncateOptions, truncateRedacted } from "./truncate-redacted.ts";

export { type Window, windowBetween } from "./window.ts";
export { formatLocal } from "./zone.ts";
