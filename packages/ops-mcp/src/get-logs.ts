import { z } from "zod";
import type { OpsDeps } from "./deps.ts";
import { nextCursor, parseLogCursor } from "./log-cursor.ts";
import type { Level } from "./log-line.ts";
import type { LogQuery } from "./log-query.ts";
import type { LogFindings } from "./log-tally.ts";
import { readFrom } from "./read-logs.ts";
import { logsText } from "./text/logs-text.ts";
import { compileFilter } from "./text-filter.ts";
import type { NoDataCause, Tool, ToolResult } from "./tool.ts";
import { resolveWindow, type Window, windowBetween, windowInput } from "./window.ts";

const input = z.object({
  service: z.string().min(1).max(253).describe("service, workload or pod"),
  namespace: z.string().min(1).max(63).optional().describe("Kubernetes only"),
  container: z.string().min(1).max(63).optional().describe("Kubernetes only"),
  previous: z.boolean().default(false).describe("from before the last restart"),
  ...windowInput,
  level: z.enum(["debug", "info", "warn", "error"]).optional().describe("lowest severity"),
  include: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      "RE2 pattern that lines must match, without case; a dot is a dot, 502 a number of its own",
    ),
  exclude: z.string().min(1).max(200).optional().describe("pattern that lines must not match"),
  mode: z
    .enum(["lines", "patterns", "count"])
    .default("lines")
    .describe("patterns: alike lines as one, with counts; count: totals over time"),
  limit: z.number().int().min(1).max(500).default(100).describe("the last so many lines"),
  context: z.number().int().min(0).max(10).default(0).describe("lines around each match"),
  cursor: z.string().max(60).optional().describe("from the answer before: goes on further back"),
});

export type LogsInput = z.output<typeof input>;

/** What was searched for, and what of it was found. */
export type LogsFound = Omit<LogFindings, "oldestReadMs" | "bytesTotal"> & {
  readonly service: string;
  /** What was read: a file of this machine, pods, or what Loki has collected. */
  readonly source: "file" | "pods" | "loki";
  /** The name as it was found: `Deployment shop/gateway`. */
  readonly target: string;
  /** The pods that were read. */
  readonly pods: readonly string[];
  readonly podsOmitted: number;
  readonly otherContainers: readonly string[];
  /** The query in the language of the source, where it has one. */
  readonly query: string | null;
  readonly previous: boolean;
  readonly mode: "lines" | "patterns" | "count";
  readonly window: Window;
  readonly level: Level | null;
  readonly include: string | null;
  /** How the text to include was read. */
  readonly includeKind: "literal" | "pattern" | null;
  readonly exclude: string | null;
  /** Matches that are not among the lines shown. */
  readonly omitted: number;
  /** Goes on further back; null when there is nothing more. */
  readonly cursor: string | null;
  /** Set when the log holds nothing from before this instant, so the window is not whole. */
  readonly logBegins: string | null;
};

const budgetMs = 20_000;

/** Lines of one service's log. */
export const getLogs: Tool<"get_logs", typeof input, LogsFound> = {
  name: "get_logs",
  description:
    "A service's log in a window: total, counts by level, the first error with what stands around it, and the last lines; or patterns, or counts. Says what was left out.",
  input,
  access: "read",
  run: findLogs,
  toText: logsText,
};

async function findLogs(
  deps: OpsDeps,
  wanted: LogsInput,
  signal: AbortSignal,
): Promise<ToolResult<LogsFound>> {
  const cursor = wanted.cursor === undefined ? undefined : parseLogCursor(wanted.cursor);
  const window = cursor
    ? windowBetween(cursor.fromMs, cursor.untilMs, deps.timeZone)
    : resolveWindow(wanted, deps.nowMs(), deps.timeZone);
  const skip = cursor?.skip ?? 0;
  const query: LogQuery = {
    fromMs: window.fromMs,
    untilMs: window.untilMs,
    lowest: wanted.level,
    include: wanted.include === undefined ? undefined : compileFilter(wanted.include),
    exclude: wanted.exclude === undefined ? undefined : compileFilter(wanted.exclude),
    mode: wanted.mode,
    limit: wanted.limit,
    skip,
    context: wanted.context,
    budgetMs,
  };
  const { found, causes, ...where } = await readFrom(deps, wanted, query, signal);
  const { oldestReadMs, bytesTotal, ...rest } = found;
  const beginsLater = found.complete && (oldestReadMs ?? 0) > window.fromMs;
  const logBegins =
    beginsLater && oldestReadMs !== undefined ? new Date(oldestReadMs).toISOString() : null;
  const shownSoFar = skip + found.matchesShown;
  const remaining = wanted.mode === "lines" ? found.total - shownSoFar : 0;
  const data = {
    ...where,
    window: where.until === undefined ? window : windowUpTo(window, where.until),
    level: wanted.level ?? null,
    include: wanted.include ?? null,
    includeKind: query.include?.kind ?? null,
    exclude: wanted.exclude ?? null,
    mode: wanted.mode,
    previous: wanted.previous,
    ...rest,
    omitted: wanted.mode === "lines" ? found.total - found.matchesShown : 0,
    cursor: nextCursor({ ...window, skip: shownSoFar }, remaining) ?? null,
    logBegins,
  };
  if (found.total > 0) return { outcome: "ok", data };
  return { outcome: "no_data", causes: causes ?? causesOf(found, bytesTotal, logBegins), data };
}

function windowUpTo(window: Window, untilMs: number): Window {
  const fromMs = Math.min(window.fromMs, untilMs - 1);
  return { ...windowBetween(fromMs, untilMs, window.timeZone), endsNow: window.endsNow };
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
