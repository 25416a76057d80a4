import { afterAll, beforeAll, expect, test } from "vitest";
import { callTool, opsTools, toolText } from "../index.ts";
import {
  deploymentOf,
  depsOf,
  namespaceOf,
  openTestCluster,
  podOf,
  serviceOf,
  type TestCluster,
  waiting,
} from "../testing/index.ts";

/* Against the fake, or a real API server: see cluster.live.test.ts. */
const signal = AbortSignal.timeout(120_000);
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await openTestCluster(process.env.TEST_KUBE_APISERVER || undefined, signal);
  await cluster.create(namespaceOf("shop"));
  const container = {
    image: "registry.example/gateway:1.4.2",
    ports: [{ containerPort: 8_080 }],
    env: [
      { name: "RESONANCE_LOGIC_ADDRESS", value: "logic:7000" },
      { name: "API_TOKEN", value: "a-value-that-nobody-may-see" },
    ],
    envFrom: [{ secretRef: { name: "gateway-keys" } }],
    resources: { requests: { memory: "64Mi" }, limits: { memory: "256Mi", cpu: "1" } },
    readinessProbe: { httpGet: { path: "/health", port: 8_080 }, periodSeconds: 5 },
    livenessProbe: { exec: { command: ["sh", "-c", "check --password=hunter2"] } },
  };
  const conditions = [{ type: "Available", status: "False", reason: "MinimumReplicasUnavailable" }];
  const status = {
    replicas: 2,
    updatedReplicas: 1,
    readyReplicas: 1,
    availableReplicas: 1,
    conditions,
  };
  await cluster.create(deploymentOf("gateway", { replicas: 2, container, status }));
  await cluster.create(podOf("gateway-1", { container }));
  await cluster.create(podOf("gateway-2", { container, status: waiting("ImagePullBackOff") }));
  await cluster.create(serviceOf("lonely"));
}, 120_000);
afterAll(() => cluster[Symbol.asyncDispose]());

async function describe(service: string) {
  const deps = depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) });
  return await callTool(deps, opsTools.describe, { service }, signal);
}

test("a workload's digest has what matters", async () => {
  const result = await describe("gateway");
  expect(result).toMatchObject({
    outcome: "ok",
    data: {
      kind: "Deployment",
      namespace: "shop",
      replicas: { desired: 2, ready: 1, updated: 1 },
      rollout: { isDone: false },
      pods: { Running: 1, ImagePullBackOff: 1 },
      unhealthyPods: ["gateway-2 (ImagePullBackOff)"],
      containers: [
        {
          image: "registry.example/gateway:1.4.2",
          limits: { memory: "256Mi", cpu: "1" },
          probes: [
            "readiness http /health :8080 every 5 s, fails after 3",
            "liveness command every 10 s, fails after 3",
          ],
          environment: ["RESONANCE_LOGIC_ADDRESS", "API_TOKEN"],
          environmentFrom: ["Secret gateway-keys"],
        },
      ],
    },
  });
});

test("a DaemonSet counts the nodes that it is on", async () => {
  const { spec, ...agent } = deploymentOf("agent");
  const { replicas: _, ...daemon } = Object(spec);
  const status = {
    observedGeneration: 1,
    currentNumberScheduled: 3,
    desiredNumberScheduled: 3,
    numberMisscheduled: 0,
    numberReady: 3,
    updatedNumberScheduled: 3,
    numberAvailable: 2,
  };
  await cluster.create({ ...agent, kind: "DaemonSet", spec: daemon, status });

  expect(await describe("agent")).toMatchObject({
    data: {
      kind: "DaemonSet",
      replicas: { desired: 3, ready: 3, updated: 3, available: 2 },
      rollout: { isDone: true },
    },
  });
});

test("no value of a variable and no command's argument is in it, in data or text", async () => {
  const result = await describe("gateway");
  const everything = JSON.stringify(result) + toolText(opsTools.describe, result);
  expect(everything).not.toContain("nobody-may-see");
  expect(everything).not.toContain("hunter2");
  expect(everything).toContain("API_TOKEN");
});

test("a pod and a service have digests, too", async () => {
  expect(await describe("gateway-2")).toMatchObject({
    data: { kind: "Pod", pods: { ImagePullBackOff: 1 } },
  });
  expect(await describe("lonely")).toMatchObject({ data: { kind: "Service", pods: {} } });
});

test("what is not there is answered with what is nearest", async () => {
  const result = await describe("gatehouse");
  expect(result).toMatchObject({ outcome: "error", cause: "unknown_service" });
  expect(result.outcome === "error" && result.near[0]).toBe("gateway");
});
