import { z } from "zod";
import type { OpsDeps } from "./deps.ts";
import { logFiles } from "./local/log-files.ts";
import { type LogFindings, searchLog } from "./local/search-log.ts";
import { readStackFile, requireLocal, requireService } from "./local/stack-file.ts";
import type { Level } from "./log-line.ts";
import { logsText } from "./text/logs-text.ts";
import { compileFilter } from "./text-filter.ts";
import { type NoDataCause, type Tool, ToolError, type ToolResult } from "./tool.ts";
import { resolveWindow, type Window, windowInput } from "./window.ts";

const input = z.object({
  service: z.string().min(1).max(64).describe("gateway, logic, task, bot, mysql or nats"),
  ...windowInput,
  level: z.enum(["debug", "info", "warn", "error"]).optional().describe("lowest severity"),
  include: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("text that lines must have, without case; a|b and 5\\d\\d are understood"),
  exclude: z.string().min(1).max(200).optional().describe("text that lines must not have"),
  limit: z.number().int().min(1).max(500).default(100).describe("the last so many lines"),
});

/** What was searched for, and what of it was found. */
export type LogsFound = Omit<LogFindings, "oldestReadMs" | "bytesTotal"> & {
  readonly service: string;
  readonly window: Window;
  readonly level: Level | null;
  readonly include: string | null;
  readonly exclude: string | null;
  /** Matches that are not among the lines shown. */
  readonly omitted: number;
  /** Set when the log holds nothing from before this instant, so the window is not whole. */
  readonly logBegins: string | null;
};

const budgetMs = 20_000;

/** Lines of one service's log. */
export const getLogs: Tool<"get_logs", typeof input, LogsFound> = {
  name: "get_logs",
  description:
    "Lines of a service's log in a window: total, counts by level, the first error and the last lines. Says what was left out.",
  input,
  access: "read",
  run: findLogs,
  toText: logsText,
};

async function findLogs(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  signal: AbortSignal,
): Promise<ToolResult<LogsFound>> {
  const stack = await readStackFile(requireLocal(deps).stackFile, signal);
  const service = requireService(stack, wanted.service);
  const window = resolveWindow(wanted, deps.nowMs(), deps.timeZone);
  const asked = {
    service: service.name,
    window,
    level: wanted.level ?? null,
    include: wanted.include ?? null,
    exclude: wanted.exclude ?? null,
  };
  if (!service.logFile) {
    const data = { ...asked, ...nothing, omitted: 0, logBegins: null };
    return { outcome: "no_data", causes: ["service_has_no_log"], data };
  }
  const query = {
    fromMs: window.fromMs,
    untilMs: window.untilMs,
    lowest: wanted.level,
    include: wanted.include === undefined ? undefined : compileFilter(wanted.include),
    exclude: wanted.exclude === undefined ? undefined : compileFilter(wanted.exclude),
    limit: wanted.limit,
    budgetMs,
  };
  const files = await logFiles(service.logFile);
  const found = await searchLog(files, query, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new ToolError("unreadable", "the service's log file cannot be read", { cause });
  });
  const { oldestReadMs, bytesTotal, ...rest } = found;
  const beginsLater = found.complete && (oldestReadMs ?? 0) > window.fromMs;
  const logBegins =
    beginsLater && oldestReadMs !== undefined ? new Date(oldestReadMs).toISOString() : null;
  const data = { ...asked, ...rest, omitted: found.total - found.shown.length, logBegins };
  if (found.total > 0) return { outcome: "ok", data };
  return { outcome: "no_data", causes: causesOf(found, bytesTotal, logBegins), data };
}

function causesOf(
  found: LogFindings,
  bytesTotal: number,
  logBegins: string | null,
): readonly NoDataCause[] {
  if (bytesTotal === 0) return ["log_is_empty"];
  const causes: NoDataCause[] = ["nothing_matches"];
  if (logBegins !== null && found.linesInWindow === 0) causes.push("log_begins_later");
  return causes;
}

const nothing = {
  total: 0,
  linesInWindow: 0,
  byLevel: { trace: 0, debug: 0, info: 0, warn: 0, error: 0, fatal: 0 },
  shown: [],
  firstError: undefined,
  complete: true,
  incompleteBecause: undefined,
} as const;
