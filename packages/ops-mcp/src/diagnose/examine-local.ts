import type { LocalBackend } from "../deps.ts";
import { listLocalServices, type ServiceRow } from "../list-services.ts";
import { logFiles } from "../local/log-files.ts";
import { searchLog } from "../local/search-log.ts";
import { readStackFile, requireService, type StackService } from "../local/stack-file.ts";
import { isAtLeast } from "../log-line.ts";
import { everyLine } from "../log-query.ts";
import type { LogFindings } from "../log-tally.ts";
import { ToolError } from "../tool.ts";
import type { Window } from "../window.ts";
import { type Examination, type Finding, isOfStore, type Look } from "./finding.ts";
import { signatureOf } from "./log-signatures.ts";

const settledSeconds = 600;
const nearlyAll = 0.9;
const budgetMs = 5_000;
const allPatterns = 1_000;
const recentMs = 10 * 60_000;

/** What is wrong with the processes of this machine, and what their logs say. */
export async function examineLocal(
  local: LocalBackend,
  wanted: string | undefined,
  window: Window,
  signal: AbortSignal,
): Promise<Examination> {
  const stack = await readStackFile(local.stackFile, signal);
  const only = wanted === undefined ? undefined : requireService(stack, wanted).name;
  const rows = (await listLocalServices(local, signal)).filter(
    ({ name }) => only === undefined || name === only,
  );
  const services = stack.services.filter(({ name }) => only === undefined || name === only);
  const logs = await Promise.all(services.map((service) => examineLog(service, window, signal)));
  return {
    findings: [
      ...rows.flatMap(stateFindings),
      ...rows.flatMap(({ name }) => filesFinding(local, name)),
      ...logs.flatMap(({ findings }) => findings),
    ],
    looks: [
      { what: "services", at: rows.map(({ name }) => name) },
      ...logs.flatMap(({ looks }) => looks),
    ],
  };
}

function stateFindings({ name, state, restarts, lastExit, uptimeSeconds }: ServiceRow): Finding[] {
  const facts = { state, restarts, ...(lastExit === null ? {} : { lastExit }) };
  const base = { target: name, evidence: [] };
  if (state === "down" || state === "stopped") {
    const code =
      name === "mysql" ? "database_down" : name === "nats" ? "nats_down" : "service_down";
    return [{ ...base, code, severity: "critical", facts }];
  }
  if (state === "restarting") {
    return [{ ...base, code: "service_restarting", severity: "critical", facts }];
  }
  if (restarts === 0) return [];
  const isSettled = (uptimeSeconds ?? 0) > settledSeconds;
  const since = uptimeSeconds === null ? {} : { uptimeSeconds };
  if (isSettled) {
    return [{ ...base, code: "recovered", severity: "note", facts: { ...facts, ...since } }];
  }
  const code = restarts > 2 ? "crash_loop" : "service_restarting";
  return [{ ...base, code, severity: "warning", facts: { ...facts, ...since } }];
}

/** A process that has nearly as many files and sockets open as it may. */
function filesFinding(local: LocalBackend, service: string): Finding[] {
  const last = local.sampler.samplesOf(service).at(-1);
  const open = last?.series.get("process_open_fds");
  const limit = last?.series.get("process_max_fds");
  if (open === undefined || limit === undefined || open < nearlyAll * limit) return [];
  return [
    {
      code: "connections_near_limit",
      severity: "critical",
      target: service,
      facts: { connections: open, limit },
      evidence: [],
    },
  ];
}

async function examineLog(
  service: StackService,
  window: Window,
  signal: AbortSignal,
): Promise<Examination> {
  if (!service.logFile) return { findings: [], looks: [] };
  const look: Look = { what: "logs", at: [service.name] };
  const query = {
    ...everyLine(window, budgetMs),
    // A store that is out of reach for a while is a warning to those who try again.
    lowest: "warn" as const,
    mode: "patterns" as const,
    limit: allPatterns,
  };
  try {
    const found = await searchLog(await logFiles(service.logFile), query, signal);
    const isLater = found.complete && (found.oldestReadMs ?? 0) >= window.untilMs;
    const failed = isLater
      ? "the log begins after the window"
      : found.complete
        ? undefined
        : "the log is too large to be read whole";
    return {
      findings: lineFindings(service.name, found, window),
      looks: [failed === undefined ? look : { ...look, failed }],
    };
  } catch (error) {
    signal.throwIfAborted();
    const failed = error instanceof ToolError ? error.message : "the log cannot be read";
    return { findings: [], looks: [{ ...look, failed }] };
  }
}

/** A line of blanks, of which only the level and fields are left. */
function saysNothing(text: string): boolean {
  return /^[A-Z]+(?: \w+=\S+)*$/.test(text.trim());
}

/**
 * Known faults first; what else was logged as an error is worth a note, not a diagnosis. Of warnings
 * only those count that tell of a store out of reach.
 */
export function lineFindings(service: string, found: LogFindings, window: Window): Finding[] {
  const known = new Map<string, Finding>();
  let others = found.byLevel.error + found.byLevel.fatal;
  let example = "";
  let lastMs = 0;
  for (const { text, level, count, lastMs: at } of found.patterns) {
    const signature = signatureOf(text);
    const isError = isAtLeast(level, "error");
    if (!isError && !(signature && isOfStore(signature.code))) continue;
    if (isError) lastMs = Math.max(lastMs, at ?? 0);
    if (!signature) {
      if (example === "" || saysNothing(example)) example = text;
      continue;
    }
    if (isError) others -= count;
    const { code, severity } = signature;
    const before = known.get(code);
    const latestMs = Math.max(at ?? 0, Date.parse(String(before?.facts.lastAt ?? "")) || 0);
    // Of a window that is over nothing has passed since.
    const isOver = window.endsNow && latestMs > 0 && window.untilMs - latestMs > recentMs;
    known.set(code, {
      code,
      severity: isOver ? "note" : severity,
      target: service,
      facts: {
        lines: Number(before?.facts.lines ?? 0) + count,
        ...(latestMs > 0 ? { lastAt: new Date(latestMs).toISOString() } : {}),
      },
      evidence: before?.evidence ?? [text],
    });
  }
  if (others <= 0) return [...known.values()];
  const note: Finding = {
    code: "error_lines",
    severity: "note",
    target: service,
    facts: {
      lines: others,
      ...(found.firstError?.at ? { firstAt: found.firstError.at } : {}),
      ...(lastMs > 0 ? { lastAt: new Date(lastMs).toISOString() } : {}),
    },
    evidence: [example],
  };
  return [...known.values(), note];
}
