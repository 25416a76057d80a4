import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@resonance/kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { callTool, noBackends, type OpsDeps, opsTools, startSampler } from "./index.ts";
import type { Sampler } from "./local/sampler.ts";

const signal = AbortSignal.timeout(30_000);
const log = createLogger("test", "silent");
let stack: AsyncDisposableStack;
let folder: string;
let sampler: Sampler;
let deps: OpsDeps;
let exposition: string;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = await mkdtemp(join(tmpdir(), "tools-"));
  exposition = "resonance_gateway_connections 3\n";
  const server = createServer((_, response) => response.end(exposition));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/metrics`;
  const stackFile = join(folder, "services.json");
  await writeFile(stackFile, JSON.stringify({ startedAt: now(), services: services(url, port) }));
  sampler = startSampler({ stackFile, log, intervalMs: 20 });
  deps = {
    local: { stackFile, sampler },
    backends: noBackends,
    readSystemStatus: () => Promise.reject(new Error("no Logic")),
    countMessages: async ({ buckets }) => ({
      total: 10,
      fromPeople: 6,
      fromBots: 3,
      fromSystem: 1,
      bucketTotals: [10, ...Array.from({ length: buckets - 1 }, () => 0)],
    }),
    nowMs: () => Date.now(),
    timeZone: "UTC",
    log,
  };
  stack.defer(() => rm(folder, { recursive: true }));
  stack.defer(async () => void server.close().closeAllConnections());
  stack.use(sampler);
});
afterEach(() => stack.disposeAsync());

function now(): string {
  return new Date().toISOString();
}

function services(metricsUrl: string, port: number): object[] {
  const common = { restarts: 0, lastExit: null, startedAt: now(), state: "running" };
  return [
    {
      ...common,
      name: "mysql",
      kind: "server",
      pid: null,
      address: `127.0.0.1:${port}`,
      logFile: null,
    },
    { ...common, name: "nats", kind: "server", pid: null, address: "127.0.0.1:1", logFile: null },
    {
      ...common,
      name: "gateway",
      kind: "service",
      pid: process.pid,
      metricsUrl,
      logFile: join(folder, "gateway.log"),
    },
    {
      ...common,
      name: "logic",
      kind: "service",
      pid: 2 ** 22 + 1,
      metricsUrl,
      restarts: 2,
      lastExit: "exit code 1",
      logFile: join(folder, "logic.log"),
    },
    {
      ...common,
      name: "task",
      kind: "service",
      pid: null,
      state: "stopped",
      metricsUrl: null,
      logFile: null,
    },
  ];
}

test("services are told by what their processes really do", async () => {
  const result = await callTool(deps, opsTools.list_services, {}, signal);
  if (result.outcome !== "ok") throw new Error(result.outcome);
  const states = Object.fromEntries(result.data.services.map(({ name, state }) => [name, state]));
  expect(states).toEqual({
    mysql: "running",
    nats: "down",
    gateway: "running",
    logic: "down",
    task: "stopped",
  });
  expect(result.data.totals).toEqual({ running: 2, restarting: 0, stopped: 1, down: 2 });
  const gateway = result.data.services.find(({ name }) => name === "gateway");
  expect(gateway?.memoryBytes).toBeGreaterThan(1_000_000);
  const logic = result.data.services.find(({ name }) => name === "logic");
  expect(logic).toMatchObject({ restarts: 2, lastExit: "exit code 1", uptimeSeconds: null });
});

test("lines of a log are found under any name of its service", async () => {
  const line = { level: "info", time: now(), service: "gateway", pid: 1, msg: "token=abc ready" };
  await writeFile(join(folder, "gateway.log"), `${JSON.stringify(line)}\n`);
  const later = { ...deps, nowMs: () => Date.now() + 1_000 };
  const result = await callTool(later, opsTools.get_logs, { service: "网关" }, signal);
  if (result.outcome !== "ok") throw new Error(result.outcome);
  expect(result.data.service).toBe("gateway");
  expect(result.data.window.isDefault).toBe(true);
  expect(result.data.shown[0]?.text).toContain("INFO token=[redacted] ready");
  expect(result.data.logBegins).toBe(line.time);
});

test("an empty log is no data, not an error", async () => {
  await writeFile(join(folder, "gateway.log"), "");
  const result = await callTool(deps, opsTools.get_logs, { service: "gateway" }, signal);
  expect(result).toMatchObject({ outcome: "no_data", causes: ["log_is_empty"] });
});

test("a log that is not there is an error, and no path is told", async () => {
  const result = await callTool(deps, opsTools.get_logs, { service: "logic" }, signal);
  expect(result).toMatchObject({ outcome: "error", cause: "unreadable" });
  expect(JSON.stringify(result)).not.toContain(folder);
});

test("a service without a log says so", async () => {
  const result = await callTool(deps, opsTools.get_logs, { service: "mysql" }, signal);
  expect(result).toMatchObject({ outcome: "no_data", causes: ["service_has_no_log"] });
});

test("an unknown service is answered with the nearest", async () => {
  const result = await callTool(deps, opsTools.get_logs, { service: "gatt" }, signal);
  expect(result).toMatchObject({
    outcome: "error",
    cause: "unknown_service",
    near: ["gateway", "nats"],
  });
});

test("input that does not fit is an error that names the field", async () => {
  const input = { service: "gateway", limit: 501 };
  const result = await callTool(deps, opsTools.get_logs, input, signal);
  expect(result).toMatchObject({ outcome: "error", cause: "bad_input" });
  expect(result.outcome === "error" && result.message).toContain("limit");
});

test("without a stack file the tool says how to configure it", async () => {
  const bare = { ...deps, local: undefined };
  const result = await callTool(bare, opsTools.list_services, {}, signal);
  expect(result).toMatchObject({ outcome: "error", cause: "not_configured" });
});

test("counts of messages are those of the store, for exactly the window", async () => {
  const asked: object[] = [];
  const counting: OpsDeps = {
    ...deps,
    nowMs: () => 1_000_000,
    countMessages: (window) => {
      asked.push(window);
      return deps.countMessages(window, signal);
    },
  };
  const input = { panel: "messages", since: "5m", compare: true } as const;
  const result = await callTool(counting, opsTools.get_metrics, input, signal);
  expect(asked).toMatchObject([
    { fromMs: 700_000, untilMs: 1_000_000 },
    { fromMs: 400_000, untilMs: 700_000 },
  ]);
  expect(result).toMatchObject({
    outcome: "ok",
    data: { covered: null, reading: { kind: "messages", total: 10, fromPeople: 6 } },
  });
});

test("a store that is away is an error that a retry may heal", async () => {
  const away: OpsDeps = { ...deps, countMessages: () => Promise.reject(new Error("ECONNREFUSED")) };
  const result = await callTool(away, opsTools.get_metrics, { panel: "send_rate" }, signal);
  expect(result).toMatchObject({ outcome: "error", cause: "unavailable", retryHelps: true });
  expect(JSON.stringify(result)).not.toContain("ECONNREFUSED");
});

test("a gauge is read from the service now, and the covered time is told", async () => {
  const input = { panel: "connections", since: "30m" } as const;
  await callTool(deps, opsTools.get_metrics, input, signal);
  exposition = "resonance_gateway_connections 5\n";
  const result = await callTool(deps, opsTools.get_metrics, input, signal);
  if (result.outcome !== "ok") throw new Error(result.outcome);
  expect(result.data.covered?.whole).toBe(false);
  expect(result.data.reading).toMatchObject({
    kind: "gauge",
    series: [{ last: 5, min: 3, max: 5 }],
  });
});

test("a panel whose process is down has no samples", async () => {
  const result = await callTool(deps, opsTools.get_metrics, { panel: "send_latency" }, signal);
  expect(result).toMatchObject({ outcome: "no_data", causes: ["no_samples_yet"] });
});

test("restarts come from the stack file, for one service or all", async () => {
  const input = { panel: "restarts", service: "logic" } as const;
  const result = await callTool(deps, opsTools.get_metrics, input, signal);
  expect(result).toMatchObject({
    data: { reading: { services: [{ service: "logic", restarts: 2, lastExit: "exit code 1" }] } },
  });
});

test("memory and processor are told per service", async () => {
  const result = await callTool(deps, opsTools.get_metrics, { panel: "memory" }, signal);
  expect(result).toMatchObject({
    outcome: "ok",
    data: { reading: { kind: "gauge", unit: "bytes", series: [{ service: "gateway" }] } },
  });
});

test("an aborted call throws instead of answering", async () => {
  const aborted = AbortSignal.abort(new Error("enough"));
  await expect(callTool(deps, opsTools.list_services, {}, aborted)).rejects.toThrow("enough");
});
