import { createLogger } from "@resonance/kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callTool, noBackends, type OpsDeps, opsTools } from "../index.ts";
import {
  containerStatus,
  deploymentOf,
  endpointsOf,
  eventOf,
  namespaceOf,
  openTestCluster,
  podOf,
  serviceOf,
  type TestCluster,
  viewerRole,
  waiting,
} from "../testing/index.ts";
import { listPods } from "./list-objects.ts";

/*
 * These tests run against the fake, and against a real API server where TEST_KUBE_APISERVER names
 * the program: what passes on both is what the fake gets right.
 */
const signal = AbortSignal.timeout(120_000);
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await openTestCluster(process.env.TEST_KUBE_APISERVER || undefined, signal);
  for (const name of ["shop", "other"]) await cluster.create(namespaceOf(name));
  for (const object of viewerRole()) await cluster.create(object);
  const ended = { exitCode: 1, reason: "Error", finishedAt: "2026-11-26T10:00:00Z" };
  const crashed = containerStatus({
    ready: false,
    restartCount: 7,
    state: { waiting: { reason: "CrashLoopBackOff" } },
    lastState: { terminated: ended },
  });
  for (const object of [
    deploymentOf("gateway", { replicas: 2 }),
    deploymentOf("resonance-logic"),
    podOf("gateway-5c9d8f7b6d-aaaaa"),
    podOf("gateway-5c9d8f7b6d-bbbbb", { status: { containerStatuses: [crashed] } }),
    podOf("logic-1", { app: "resonance-logic", node: null, status: waiting("ImagePullBackOff") }),
    podOf("elsewhere", { namespace: "other", app: "gateway" }),
    serviceOf("gateway"),
    endpointsOf("gateway", 1),
    eventOf("e1", { reason: "BackOff", object: "gateway-5c9d8f7b6d-bbbbb", count: 12 }),
    eventOf("e2", { reason: "BackOff", object: "gateway-5c9d8f7b6d-aaaaa", count: 3 }),
    eventOf("e3", { reason: "Failed", object: "logic-1" }),
    eventOf("e4", { reason: "Pulled", object: "logic-1", type: "Normal" }),
  ]) {
    await cluster.create(object);
  }
}, 120_000);
afterAll(() => cluster[Symbol.asyncDispose]());

function depsOf(more: Partial<OpsDeps> = {}): OpsDeps {
  return {
    local: undefined,
    backends: { ...noBackends, kubernetes: cluster.apiOf("viewer", ["shop"]) },
    countMessages: () => Promise.reject(new Error("no Logic")),
    readSystemStatus: () => Promise.reject(new Error("no Logic")),
    nowMs: () => Date.now() + 1_000,
    timeZone: "UTC",
    log: createLogger("test", "silent"),
    ...more,
  };
}

function asUser(user: "admin" | "nobody", namespaces: readonly string[] = ["shop"]): OpsDeps {
  return depsOf({ backends: { ...noBackends, kubernetes: cluster.apiOf(user, namespaces) } });
}

test("pods come with totals by status, the unhealthy first", async () => {
  const result = await callTool(depsOf(), opsTools.list_pods, {}, signal);
  if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
  expect(result.data.totals).toEqual({ Running: 1, CrashLoopBackOff: 1, ImagePullBackOff: 1 });
  expect(result.data.shown.map(({ name, ready, restarts }) => [name, ready, restarts])).toEqual([
    ["gateway-5c9d8f7b6d-bbbbb", "0/1", 7],
    ["logic-1", "0/1", 0],
    ["gateway-5c9d8f7b6d-aaaaa", "1/1", 0],
  ]);
  expect(result.data.shown[0]?.lastReason).toBe("Error (exit code 1)");
});

test("a service is found by what people call it, and its pods by its labels", async () => {
  const byAlias = await callTool(depsOf(), opsTools.list_pods, { service: "网关" }, signal);
  expect(byAlias).toMatchObject({ data: { target: "Deployment shop/gateway", total: 2 } });
  const byShortName = await callTool(depsOf(), opsTools.list_pods, { service: "logic" }, signal);
  expect(byShortName).toMatchObject({
    data: { target: "Deployment shop/resonance-logic", total: 1 },
  });
  const mistyped = await callTool(depsOf(), opsTools.list_pods, { service: "gatewya" }, signal);
  expect(mistyped).toMatchObject({ data: { target: "Deployment shop/gateway" } });
});

test("a list comes in pages, and says what is left out", async () => {
  const first = await callTool(depsOf(), opsTools.list_pods, { limit: 2 }, signal);
  if (first.outcome !== "ok") throw new Error(first.outcome);
  expect(first.data).toMatchObject({ total: 3, omitted: 1, complete: true });
  const cursor = first.data.cursor ?? "";
  const second = await callTool(depsOf(), opsTools.list_pods, { limit: 2, cursor }, signal);
  expect(second).toMatchObject({ data: { omitted: 0, cursor: null } });
  expect(second.outcome === "ok" && second.data.shown).toHaveLength(1);
});

test("the API server's own pages are put together", async () => {
  await Promise.all(
    Array.from({ length: 7 }, (_, index) =>
      cluster.create(podOf(`many-${index}`, { namespace: "other", app: "many" })),
    ),
  );
  const api = cluster.apiOf("admin", ["other"]);
  const paged = {
    ...api,
    get: (path: string, query: object) => api.get(path, { ...query, limit: 3 }, signal),
  };
  const listed = await listPods(paged, "other", "app=many", signal);
  expect(listed.complete).toBe(true);
  expect(listed.items).toHaveLength(7);
});

test("a namespace that is not among those allowed is refused before the cluster is asked", async () => {
  const result = await callTool(depsOf(), opsTools.list_pods, { namespace: "shpo" }, signal);
  expect(result).toMatchObject({ outcome: "error", cause: "unknown_namespace", near: ["shop"] });
});

test("what the cluster does not allow is said in its words", async () => {
  const result = await callTool(asUser("nobody"), opsTools.list_pods, {}, signal);
  expect(result).toMatchObject({ outcome: "error", cause: "forbidden", retryHelps: false });
  expect(result.outcome === "error" && result.message).toContain('cannot list resource "pods"');
});

test("an empty namespace has no pods, and says so", async () => {
  await cluster.create(namespaceOf("empty"));
  const result = await callTool(asUser("admin", ["empty"]), opsTools.list_pods, {}, signal);
  expect(result).toMatchObject({ outcome: "no_data", causes: ["no_pods"] });
});

test("warnings come grouped by reason with their counts", async () => {
  const result = await callTool(depsOf(), opsTools.list_events, {}, signal);
  if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
  const groups = result.data.shown.map(({ reason, count, objectsTotal }) => [
    reason,
    count,
    objectsTotal,
  ]);
  expect(groups).toEqual(
    expect.arrayContaining([
      ["BackOff", 15, 2],
      ["Failed", 1, 1],
    ]),
  );
  expect(result.data).toMatchObject({ total: 16, groups: 2, warningsOnly: true });
});

test("events of one service are those of its pods", async () => {
  const input = { service: "logic", all: true };
  const result = await callTool(depsOf(), opsTools.list_events, input, signal);
  if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
  expect(result.data.shown.map(({ reason }) => reason).toSorted()).toEqual(["Failed", "Pulled"]);
});

test("the API server refuses what was changed meanwhile, and what is there already", async () => {
  const path = "/apis/apps/v1/namespaces/shop/deployments/gateway";
  const { body } = await cluster.send("GET", path);
  const fresh = await cluster.send("PUT", path, body);
  const stale = await cluster.send("PUT", path, {
    ...body,
    metadata: {
      ...body.metadata,
      labels: { app: "gateway", changed: "yes" },
      resourceVersion: "1",
    },
  });
  const again = await cluster.send("POST", "/api/v1/namespaces", namespaceOf("shop"));
  expect([fresh.status, stale.status, again.status]).toEqual([200, 409, 409]);
  expect([stale.body.reason, again.body.reason]).toEqual(["Conflict", "AlreadyExists"]);
});

test("a new template is a new generation, a new status is not", async () => {
  const path = "/apis/apps/v1/namespaces/shop/deployments/resonance-logic";
  const before = await cluster.send("GET", path);
  const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-11-26T10:00:00Z" };
  const patch = { spec: { template: { metadata: { annotations } } } };
  const type = "application/strategic-merge-patch+json";
  const patched = await cluster.send("PATCH", path, patch, type);
  const status = await cluster.send("PATCH", `${path}/status`, { status: { replicas: 1 } }, type);
  const generation = Number(before.body.metadata.generation);
  expect(patched.body.metadata.generation).toBe(generation + 1);
  expect(status.body.metadata.generation).toBe(generation + 1);
  expect(patched.body).toMatchObject({
    spec: { template: { spec: { containers: [{ name: "main" }] }, metadata: { annotations } } },
  });
});

test("a watch tells what happens after a version", async () => {
  const { body } = await cluster.send("GET", "/api/v1/namespaces/other/pods");
  const resourceVersion = String(body.metadata.resourceVersion);
  await cluster.create(podOf("watched", { namespace: "other", app: "watched" }));
  const query = { watch: true, resourceVersion };
  const api = cluster.apiOf("admin", ["other"]);
  const stop = new AbortController();
  let text = "";
  const watching = async () => {
    const either = AbortSignal.any([signal, stop.signal]);
    for await (const chunk of api.stream("/api/v1/namespaces/other/pods", query, either)) {
      text += chunk.toString("utf8");
      if (text.includes("\n")) return;
    }
  };
  await watching();
  stop.abort();
  expect(JSON.parse(text.split("\n")[0] ?? "")).toMatchObject({
    type: "ADDED",
    object: { metadata: { name: "watched" } },
  });
});
