import { connect } from "node:net";
import { z } from "zod";
import type { LocalBackend, OpsDeps } from "./deps.ts";
import { cpuPercent } from "./local/history.ts";
import { readProcess } from "./local/process-usage.ts";
import { readStackFile, requireLocal, type StackService } from "./local/stack-file.ts";
import { mean } from "./series.ts";
import { servicesText } from "./text/services-text.ts";
import type { Tool, ToolResult } from "./tool.ts";

/** `down` is found out by looking; the others are what the stack says. */
const serviceStates = ["running", "restarting", "stopped", "down"] as const;
export type ServiceState = (typeof serviceStates)[number];

export type ServiceRow = {
  readonly name: string;
  /** A part of ours, or a server that it needs. */
  readonly kind: "service" | "server";
  /** `down`: said to be running, but its process is gone or its address does not answer. */
  readonly state: ServiceState;
  readonly pid: number | null;
  readonly version: string | null;
  readonly uptimeSeconds: number | null;
  readonly restarts: number;
  readonly lastExit: string | null;
  readonly memoryBytes: number | null;
  /** Of one core, over the last seconds. Null until there are two readings. */
  readonly cpuPercent: number | null;
};

/** All services of the state that was asked for, and how many are in each state. */
export type ServicesListed = {
  /** When it was looked. */
  readonly at: string;
  readonly totals: Readonly<Record<ServiceState, number>>;
  /** In the order of the stack. */
  readonly services: readonly ServiceRow[];
};

const input = z.object({
  state: z.enum(serviceStates).optional().describe("only services in this state"),
});

const cpuSpanMs = 30_000;
const connectTimeoutMs = 1_000;

/** The parts of the running system. */
export const listServices: Tool<"list_services", typeof input, ServicesListed> = {
  name: "list_services",
  description:
    "The services of the stack and the servers they need: state, uptime, restarts, last exit, memory and processor, with totals by state.",
  input,
  access: "read",
  run: listAll,
  toText: servicesText,
};

async function listAll(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  signal: AbortSignal,
): Promise<ToolResult<ServicesListed>> {
  const rows = await listLocalServices(requireLocal(deps), signal);
  const totals = Object.fromEntries(
    serviceStates.map((state) => [state, rows.filter((row) => row.state === state).length]),
  ) as Record<ServiceState, number>;
  const services = rows.filter(({ state }) => wanted.state === undefined || state === wanted.state);
  const data = { at: new Date().toISOString(), totals, services };
  return services.length > 0
    ? { outcome: "ok", data }
    : { outcome: "no_data", causes: ["nothing_matches"], data };
}

/** The services of the stack on this machine as they are now, in the stack's order. */
export async function listLocalServices(
  local: LocalBackend,
  signal: AbortSignal,
): Promise<ServiceRow[]> {
  const stack = await readStackFile(local.stackFile, signal);
  await local.sampler.sampleNow(signal);
  return await Promise.all(
    stack.services.map((service) => describeService(local.sampler.samplesOf, service, signal)),
  );
}

async function describeService(
  samplesOf: LocalBackend["sampler"]["samplesOf"],
  service: StackService,
  signal: AbortSignal,
): Promise<ServiceRow> {
  const usage = service.pid ? await readProcess(service.pid) : undefined;
  const state = await stateOf(service, usage !== undefined, signal);
  const startedMs = Date.parse(service.startedAt ?? "");
  const samples = samplesOf(service.name);
  const now = Date.now();
  const cpu = cpuPercent(samples, { fromMs: now - cpuSpanMs, untilMs: now });
  const isUp = state === "running" && usage !== undefined;
  return {
    name: service.name,
    kind: service.kind,
    state,
    pid: isUp ? (service.pid ?? null) : null,
    version: service.version ?? null,
    uptimeSeconds:
      isUp && Number.isFinite(startedMs)
        ? Math.max(0, Math.round((now - startedMs) / 1_000))
        : null,
    restarts: service.restarts,
    lastExit: service.lastExit ?? null,
    memoryBytes: usage?.memoryBytes ?? (isUp ? (samples.at(-1)?.memoryBytes ?? null) : null),
    cpuPercent: isUp && cpu.length > 0 ? mean(cpu.map(({ value }) => value)) : null,
  };
}

async function stateOf(
  service: StackService,
  isAlive: boolean,
  signal: AbortSignal,
): Promise<ServiceState> {
  if (service.state !== "running") return service.state;
  if (service.pid) return isAlive ? "running" : "down";
  // A server that somebody else runs has no process here, only an address.
  return service.address && (await answers(service.address, signal)) ? "running" : "down";
}

function answers(address: string, signal: AbortSignal): Promise<boolean> {
  const colon = address.lastIndexOf(":");
  return new Promise((resolve) => {
    const socket = connect({
      host: address.slice(0, colon).replace(/^\[|\]$/g, ""),
      port: Number(address.slice(colon + 1)),
      signal,
    });
    const end = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket.setTimeout(connectTimeoutMs, () => end(false));
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
