import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLogger } from "@resonance/kit";
import {
  type AnyTool,
  callTool,
  noBackends,
  type OpsDeps,
  opsTools,
  type ToolResult,
} from "@resonance/ops-mcp";
import { eventually } from "@resonance/testkit";
import { openPrometheus, type Prometheus } from "@resonance/testkit/vitest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPerson } from "./testing/open-person.ts";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";

const signal = AbortSignal.timeout(240_000);
let stack: TestStack;
let prometheus: Prometheus;

const rules = `
groups:
  - name: test
    rules:
      - alert: SomethingRuns
        expr: resonance_gateway_connections >= 0
        labels: { severity: warning, service: gateway }
        annotations: { summary: the gateway says how many are connected }
`;

beforeAll(async () => {
  stack = await openTestStack();
  const text = await readFile(join(stack.home, "run", "services.json"), "utf8");
  const { services } = JSON.parse(text) as { services: { metricsUrl?: string | null }[] };
  const targets = services.flatMap(({ metricsUrl }) =>
    metricsUrl ? [new URL(metricsUrl).host] : [],
  );
  prometheus = await openPrometheus(targets, rules, signal);
  // The first scrape comes seconds after Prometheus is ready.
  await eventually(
    async () => {
      const result = await call("get_metrics", { query: "count(up == 1)", since: "1m" });
      expect(lastOf(result)).toBe(targets.length);
    },
    { timeoutMs: 60_000 },
  );
  await using alice = await openPerson(stack.url, { username: "alice" });
  await alice.ask("帮我查看 Gateway 的日志");
}, 180_000);
afterAll(async () => {
  await prometheus?.[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
});

async function call(name: keyof typeof opsTools, input: object): Promise<ToolResult<unknown>> {
  const deps: OpsDeps = {
    local: undefined,
    backends: {
      ...noBackends,
      prometheus: { name: "Prometheus", url: prometheus.url, token: undefined },
    },
    countMessages: () => Promise.reject(new Error("no Logic")),
    readSystemStatus: () => Promise.reject(new Error("no Logic")),
    nowMs: Date.now,
    timeZone: "UTC",
    log: createLogger("test", "silent"),
  };
  const tool: AnyTool = opsTools[name];
  return await callTool(deps, tool, input, signal);
}

function lastOf(result: ToolResult<unknown>): number | undefined {
  if (result.outcome !== "ok") return undefined;
  const { reading } = result.data as { reading: { series: { last: number }[] } };
  return reading.series[0]?.last;
}

test("named panels are read from Prometheus with the running services in them", async () => {
  const memory = await call("get_metrics", { panel: "memory", since: "5m" });
  expect(memory).toMatchObject({ outcome: "ok", data: { source: "prometheus", panel: "memory" } });
  const { reading } = (
    memory as { data: { reading: { series: { name: string; last: number }[] } } }
  ).data;
  expect(reading.series.map(({ name }) => name).toSorted()).toEqual([
    "bot",
    "gateway",
    "logic",
    "task",
  ]);
  expect(reading.series.every(({ last }) => last > 10_000_000)).toBe(true);
  const one = await call("get_metrics", { panel: "memory", service: "网关", since: "5m" });
  expect(one).toMatchObject({ data: { service: "gateway", reading: { total: 1 } } });
});

test.each(["connections", "queue_lag", "outbox_backlog", "cpu", "restarts", "send_latency"])(
  "the panel %s has values",
  async (panel) => {
    // A rate takes two scrapes.
    await eventually(
      async () => {
        const result = await call("get_metrics", { panel, since: "5m" });
        expect(result).toMatchObject({ outcome: "ok", data: { reading: { kind: "series" } } });
      },
      { timeoutMs: 20_000 },
    );
  },
);

test("a window of a week has at most 120 points", async () => {
  const result = await call("get_metrics", { query: "up", since: "7d" });
  expect(result).toMatchObject({ outcome: "ok", data: { reading: { stepSeconds: 5_083 } } });
});

test("a query that is wrong is answered in Prometheus' words", async () => {
  const result = await call("get_metrics", { query: "sum(" });
  expect(result).toMatchObject({ outcome: "error", cause: "bad_input" });
  expect(result.outcome === "error" && result.message).toContain("parse error");
});

test("a query without series is no data, not zero", async () => {
  const result = await call("get_metrics", { query: "nothing_of_the_kind" });
  expect(result).toMatchObject({ outcome: "no_data", causes: ["no_such_series"] });
});

test("names are found by pattern, with their type and help", async () => {
  const result = await call("list_metrics", { match: "resonance_logic_(sends|outbox)" });
  expect(result).toMatchObject({ outcome: "ok", data: { source: "prometheus", total: 2 } });
  expect(result.outcome === "ok" && result.data).toMatchObject({
    shown: [
      { name: "resonance_logic_outbox_pending", type: "gauge" },
      { name: "resonance_logic_sends_total", type: "counter" },
    ],
  });
});

test("what fires is told with its labels and summary", async () => {
  await eventually(async () => {
    const result = await call("get_alerts", { service: "gateway" });
    expect(result).toMatchObject({
      outcome: "ok",
      data: {
        source: "Prometheus",
        firing: 1,
        shown: [
          {
            name: "SomethingRuns",
            severity: "warning",
            state: "firing",
            summary: "the gateway says how many are connected",
          },
        ],
      },
    });
  });
  expect(await call("get_alerts", { service: "nobody" })).toMatchObject({ outcome: "no_data" });
});
