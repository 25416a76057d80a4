export { type BackendConfig, backendSettings } from "./backends/config.ts";
export { type Backends, noBackends, openBackends } from "./backends/open-backends.ts";
export { callTool } from "./call-tool.ts";
export { type OpsToolDefinition, toolDefinitions } from "./definitions.ts";
export type { CountMessages, LocalBackend, MessageCount, OpsDeps } from "./deps.ts";
export type { Described } from "./describe.ts";
export type { Diagnosis } from "./diagnose/diagnose.ts";
export type { Finding, FindingCode, Look, Severity } from "./diagnose/finding.ts";
export type { LogLine } from "./format-line.ts";
export { type FoundTarget, foundTargets } from "./found-targets.ts";
export type { Alert, AlertsListed } from "./get-alerts.ts";
export type { LogsFound } from "./get-logs.ts";
export type { Coverage, MetricsRead } from "./get-metrics.ts";
export type {
  DatabaseStatus,
  ImStatus,
  ReadSystemStatus,
  StreamStatus,
  SystemStatus,
} from "./im-status.ts";
export { type KubeApi, kubeApiOf } from "./kube/kube-api.ts";
export type { EventGroup, EventsListed } from "./list-events.ts";
export type { MetricName, MetricsListed } from "./list-metrics.ts";
export type { PodRow, PodsListed } from "./list-pods.ts";
export type { ServiceRow, ServiceState, ServicesListed } from "./list-services.ts";
export { type Sampler, type SamplerOptions, startSampler } from "./local/sampler.ts";
export { type Level, levels } from "./log-line.ts";
export { countMessagesOf } from "./logic/count-messages.ts";
export { readSystemStatusOf } from "./logic/read-system-status.ts";
export { type GaugeSeries, type Panel, type PanelReading, panels } from "./panels.ts";
export type { NamedSeries, SeriesReading } from "./prometheus/read-series.ts";
export { createKubeRestarter } from "./restart/kube-restarter.ts";
export { createLocalRestarter, type RequestRestart } from "./restart/local-restarter.ts";
export { openRestarter } from "./restart/open-restarter.ts";
export type {
  RestartEvidence,
  Restarter,
  RestartObstacle,
  RestartProgress,
  RestartTarget,
} from "./restart/restarter.ts";
export type { RestartRequested } from "./restart-service.ts";
export type { SeriesPoint, SeriesSummary, Trend } from "./series.ts";
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
  type Tool,
  ToolError,
  type ToolErrorCause,
  type ToolResult,
} from "./tool.ts";
export {
  type OpsTools,
  opsTools,
  type ToolInput,
  type ToolName,
  type ToolOutput,
} from "./tools.ts";
export type { Window } from "./window.ts";
export { formatLocal } from "./zone.ts";
