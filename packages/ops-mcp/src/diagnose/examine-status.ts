import type { OpsDeps } from "../deps.ts";
import { type SystemStatus, systemStatus } from "../im-status.ts";
import { ToolError } from "../tool.ts";
import type { Examination, Finding } from "./finding.ts";

const slowRoundTripMs = 50;
const lagging = 1_000;
const laggingMs = 30_000;
const nearlyFull = 0.8;

/** What Logic says of itself, its database and its queue. */
export async function examineStatus(
  deps: Pick<OpsDeps, "readSystemStatus">,
  signal: AbortSignal,
): Promise<Examination> {
  try {
    const status = await systemStatus(deps, signal);
    const parts = ["database", "stream", "outbox", "dead letters"];
    const { unknown } = status;
    return {
      findings: statusFindings(status),
      answering: [
        ...(status.database ? (["database"] as const) : []),
        ...(status.stream?.connected ? (["nats"] as const) : []),
      ],
      looks: [
        { what: "status", at: parts },
        ...(unknown.length > 0
          ? [{ what: "status" as const, at: unknown, failed: "logic could not read them" }]
          : []),
      ],
    };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { findings: [], looks: [{ what: "status", at: [], failed: error.message }] };
  }
}

/** By rules over one status. What is slow because the database is says so. */
function statusFindings(status: SystemStatus): Finding[] {
  const { database, stream, outbox, deadLetters, unknown } = status;
  const findings: Finding[] = [];
  const isDatabaseDown = database === null && unknown.includes("database");
  if (isDatabaseDown) findings.push(of("database_down", "critical", "mysql", {}));
  const isSlow = database !== null && database.roundTripMs > slowRoundTripMs;
  if (database && isSlow) {
    findings.push(
      of("database_slow", "warning", "mysql", { roundTripMs: Math.round(database.roundTripMs) }),
    );
  }
  if (database && database.runningLong > 0) {
    findings.push(
      of("slow_queries", "warning", "mysql", {
        running: database.runningLong,
        longestSeconds: database.longestRunningSeconds,
        sinceStart: database.slowQueries,
      }),
    );
  }
  if (database && database.connections > nearlyFull * database.maxConnections) {
    findings.push(
      of("connections_near_limit", "warning", "mysql", {
        connections: database.connections,
        limit: database.maxConnections,
      }),
    );
  }
  const isStoreSlow = isSlow || (database?.runningLong ?? 0) > 0;
  const because = isDatabaseDown
    ? ({ because: "database_down" } as const)
    : isStoreSlow
      ? ({ because: isSlow ? "database_slow" : "slow_queries" } as const)
      : {};
  if (stream) findings.push(...streamFindings(stream).map((found) => ({ ...found, ...because })));
  const waits = outbox && (outbox.pending > lagging || outbox.oldestMs > laggingMs);
  if (outbox && waits) {
    const cause = stream && !stream.connected ? ({ because: "nats_down" } as const) : because;
    findings.push({ ...of("outbox_backlog", "warning", "logic", { ...outbox }), ...cause });
  }
  if (deadLetters && deadLetters.lastHour > 0) {
    findings.push(of("dead_letters", "warning", "task, bot", { ...deadLetters }));
  } else if (deadLetters && deadLetters.unreplayed > 0) {
    findings.push(of("dead_letters", "note", "task, bot", { ...deadLetters }));
  }
  const waiting = status.botRuns?.queued ?? 0;
  if (waiting > 20) findings.push(of("bot_runs_waiting", "warning", "bot", { waiting }));
  return findings;
}

function streamFindings(stream: NonNullable<SystemStatus["stream"]>): Finding[] {
  if (!stream.connected) return [of("nats_down", "critical", "nats", {})];
  const findings: Finding[] = [];
  if (stream.maxBytes > 0 && stream.bytes > nearlyFull * stream.maxBytes) {
    const percent = Math.round((100 * stream.bytes) / stream.maxBytes);
    findings.push(of("queue_full", "critical", "nats", { percent, messages: stream.messages }));
  }
  for (const { name, pending, unacknowledged, redelivered } of stream.consumers) {
    const isBehind = pending > lagging || (pending > 0 && stream.oldestMs > laggingMs);
    if (isBehind) {
      const oldestSeconds = Math.round(stream.oldestMs / 1_000);
      findings.push(
        of("queue_lag", "warning", name, { pending, unacknowledged, redelivered, oldestSeconds }),
      );
    }
  }
  return findings;
}

function of(
  code: Finding["code"],
  severity: Finding["severity"],
  target: string,
  facts: Finding["facts"],
): Finding {
  return { code, severity, target, facts, evidence: [] };
}
