import { readFile } from "node:fs/promises";
import type { LocalBackend } from "../deps.ts";
import { readProcess } from "./process-usage.ts";
import type { StackService } from "./stack-file.ts";

export type LocalDigest = {
  readonly source: "local";
  readonly name: string;
  readonly kind: "service" | "server";
  readonly state: StackService["state"] | "down";
  readonly pid: number | null;
  readonly version: string | null;
  readonly address: string | null;
  readonly startedAt: string | null;
  readonly restarts: number;
  readonly lastExit: string | null;
  readonly memoryBytes: number | null;
  readonly openFiles: number | null;
  readonly maxOpenFiles: number | null;
  readonly hasLog: boolean;
  readonly hasMetrics: boolean;
  /** Names of variables, never their values; null where they cannot be read. */
  readonly environment: readonly string[] | null;
};

/** The digest of a process of this machine. */
export async function localDigest(
  local: LocalBackend,
  service: StackService,
  signal: AbortSignal,
): Promise<LocalDigest> {
  await local.sampler.sampleNow(signal);
  const last = local.sampler.samplesOf(service.name).at(-1);
  const usage = service.pid ? await readProcess(service.pid) : undefined;
  const isGone = service.state === "running" && service.pid && !usage;
  return {
    source: "local",
    name: service.name,
    kind: service.kind,
    state: isGone ? "down" : service.state,
    pid: usage ? (service.pid ?? null) : null,
    version: service.version ?? null,
    address: service.address ?? null,
    startedAt: service.startedAt ?? null,
    restarts: service.restarts,
    lastExit: service.lastExit ?? null,
    memoryBytes: usage?.memoryBytes ?? null,
    openFiles: last?.series.get("process_open_fds") ?? null,
    maxOpenFiles: last?.series.get("process_max_fds") ?? null,
    hasLog: Boolean(service.logFile),
    hasMetrics: Boolean(service.metricsUrl),
    environment: usage && service.pid ? await variableNames(service.pid) : null,
  };
}

async function variableNames(pid: number): Promise<readonly string[] | null> {
  try {
    const text = await readFile(`/proc/${pid}/environ`, "latin1");
    const names = text.split("\0").map((entry) => entry.split("=")[0] ?? "");
    const known = names.filter((name) => /^[A-Za-z_][A-Za-z0-9_]{0,100}$/.test(name)).toSorted();
    // Ours first: the rest is whatever the shell had.
    const isOurs = (name: string) => name.startsWith("RESONANCE_");
    return [...known.filter(isOurs), ...known.filter((name) => !isOurs(name))];
  } catch (error) {
    // No /proc on this system, or a process of another user.
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
