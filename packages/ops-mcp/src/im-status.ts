import { z } from "zod";
import type { OpsDeps } from "./deps.ts";
import { imStatusText } from "./text/im-status-text.ts";
import { type Tool, ToolError, type ToolResult } from "./tool.ts";

/** How the messaging system is doing now. What could not be read is null, and named in `unknown`. */
export type SystemStatus = {
  readonly presence: {
    readonly onlineUsers: number;
    readonly connections: number;
    readonly gateways: number;
  } | null;
  readonly messagesLastMinute: number | null;
  readonly outbox: { readonly pending: number; readonly oldestMs: number } | null;
  readonly deadLetters: {
    readonly total: number;
    /** Never published again. */
    readonly unreplayed: number;
    readonly lastHour: number;
  } | null;
  readonly database: DatabaseStatus | null;
  readonly stream: StreamStatus | null;
  /** Of the last 24 h, and all that are not finished, by state. */
  readonly botRuns: Readonly<Record<string, number>> | null;
  readonly unknown: readonly string[];
};

export type DatabaseStatus = {
  readonly version: string;
  /** Time of one trivial statement. */
  readonly roundTripMs: number;
  /** Statements over the server's limit since it was started. */
  readonly slowQueries: number;
  readonly slowLimitSeconds: number;
  /** Statements that run for longer than a second now. */
  readonly runningLong: number;
  readonly longestRunningSeconds: number;
  readonly connections: number;
  readonly maxConnections: number;
  readonly uptimeSeconds: number;
};

export type StreamStatus = {
  readonly connected: boolean;
  readonly messages: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Age of the oldest message that waits. */
  readonly oldestMs: number;
  readonly consumers: readonly {
    readonly name: string;
    readonly topic: string;
    /** Not delivered yet. */
    readonly pending: number;
    /** Delivered and not acknowledged yet. */
    readonly unacknowledged: number;
    readonly redelivered: number;
  }[];
};

/** Asks Logic. Throws while it is away. */
export type ReadSystemStatus = (signal: AbortSignal) => Promise<SystemStatus>;

export type ImStatus = SystemStatus & {
  readonly at: string;
  /** Of the last minute. */
  readonly sendsPerSecond: number | null;
};

const input = z.object({});

/** What only this system can say of itself. */
export const imStatus: Tool<"im_status", typeof input, ImStatus> = {
  name: "im_status",
  description:
    "The messaging system now: online users, sends/s, outbox backlog, consumer lag, dead letters, slow queries, bot runs by state.",
  input,
  access: "read",
  run: readStatus,
  toText: imStatusText,
};

async function readStatus(
  deps: OpsDeps,
  _: z.output<typeof input>,
  signal: AbortSignal,
): Promise<ToolResult<ImStatus>> {
  const status = await systemStatus(deps, signal);
  const perMinute = status.messagesLastMinute;
  const data = {
    ...status,
    at: new Date().toISOString(),
    sendsPerSecond: perMinute === null ? null : perMinute / 60,
  };
  return { outcome: "ok", data };
}

/** @throws ToolError `unavailable` while Logic is away. */
export async function systemStatus(
  deps: Pick<OpsDeps, "readSystemStatus">,
  signal: AbortSignal,
): Promise<SystemStatus> {
  try {
    return await deps.readSystemStatus(signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new ToolError("unavailable", "logic cannot be asked for the status now", {
      retryHelps: true,
      cause,
    });
  }
}
