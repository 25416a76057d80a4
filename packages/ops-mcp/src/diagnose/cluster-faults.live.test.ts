import { afterAll, beforeAll, expect, test } from "vitest";
import { callTool, type Finding, opsTools } from "../index.ts";
import {
  containerStatus,
  deploymentOf,
  depsOf,
  endpointsOf,
  eventOf,
  healthyStatus,
  namespaceOf,
  openTestCluster,
  podOf,
  serviceOf,
  type TestCluster,
  waiting,
} from "../testing/index.ts";
import type { KubeObject } from "../testing/kube-store.ts";

/* Against the fake, or a real API server: see cluster.live.test.ts. One namespace a fault. */
const signal = AbortSignal.timeout(180_000);
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await openTestCluster(process.env.TEST_KUBE_APISERVER || undefined, signal);
}, 120_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const ago = (minutes: number) =>
  new Date(Date.now() - minutes * 60_000).toISOString().replace(/\.\d+Z$/, "Z");

async function diagnose(
  namespace: string,
  objects: readonly KubeObject[],
): Promise<readonly Finding[]> {
  await cluster.create(namespaceOf(namespace));
  for (const object of objects) {
    const isInNamespace = object.kind !== "Node";
    const metadata = { ...object.metadata, ...(isInNamespace ? { namespace } : {}) };
    const { involvedObject } = object;
    const about = involvedObject ? { involvedObject: { ...involvedObject, namespace } } : {};
    await cluster.create({ ...object, ...about, metadata });
  }
  const deps = depsOf(
    { kubernetes: cluster.apiOf("admin", [namespace]) },
    { readSystemStatus: async () => healthyStatus() },
  );
  const result = await callTool(deps, opsTools.diagnose, {}, signal);
  if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
  return result.data.findings.filter(({ target }) => target.startsWith(`${namespace}/`));
}

function ended(reason: string, exitCode: number, minutesAgo: number) {
  return { terminated: { reason, exitCode, finishedAt: ago(minutesAgo) } };
}

test("a healthy system: no finding is invented", async () => {
  const findings = await diagnose("healthy", [
    deploymentOf("gateway"),
    podOf("gateway-1"),
    serviceOf("gateway"),
    endpointsOf("gateway", 1),
    eventOf("e1", { reason: "Pulled", type: "Normal", object: "gateway-1" }),
  ]);
  expect(findings).toEqual([]);
});

test("crash loop", async () => {
  const state = { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s" } };
  const lastState = ended("Error", 1, 1);
  const status = containerStatus({ ready: false, restartCount: 9, state, lastState });
  const findings = await diagnose("crash-loop", [
    podOf("gateway-1", { status: { containerStatuses: [status] } }),
  ]);
  expect(findings).toMatchObject([
    {
      code: "crash_loop",
      severity: "critical",
      target: "crash-loop/gateway",
      facts: { restarts: 9, exitCode: 1, pods: 1 },
      evidence: ["back-off 5m0s"],
    },
  ]);
});

test("a crash loop comes with the last words before the crash", async () => {
  const state = { waiting: { reason: "CrashLoopBackOff" } };
  const status = containerStatus({
    ready: false,
    restartCount: 3,
    state,
    lastState: ended("Error", 1, 1),
  });
  const where = { namespace: "last-words", pod: "gateway-1", container: "main", previous: true };
  cluster.logs.set(where, [
    { at: ago(120), text: "ready" },
    { at: ago(119), text: "fatal: RESONANCE_LOGIC_ADDRESS is missing" },
  ]);
  const findings = await diagnose("last-words", [
    podOf("gateway-1", { status: { containerStatuses: [status] } }),
  ]);
  expect(findings[0]?.evidence).toEqual(["ready", "fatal: RESONANCE_LOGIC_ADDRESS is missing"]);
});

test("what logs of pods say of an expired certificate is a finding of their app", async () => {
  const where = { namespace: "certificate", pod: "task-1", container: "main" };
  const text = "ERROR connect: x509: certificate has expired or is not yet valid";
  cluster.logs.set(where, [{ at: ago(1), text }]);
  const findings = await diagnose("certificate", [podOf("task-1", { app: "task" })]);
  expect(findings).toMatchObject([
    { code: "certificate_expired", severity: "critical", target: "certificate/task" },
  ]);
});

test("OOM kill, also while it crash-loops", async () => {
  const state = { waiting: { reason: "CrashLoopBackOff" } };
  const lastState = ended("OOMKilled", 137, 1);
  const status = containerStatus({ ready: false, restartCount: 4, state, lastState });
  const findings = await diagnose("oom-kill", [
    podOf("logic-1", { app: "logic", status: { containerStatuses: [status] } }),
  ]);
  expect(findings).toMatchObject([
    { code: "oom_killed", severity: "critical", facts: { exitCode: 137, lastReason: "OOMKilled" } },
  ]);
});

test("image pull, of two pods as one finding", async () => {
  const findings = await diagnose("image-pull", [
    podOf("task-1", { app: "task", status: waiting("ImagePullBackOff") }),
    podOf("task-2", { app: "task", status: waiting("ErrImagePull") }),
  ]);
  expect(findings).toMatchObject([{ code: "image_pull", facts: { pods: 2 } }]);
});

test("pending for resources", async () => {
  const message = "0/3 nodes are available: 3 Insufficient memory.";
  const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
  const findings = await diagnose("pending", [
    podOf("gateway-1", {
      node: null,
      status: { phase: "Pending", containerStatuses: [], conditions },
    }),
  ]);
  expect(findings).toMatchObject([
    { code: "unschedulable", severity: "critical", evidence: [message] },
  ]);
});

test("failing probe", async () => {
  const message = "Readiness probe failed: HTTP probe failed with statuscode: 503";
  const findings = await diagnose("probe", [
    podOf("gateway-1", { status: { containerStatuses: [containerStatus({ ready: false })] } }),
    eventOf("e1", { reason: "Unhealthy", object: "gateway-1", message }),
  ]);
  expect(findings).toMatchObject([
    {
      code: "probe_failing",
      severity: "critical",
      facts: { probe: "readiness" },
      evidence: [message],
    },
  ]);
});

test("config missing", async () => {
  const findings = await diagnose("config", [
    podOf("bot-1", { app: "bot", status: waiting("CreateContainerConfigError") }),
  ]);
  expect(findings).toMatchObject([{ code: "config_missing", severity: "critical" }]);
});

test("rollout stuck, explained by the image that cannot be pulled", async () => {
  const conditions = [
    {
      type: "Progressing",
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: 'ReplicaSet "gateway-2" has timed out progressing.',
      lastTransitionTime: ago(20),
    },
  ];
  const status = {
    replicas: 3,
    updatedReplicas: 1,
    readyReplicas: 2,
    availableReplicas: 2,
    conditions,
  };
  const findings = await diagnose("rollout", [
    deploymentOf("gateway", { replicas: 3, status }),
    podOf("gateway-2", { status: waiting("ImagePullBackOff") }),
  ]);
  expect(findings).toMatchObject([
    { code: "image_pull", severity: "critical" },
    {
      code: "rollout_stuck",
      severity: "warning",
      facts: { desired: 3, ready: 2, updated: 1 },
      because: "image_pull",
    },
  ]);
});

test("node not ready", async () => {
  const conditions = [
    {
      type: "Ready",
      status: "Unknown",
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
    },
  ];
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "node-9" },
    status: { conditions },
  };
  await diagnose("node", [node]);
  const deps = depsOf({ kubernetes: cluster.apiOf("admin", ["node"]) });
  const result = await callTool(deps, opsTools.diagnose, {}, signal);
  expect(result).toMatchObject({
    data: { findings: [{ code: "node_not_ready", target: "node-9", severity: "critical" }] },
  });
  await cluster.send("DELETE", "/api/v1/nodes/node-9");
});

test("service without endpoints", async () => {
  const findings = await diagnose("endpoints", [
    serviceOf("gateway"),
    endpointsOf("gateway", 0),
    deploymentOf("off", { replicas: 0 }),
    serviceOf("off"),
  ]);
  expect(findings).toMatchObject([
    {
      code: "no_endpoints",
      target: "endpoints/gateway",
      facts: { workloads: 0, selector: "app=gateway" },
    },
  ]);
});

test("noisy but recovered: what is over is a note", async () => {
  const lastState = ended("Error", 1, 60);
  const findings = await diagnose("recovered", [
    podOf("gateway-1", {
      status: { containerStatuses: [containerStatus({ restartCount: 6, lastState })] },
    }),
    eventOf("e1", { reason: "BackOff", object: "gateway-1", count: 40 }),
  ]);
  expect(findings).toMatchObject([{ code: "recovered", severity: "note", facts: { restarts: 6 } }]);
});

test("two faults at once are two findings", async () => {
  const state = { waiting: { reason: "CrashLoopBackOff" } };
  const crashing = containerStatus({
    ready: false,
    restartCount: 3,
    state,
    lastState: ended("Error", 2, 1),
  });
  const findings = await diagnose("two-faults", [
    podOf("gateway-1", { status: { containerStatuses: [crashing] } }),
    podOf("task-1", { app: "task", status: waiting("ImagePullBackOff") }),
  ]);
  expect(findings.map(({ code, target }) => [code, target])).toEqual([
    ["crash_loop", "two-faults/gateway"],
    ["image_pull", "two-faults/task"],
  ]);
});

test("a role that may not see nodes still gets the rest, and is told", async () => {
  const conditions = { apiVersion: "rbac.authorization.k8s.io/v1" };
  await cluster.create(namespaceOf("shop"));
  const { viewerRole } = await import("../testing/index.ts");
  for (const object of viewerRole()) await cluster.create({ ...object, ...conditions });
  const deps = depsOf({ kubernetes: cluster.apiOf("viewer", ["shop"]) });
  const result = await callTool(deps, opsTools.diagnose, {}, signal);
  if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
  const nodes = result.data.looks.find(({ what }) => what === "nodes");
  expect(nodes?.failed).toContain("nodes is forbidden");
  expect(result.data.looks.find(({ what }) => what === "kubernetes")?.at).toEqual(["shop"]);
});
