import type { z } from "zod";
import { describe } from "./describe.ts";
import { diagnose } from "./diagnose/diagnose.ts";
import { getAlerts } from "./get-alerts.ts";
import { getLogs } from "./get-logs.ts";
import { getMetrics } from "./get-metrics.ts";
import { imStatus } from "./im-status.ts";
import { listEvents } from "./list-events.ts";
import { listMetrics } from "./list-metrics.ts";
import { listPods } from "./list-pods.ts";
import { listServices } from "./list-services.ts";
import { restartService } from "./restart-service.ts";
import type { Tool, ToolResult } from "./tool.ts";

/** All tools, in the order in which a model sees them. */
export const opsTools = {
  list_services: listServices,
  list_pods: listPods,
  get_logs: getLogs,
  get_metrics: getMetrics,
  list_metrics: listMetrics,
  describe,
  list_events: listEvents,
  diagnose,
  get_alerts: getAlerts,
  im_status: imStatus,
  restart_service: restartService,
} as const;

export type OpsTools = typeof opsTools;
export type ToolName = keyof OpsTools;

/** What a caller gives to a tool, defaults left out. */
export type ToolInput<Name extends ToolName> = z.input<OpsTools[Name]["input"]>;

/** What comes out of a tool. */
export type ToolOutput<Name extends ToolName> =
  OpsTools[Name] extends Tool<Name, z.ZodType, infer Data> ? ToolResult<Data> : never;
