import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLogger } from "@resonance/kit";
import { callTool, noBackends, type OpsDeps, opsTools, startSampler } from "@resonance/ops-mcp";
import { writeLargeLog } from "./large-log.ts";

/** What one contestant took. */
export type LogsMeasured = {
  readonly name: string;
  readonly seconds: number;
  readonly lines: number;
  /** Above what the process had before; null for other processes. */
  readonly memoryMiB: number | null;
};

const gigabyte = 1024 ** 3;
const pattern = "upstream timed out";

/**
 * The last 100 of the lines with a phrase in a log of 1 GB, with their number: `get_logs` against
 * `grep -i | tail`, which reads the same bytes from the same page cache and counts nothing.
 */
export async function measureLogs(
  folder: string,
  rounds: number,
  signal: AbortSignal,
): Promise<LogsMeasured[]> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "gateway.log");
  const untilMs = Date.now();
  await writeLargeLog(path, gigabyte, untilMs);
  await using sampler = await describeStack(folder, path);
  const deps: OpsDeps = {
    local: { stackFile: join(folder, "services.json"), sampler },
    backends: noBackends,
    countMessages: () => Promise.reject(new Error("no Logic here")),
    readSystemStatus: () => Promise.reject(new Error("no Logic here")),
    nowMs: () => untilMs + 60_000,
    timeZone: "UTC",
    log: createLogger("bench", "silent"),
  };
  const measured: LogsMeasured[] = [];
  for (let round = 0; round < rounds; round++) {
    measured.push(await measureGrep(path, signal));
    measured.push(await measureTool(deps, signal));
  }
  return measured;
}

async function describeStack(folder: string, logFile: string) {
  const service = {
    name: "gateway",
    kind: "service",
    state: "running",
    pid: process.pid,
    restarts: 0,
    logFile,
  };
  const stackFile = join(folder, "services.json");
  const stack = { startedAt: new Date().toISOString(), services: [service] };
  await writeFile(stackFile, JSON.stringify(stack));
  return startSampler({ stackFile, log: createLogger("bench", "silent"), intervalMs: 3_600_000 });
}

function measureGrep(path: string, signal: AbortSignal): Promise<LogsMeasured> {
  const started = performance.now();
  const child = spawn("sh", ["-c", `grep -i '${pattern}' '${path}' | tail -n 100`], { signal });
  let lines = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    lines += chunk.toString("latin1").split("\n").length - 1;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      const seconds = (performance.now() - started) / 1_000;
      resolve({ name: "grep -i | tail", seconds, lines, memoryMiB: null });
    });
  });
}

async function measureTool(deps: OpsDeps, signal: AbortSignal): Promise<LogsMeasured> {
  globalThis.gc?.();
  const idle = resetPeak();
  const started = performance.now();
  const input = { service: "gateway", since: "7h", include: pattern };
  const result = await callTool(deps, opsTools.get_logs, input, signal);
  const seconds = (performance.now() - started) / 1_000;
  if (result.outcome !== "ok" || !result.data.complete) throw new Error(JSON.stringify(result));
  const memoryMiB = (peak() - idle) / 1024 ** 2;
  return { name: "get_logs", seconds, lines: result.data.shown.length, memoryMiB };
}

/** Forgets the highest memory so far, and gives what is used now. Linux. */
function resetPeak(): number {
  writeFileSync("/proc/self/clear_refs", "5");
  return status("VmRSS");
}

function peak(): number {
  return status("VmHWM");
}

function status(name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(
    readFileSync("/proc/self/status", "utf8"),
  );
  return Number(found?.[1]) * 1024;
}
