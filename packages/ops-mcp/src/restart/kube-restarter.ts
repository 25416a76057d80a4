import { z } from "zod";
import type { KubeApi, KubePatch } from "../kube/kube-api.ts";
import { type Workload, type WorkloadKind, workload as workloadSchema } from "../kube/objects.ts";
import { resolveTarget } from "../kube/resolve-target.ts";
import { ToolError } from "../tool.ts";
import type { Restarter, RestartObstacle, RestartProgress, RestartTarget } from "./restarter.ts";

const plural = {
  Deployment: "deployments",
  StatefulSet: "statefulsets",
  DaemonSet: "daemonsets",
} as const satisfies Record<WorkloadKind, string>;

const restartedAt = "kubectl.kubernetes.io/restartedAt";

/** Restarts a workload of a cluster by rolling it out anew, as `kubectl rollout restart` does. */
export function createKubeRestarter(
  api: KubeApi,
  patch: KubePatch,
  nowMs: () => number = Date.now,
): Restarter {
  const read = async (id: string, signal: AbortSignal) => {
    const { path, kind } = placeOf(id);
    const found = workloadSchema.parse(await api.get(path, {}, signal));
    return { kind, found };
  };
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
        replicas: replicasOf(target.kind, owner),
        isRolling: progressOf(target.kind, owner).state !== "healthy" && isBehind(owner),
        obstacle,
      } satisfies RestartTarget;
    },
    async begin({ id, generation }, signal) {
      const { found } = await read(id, signal);
      if (`${found.metadata.generation}` !== generation) {
        throw new ToolError("changed", `${id} has changed meanwhile`);
      }
      const annotations = { [restartedAt]: new Date(nowMs()).toISOString() };
      const body = { spec: { template: { metadata: { annotations } } } };
      await patch(placeOf(id).path, body, signal);
    },
    async look({ id, generation }, signal) {
      const { kind, found } = await read(id, signal);
      if (`${found.metadata.generation}` === generation) {
        return { state: "waiting", evidence: { kind: "unchanged", generation } };
      }
      return progressOf(kind, found);
    },
  };
}

function progressOf(kind: WorkloadKind, found: Workload): RestartProgress {
  const { status } = found;
  const wanted = replicasOf(kind, found);
  const ready = kind === "DaemonSet" ? (status.numberReady ?? 0) : status.readyReplicas;
  const updated = kind === "DaemonSet" ? ready : status.updatedReplicas;
  const progressing = status.conditions.find(({ type }) => type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    const { message } = progressing;
    return { state: "stuck", evidence: { kind: "rollout", wanted, updated, ready, message } };
  }
  const isDone = !isBehind(found) && updated >= wanted && ready >= wanted;
  const evidence = { kind: "rollout", wanted, updated, ready, message: undefined } as const;
  return { state: isDone ? "healthy" : "waiting", evidence };
}

/** The controller has not seen the newest generation yet. */
function isBehind({ metadata, status }: Workload): boolean {
  return status.observedGeneration < metadata.generation;
}

function replicasOf(kind: WorkloadKind, { spec, status }: Workload): number {
  return kind === "DaemonSet" ? (status.desiredNumberScheduled ?? 0) : spec.replicas;
}

function isWorkloadKind(kind: string): kind is WorkloadKind {
  return kind in plural;
}

function placeOf(id: string): { readonly path: string; readonly kind: WorkloadKind } {
  const [namespace = "", kind = "", name = ""] = id.split("/");
  if (!isWorkloadKind(kind)) throw new ToolError("not_found", `${id} is no workload`);
  const at = [namespace, plural[kind], name].map(encodeURIComponent);
  return { kind, path: `/apis/apps/v1/namespaces/${at.join("/")}` };
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
