import { afterAll, beforeAll, expect, test } from "vitest";
import type { OpsDeps } from "./deps.ts";
import { type AnyTool, callTool, opsTools, type ToolName, toolText } from "./index.ts";
import {
  depsOf,
  eventOf,
  healthyStatus,
  namespaceOf,
  openAnswering,
  openLocalStack,
  openTestCluster,
  podOf,
} from "./testing/index.ts";

let stack: AsyncDisposableStack;
let places: Readonly<Record<Place, OpsDeps>>;

type Place = "stack" | "cluster" | "prometheus" | "nowhere";

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const own = stack.use(await openLocalStack());
  own.exposition = "resonance_gateway_connections 3\n";
  await own.writeLog("gateway", [[60, "error", "cannot reach logic"]]);
  const cluster = stack.use(await openTestCluster(undefined, AbortSignal.timeout(30_000)));
  for (const object of [
    namespaceOf("shop"),
    podOf("gateway-1"),
    eventOf("e1", { reason: "BackOff", object: "gateway-1" }),
  ]) {
    await cluster.create(object);
  }
  const prometheus = stack.use(
    await openAnswering("Prometheus", (request, response) => {
      const alert = { labels: { alertname: "Slow", service: "gateway" }, state: "firing" };
      const isAlerts = request.url?.startsWith("/api/v1/alerts");
      const nothing = { resultType: "matrix", result: [] };
      response.end(JSON.stringify({ data: isAlerts ? { alerts: [alert] } : nothing }));
    }),
  );
  places = {
    stack: depsOf({}, { local: own.local, readSystemStatus: async () => healthyStatus() }),
    cluster: depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) }),
    prometheus: depsOf({ prometheus }),
    nowhere: depsOf({}),
  };
});
afterAll(() => stack.disposeAsync());

type Call = readonly [place: Place, input: object, because: string];

/** A call that ends so, or why there is none. */
type Cell = Call | string;

const isDone = "" as const;

const cells = {
  list_services: {
    ok: ["stack", {}, isDone],
    no_data: ["stack", { state: "stopped" }, "nothing_matches"],
    error: ["nowhere", {}, "not_configured"],
  },
  list_pods: {
    ok: ["cluster", {}, isDone],
    no_data: ["cluster", { status: "OOMKilled" }, "nothing_matches"],
    error: ["cluster", { namespace: "shpo" }, "unknown_namespace"],
  },
  get_logs: {
    ok: ["stack", { service: "gateway" }, isDone],
    no_data: ["stack", { service: "gateway", include: "nothing like it" }, "nothing_matches"],
    error: ["stack", { service: "warehouse" }, "unknown_service"],
  },
  get_metrics: {
    ok: ["stack", { panel: "connections" }, isDone],
    no_data: ["prometheus", { query: "absent_of_everything" }, "no_such_series"],
    error: ["nowhere", { panel: "cpu" }, "not_configured"],
  },
  list_metrics: {
    ok: ["stack", {}, isDone],
    no_data: ["stack", { match: "nothing_like_it" }, "no_such_series"],
    error: ["nowhere", {}, "not_configured"],
  },
  describe: {
    ok: ["stack", { service: "gateway" }, isDone],
    no_data: "what is not there is an unknown name",
    error: ["stack", { service: "warehouse" }, "unknown_service"],
  },
  list_events: {
    ok: ["cluster", {}, isDone],
    no_data: ["cluster", { since: "3h", until: "2h" }, "nothing_happened"],
    error: ["nowhere", {}, "not_configured"],
  },
  diagnose: {
    ok: ["stack", {}, isDone],
    no_data: "that nothing was found is what was asked for",
    error: ["nowhere", {}, "not_configured"],
  },
  get_alerts: {
    ok: ["prometheus", {}, isDone],
    no_data: ["prometheus", { service: "logic" }, "nothing_fires"],
    error: ["nowhere", {}, "not_configured"],
  },
  im_status: {
    ok: ["stack", {}, isDone],
    no_data: "what could not be read is named",
    error: ["nowhere", {}, "unavailable"],
  },
  restart_service: {
    ok: "it is proposed, and done by code when it was approved",
    no_data: "there is nothing to read",
    error: ["stack", { service: "gateway", reason: "why not" }, "needs_approval"],
  },
} as const satisfies Record<ToolName, Record<"ok" | "no_data" | "error", Cell>>;

const calls = Object.entries<Record<string, Cell>>(cells).flatMap(([name, outcomes]) =>
  Object.entries(outcomes).flatMap(([outcome, cell]) =>
    typeof cell === "string" ? [] : [{ name, outcome, cell }],
  ),
);

test.each(calls)("$name: $outcome", async ({ name, outcome, cell: [place, input, because] }) => {
  const tool: AnyTool = opsTools[name as ToolName];

  const result = await callTool(places[place], tool, input, AbortSignal.timeout(20_000));

  const text = toolText(tool, result);
  expect(result.outcome, text).toBe(outcome);
  if (result.outcome === "no_data") {
    expect(result.causes).toEqual([because]);
    expect(text).toMatch(/^NO DATA\. Likely causes: \w.*\.\n./);
  } else if (result.outcome === "error") {
    expect(result.cause).toBe(because);
    expect(text).toMatch(new RegExp(`^ERROR \\(${because}\\): .*\\. A retry (may|does not) help`));
  } else {
    expect(text).toMatch(/^(?!NO DATA|ERROR)./);
  }
});

test("the table has a row for each tool", () => {
  expect(Object.keys(cells)).toEqual(Object.keys(opsTools));
});
