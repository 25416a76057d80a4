import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestCluster, type TestCluster } from "../testing/open-test-cluster.ts";
import { createKubeRestarter } from "./kube-restarter.ts";
import type { Restarter } from "./restarter.ts";

const signal = AbortSignal.timeout(120_000);
let cluster: TestCluster;
let restarter: Restarter;

beforeAll(async () => {
  cluster = await openTestCluster(process.env.TEST_KUBE_APISERVER, signal);
  await cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  restarter = createKubeRestarter(cluster.apiOf("admin", ["shop"]), async (path, body) => {
    const type = "application/strategic-merge-patch+json";
    const { status } = await cluster.send("PATCH", path, body, type);
    if (status !== 200) throw new Error(`PATCH ${path}: ${status}`);
  });
}, 120_000);
afterAll(() => cluster?.[Symbol.asyncDispose]());

const labels = { app: "api" };

async function createApi(name: string): Promise<void> {
  await createWorkload("Deployment", name, { replicas: 3 });
}

async function createWorkload(kind: string, name: string, spec: object): Promise<void> {
  const container = { name: "api", image: "api:1" };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  await cluster.create({
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace: "shop" },
    spec: { ...spec, selector: { matchLabels: labels }, template },
  });
}

async function report(name: string, status: object, kinds = "deployments"): Promise<void> {
  const path = `/apis/apps/v1/namespaces/shop/${kinds}/${name}/status`;
  const answer = await cluster.send("PATCH", path, { status }, "application/merge-patch+json");
  expect(answer.status).toBe(200);
}

const counts = (ready: number) => ({
  replicas: 3,
  updatedReplicas: 3,
  readyReplicas: ready,
  availableReplicas: ready,
});

test("a restart is a new rollout of the very generation, watched until it is ready", async () => {
  await createApi("api");
  await report("api", { observedGeneration: 1, ...counts(3) });
  const target = await restarter.find({ service: "api", namespace: undefined }, signal);
  expect(target).toMatchObject({ id: "shop/Deployment/api", replicas: 3, isRolling: false });
  expect(target.obstacle).toBeUndefined();

  await restarter.begin(target, signal);

  expect((await restarter.look(target, signal)).state).toBe("waiting");
  await report("api", { observedGeneration: 2, ...counts(1) });
  expect(await restarter.look(target, signal)).toMatchObject({
    state: "waiting",
    evidence: { kind: "rollout", wanted: 3, updated: 3, ready: 1 },
  });
  await report("api", { observedGeneration: 2, ...counts(3) });
  expect((await restarter.look(target, signal)).state).toBe("healthy");
  await expect(restarter.begin(target, signal)).rejects.toMatchObject({ code: "changed" });
});

test("a rollout that passes its deadline is stuck", async () => {
  await createApi("slow");
  const target = await restarter.find({ service: "slow", namespace: "shop" }, signal);
  await restarter.begin(target, signal);
  const condition = {
    type: "Progressing",
    status: "False",
    reason: "ProgressDeadlineExceeded",
    message: "timed out progressing",
  };
  await report("slow", { observedGeneration: 2, ...counts(1), conditions: [condition] });

  expect(await restarter.look(target, signal)).toMatchObject({
    state: "stuck",
    evidence: { message: "timed out progressing" },
  });
});

test("a DaemonSet whose old pods are still ready is not there yet", async () => {
  await createWorkload("DaemonSet", "agent", {});
  const counts = {
    currentNumberScheduled: 3,
    desiredNumberScheduled: 3,
    numberMisscheduled: 0,
    numberReady: 3,
  };
  await report("agent", { observedGeneration: 1, ...counts }, "daemonsets");
  const target = await restarter.find({ service: "agent", namespace: undefined }, signal);
  await restarter.begin(target, signal);
  await report("agent", { observedGeneration: 2, ...counts }, "daemonsets");

  expect(await restarter.look(target, signal)).toMatchObject({
    state: "waiting",
    evidence: { kind: "rollout", wanted: 3, updated: 0, ready: 3 },
  });
  await report("agent", { updatedNumberScheduled: 3 }, "daemonsets");
  expect((await restarter.look(target, signal)).state).toBe("healthy");
});

test("what is no workload, or is not there, cannot be restarted", async () => {
  const lost = restarter.find({ service: "nothing-like-it", namespace: undefined }, signal);

  await expect(lost).rejects.toMatchObject({ code: "unknown_service" });
});

test("a disruption budget that allows nothing stands against it", async () => {
  await createApi("guarded");
  await cluster.create({
    apiVersion: "policy/v1beta1",
    kind: "PodDisruptionBudget",
    metadata: { name: "keep-all", namespace: "shop" },
    spec: { minAvailable: 3, selector: { matchLabels: labels } },
  });

  const target = await restarter.find({ service: "guarded", namespace: undefined }, signal);

  expect(target.obstacle).toEqual({ kind: "budget", name: "keep-all" });
});
