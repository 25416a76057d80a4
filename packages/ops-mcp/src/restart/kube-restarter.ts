import { z } from "zod";
import type { KubeApi, KubePatch } from "../kube/kube-api.ts";
import { workloadsPath } from "../kube/list-objects.ts";
import { type Workload, type WorkloadKind, workload as workloadSchema } from "../kube/objects.ts";
import { resolveTarget, workloadKinds } from "../kube/resolve-target.ts";
import { isRolledOut, isSeen, replicasOf } from "../kube/rollout.ts";
import { ToolError } from "../tool.ts";
import type { Restarter, RestartObstacle, RestartProgress, RestartTarget } from "./restarter.ts";

const restartedAt = "kubectl.kubernetes.io/restartedAt";

/** Restarts a workload of a cluster by rolling it out anew, as `kubectl rollout restart` does. */
export function createKubeRestarter(api: KubeApi, patch: KubePatch): Restarter {
  const read = async (id: string, signal: AbortSignal) =>
    workloadSchema.parse(await api.get(pathOf(id), {}, signal));
  return {
    async find({ service, namespace }, signal) {
      const target = await resolveTarget(api, { name: service, namespace }, signal);
      const owner = target.workload;
      if (!owner || !isWorkloadKind(target.kind)) {
        throw new ToolError("not_found", `${service} is no workload that can be rolled out anew`);
      }
      const obstacle = await obstacleOf(api, target.namespace, owner, signal);
      return {
        id: `${target.namespace}/${target.kind}/${target.name}`,
        service: target.name,
        namespace: target.namespace,
        generation: `${owner.metadata.generation}`,
        replicas: replicasOf(owner).desired,
        isRolling: !isSeen(owner),
        obstacle,
      } satisfies RestartTarget;
    },
    async begin({ id, generation }, signal) {
      const found = await read(id, signal);
      if (`${found.metadata.generation}` !== generation) {
        throw new ToolError("changed", `${id} has changed meanwhile`);
      }
      const annotations = { [restartedAt]: new Date().toISOString() };
      const body = { spec: { template: { metadata: { annotations } } } };
      await patch(pathOf(id), body, signal);
    },
    async look({ id, generation }, signal) {
      const found = await read(id, signal);
      if (`${found.metadata.generation}` === generation) {
        return { state: "waiting", evidence: { kind: "unchanged", generation } };
      }
      return progressOf(found);
    },
  };
}

function progressOf(found: Workload): RestartProgress {
  const { desired: wanted, ready, updated } = replicasOf(found);
  const progressing = found.status.conditions.find(({ type }) => type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    const { message } = progressing;
    return { state: "stuck", evidence: { kind: "rollout", wanted, updated, ready, message } };
  }
  const evidence = { kind: "rollout", wanted, updated, ready, message: undefined } as const;
  return { state: isRolledOut(found) ? "healthy" : "waiting", evidence };
}

function isWorkloadKind(kind: string): kind is WorkloadKind {
  return workloadKinds.some((known) => known === kind);
}

function pathOf(id: string): string {
  const [namespace = "", kind = "", name = ""] = id.split("/");
  if (!isWorkloadKind(kind)) throw new ToolError("not_found", `${id} is no workload`);
  return `${workloadsPath(encodeURIComponent(namespace), kind)}/${encodeURIComponent(name)}`;
}

const budgets = z.object({
  items: z
    .array(
      z.object({
        metadata: z.object({ name: z.string() }),
        spec: z
          .object({
            selector: z
              .object({ matchLabels: z.record(z.string(), z.string()).default({}) })
              .prefault({}),
          })
          .prefault({}),
        status: z.object({ disruptionsAllowed: z.number().default(0) }).prefault({}),
      }),
    )
    .default([]),
});

/** A disruption budget that would not let a pod of the workload go. */
async function obstacleOf(
  api: KubeApi,
  namespace: string,
  owner: Workload,
  signal: AbortSignal,
): Promise<RestartObstacle | undefined> {
  const labels = owner.spec.selector.matchLabels;
  const found = budgets.parse(await listBudgets(api, namespace, signal));
  const blocking = found.items.find(({ spec, status }) => {
    const wanted = Object.entries(spec.selector.matchLabels);
    const isOfOwner = wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
    return isOfOwner && status.disruptionsAllowed < 1;
  });
  return blocking && { kind: "budget", name: blocking.metadata.name };
}

async function listBudgets(api: KubeApi, namespace: string, signal: AbortSignal): Promise<unknown> {
  const path = (version: string) =>
    `/apis/policy/${version}/namespaces/${encodeURIComponent(namespace)}/poddisruptionbudgets`;
  try {
    return await api.get(path("v1"), {}, signal);
  } catch (error) {
    // Clusters before 1.21 have it under another version.
    if (!(error instanceof ToolError) || error.code !== "not_found") throw error;
    return await api.get(path("v1beta1"), {}, signal);
  }
}
