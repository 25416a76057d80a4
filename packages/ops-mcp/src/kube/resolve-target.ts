import { editDistance, serviceNames, toleratedErrors } from "../service-name.ts";
import { ToolError } from "../tool.ts";
import type { KubeApi } from "./kube-api.ts";
import { listPods, listServices, listWorkloads } from "./list-objects.ts";
import { namespacesOf } from "./namespaces.ts";
import type { KubeService, Pod, Workload, WorkloadKind } from "./objects.ts";

/** What a name stands for in the cluster. */
export type KubeTarget = {
  readonly namespace: string;
  readonly kind: WorkloadKind | "Service" | "Pod";
  readonly name: string;
  readonly workload: Workload | undefined;
  readonly service: KubeService | undefined;
  readonly pods: readonly Pod[];
};

/** As every result names it: `Deployment shop/gateway`. `foundTargets` reads it back. */
export function targetText({
  kind,
  namespace,
  name,
}: Pick<KubeTarget, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace}/${name}`;
}

type Candidate = Omit<KubeTarget, "pods"> & {
  /** None for a pod, which is named itself. */
  readonly selector: Readonly<Record<string, string>> | undefined;
};

export const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet"] as const;

/**
 * Finds the workload, service or pod that a name means, in this order, in the namespace or in all
 * that may be looked at: by its name, by its name with our prefix, by its label `app`, or by a name
 * one or two typing errors away. The pods come by labels, never by the beginning of their names.
 *
 * @throws ToolError `unknown_service` with what is nearest.
 */
export async function resolveTarget(
  api: KubeApi,
  wanted: { readonly name: string; readonly namespace: string | undefined },
  signal: AbortSignal,
): Promise<KubeTarget> {
  const namespaces = namespacesOf(api, wanted.namespace);
  const candidates = (
    await Promise.all(namespaces.map((namespace) => candidatesOf(api, namespace, signal)))
  ).flat();
  const names = spellings(wanted.name);
  const found = candidates.find((candidate) => names.some((name) => means(candidate, name)));
  if (found) return await withPods(api, found, signal);
  const pod = await findPod(api, namespaces, wanted.name, signal);
  if (pod) return pod;
  const near = nearest(names, candidates);
  const only = near.filter(({ isTypo }) => isTypo);
  if (only.length > 0 && new Set(only.map(({ candidate }) => candidate.name)).size === 1) {
    const [typo] = only;
    if (typo) return await withPods(api, typo.candidate, signal);
  }
  throw new ToolError(
    "unknown_service",
    `nothing is called ${wanted.name} in ${namespaces.join(", ")}`,
    {
      near: [...new Set(near.map(({ candidate }) => candidate.name))].slice(0, 5),
    },
  );
}

async function candidatesOf(
  api: KubeApi,
  namespace: string,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const [services, ...lists] = await Promise.all([
    listServices(api, namespace, signal),
    ...workloadKinds.map((kind) => listWorkloads(api, namespace, kind, signal)),
  ]);
  const workloads = workloadKinds.flatMap((kind, index) =>
    (lists[index]?.items ?? []).map((workload) => ({
      namespace,
      kind,
      name: workload.metadata.name,
      workload,
      service: undefined,
      selector: workload.spec.selector.matchLabels,
    })),
  );
  return [
    ...workloads,
    ...services.items.map((service) => ({
      namespace,
      kind: "Service" as const,
      name: service.metadata.name,
      workload: undefined,
      service,
      selector: service.spec.selector,
    })),
  ];
}

function means({ name, workload }: Candidate, wanted: string): boolean {
  if (name === wanted || name === `resonance-${wanted}`) return true;
  const labels = workload?.metadata.labels ?? {};
  return [
    labels.app,
    labels["app.kubernetes.io/name"],
    labels["app.kubernetes.io/component"],
  ].includes(wanted);
}

/** As typed, and as our services are called. */
function spellings(name: string): string[] {
  const typed = name.normalize("NFKC").trim().toLowerCase();
  const bare = typed.replace(/[-\s]?(service|服务)$/u, "");
  const canonical = Object.entries(serviceNames)
    .filter(([, aliases]) => (aliases as readonly string[]).includes(bare))
    .map(([own]) => own);
  return [...new Set([typed, bare, ...canonical])].filter((spelling) => spelling !== "");
}

function nearest(
  names: readonly string[],
  candidates: readonly Candidate[],
): { readonly candidate: Candidate; readonly isTypo: boolean }[] {
  return candidates
    .map((candidate) => {
      const short = candidate.name.replace(/^resonance-/, "");
      const distance = Math.min(
        ...names.flatMap((name) => [editDistance(name, candidate.name), editDistance(name, short)]),
      );
      return { candidate, distance, isTypo: distance <= toleratedErrors(short) };
    })
    .toSorted((one, other) => one.distance - other.distance);
}

async function findPod(
  api: KubeApi,
  namespaces: readonly string[],
  name: string,
  signal: AbortSignal,
): Promise<KubeTarget | undefined> {
  for (const namespace of namespaces) {
    const { items } = await listPods(api, namespace, undefined, signal);
    const pod = items.find(({ metadata }) => metadata.name === name);
    if (pod) {
      const bare = { workload: undefined, service: undefined };
      return { namespace, kind: "Pod", name, ...bare, pods: [pod] };
    }
  }
  return undefined;
}

async function withPods(
  api: KubeApi,
  { selector, ...candidate }: Candidate,
  signal: AbortSignal,
): Promise<KubeTarget> {
  const labels = Object.entries(selector ?? {}).map(([key, value]) => `${key}=${value}`);
  // A service without a selector selects nothing; an empty selector would select everything.
  if (labels.length === 0) return { ...candidate, pods: [] };
  const { items } = await listPods(api, candidate.namespace, labels.join(","), signal);
  return { ...candidate, pods: items };
}
