import type { KubeApi } from "../kube/kube-api.ts";
import {
  listEndpoints,
  listEvents,
  listNodes,
  listPods,
  listServices,
  listWorkloads,
} from "../kube/list-objects.ts";
import { namespacesOf } from "../kube/namespaces.ts";
import type { Endpoints, KubeNode, KubeService, Workload } from "../kube/objects.ts";
import { resolveTarget, targetText, workloadKinds } from "../kube/resolve-target.ts";
import { replicasOf } from "../kube/rollout.ts";
import { ToolError } from "../tool.ts";
import type { Window } from "../window.ts";
import { examinePodLogs, withLastWords } from "./examine-pod-logs.ts";
import { examinePods } from "./examine-pods.ts";
import type { Examination, Finding, Look } from "./finding.ts";

type Wanted = { readonly service: string | undefined; readonly namespace: string | undefined };

const stuckMs = 10 * 60_000;

/** What is wrong in the cluster, in the namespaces that may be looked at. */
export async function examineCluster(
  api: KubeApi,
  wanted: Wanted,
  window: Window,
  signal: AbortSignal,
): Promise<Examination> {
  const target =
    wanted.service === undefined
      ? undefined
      : await resolveTarget(api, { name: wanted.service, namespace: wanted.namespace }, signal);
  const namespaces = target ? [target.namespace] : namespacesOf(api, wanted.namespace);
  const examined = await Promise.all(
    namespaces.map((namespace) => examineNamespace(api, namespace, window, signal)),
  );
  const nodes = await examineNodes(api, signal);
  const pods = target?.pods.map(({ metadata }) => metadata.name) ?? [];
  const apps = target?.pods.map(({ metadata }) => metadata.labels.app) ?? [];
  const isMeant = (app: string) => !target || app === target.name || apps.includes(app);
  const findings = examined
    .flatMap((one) => one.findings)
    .filter(({ target: at, facts }) => {
      const app = at.slice(at.indexOf("/") + 1);
      return isMeant(app) || pods.includes(String(facts.pod ?? ""));
    });
  const logs = examined.flatMap(({ looks }) => looks).filter(({ at: [app = ""] }) => isMeant(app));
  const at = target ? [targetText(target)] : namespaces;
  return {
    findings: [...findings, ...nodes.findings],
    looks: [{ what: "kubernetes", at }, ...logs, ...nodes.looks],
  };
}

async function examineNamespace(
  api: KubeApi,
  namespace: string,
  window: Window,
  signal: AbortSignal,
): Promise<Examination> {
  const [pods, services, endpoints, events, ...workloads] = await Promise.all([
    listPods(api, namespace, undefined, signal),
    listServices(api, namespace, signal),
    listEndpoints(api, namespace, signal),
    listEvents(api, namespace, "type=Warning", signal),
    ...workloadKinds.map((kind) => listWorkloads(api, namespace, kind, signal)),
  ]);
  const all = workloads.flatMap(({ items }) => items);
  const nowMs = Date.now();
  const states = examinePods(pods.items, { nowMs, events: events.items });
  const [told, logs] = await Promise.all([
    withLastWords(api, states, pods.items, window, signal),
    examinePodLogs(api, namespace, pods.items, window, signal),
  ]);
  return {
    findings: [
      ...told,
      ...all.flatMap((workload) => rolloutFinding(workload, nowMs)),
      ...services.items.flatMap((service) => endpointFinding(service, endpoints.items, all)),
      ...logs.findings,
    ],
    looks: logs.looks,
  };
}

/** A rollout that its controller has given up, or that stands still. */
function rolloutFinding(workload: Workload, nowMs: number): Finding[] {
  const { name, namespace } = workload.metadata;
  const { desired, ready, updated } = replicasOf(workload);
  const progressing = workload.status.conditions.find(({ type }) => type === "Progressing");
  const isGivenUp = progressing?.reason === "ProgressDeadlineExceeded";
  const sinceMs = nowMs - Date.parse(progressing?.lastTransitionTime ?? "");
  const isUnfinished = updated < desired || ready < desired;
  const isStill = isUnfinished && sinceMs > stuckMs && progressing?.reason === "ReplicaSetUpdated";
  if (!isGivenUp && !isStill) return [];
  return [
    {
      code: "rollout_stuck",
      severity: ready === 0 ? "critical" : "warning",
      target: `${namespace}/${name}`,
      facts: { desired, ready, updated },
      evidence: progressing?.message ? [progressing.message] : [],
    },
  ];
}

/** A service that selects something and has nobody to send to. */
function endpointFinding(
  service: KubeService,
  endpoints: readonly Endpoints[],
  workloads: readonly Workload[],
): Finding[] {
  const { name, namespace } = service.metadata;
  const selector = Object.entries(service.spec.selector);
  if (selector.length === 0) return [];
  const own = endpoints.find(({ metadata }) => metadata.name === name);
  const ready = own?.subsets.reduce((sum, subset) => sum + subset.addresses.length, 0) ?? 0;
  if (ready > 0) return [];
  const matched = workloads.filter(({ spec }) =>
    selector.every(([key, value]) => spec.selector.matchLabels[key] === value),
  );
  // Scaled to nothing on purpose.
  if (matched.length > 0 && matched.every((workload) => replicasOf(workload).desired === 0))
    return [];
  const notReady =
    own?.subsets.reduce((sum, { notReadyAddresses: list }) => sum + list.length, 0) ?? 0;
  return [
    {
      code: "no_endpoints",
      severity: "critical",
      target: `${namespace}/${name}`,
      facts: {
        notReady,
        workloads: matched.length,
        selector: selector.map(([key, value]) => `${key}=${value}`).join(","),
      },
      evidence: [],
    },
  ];
}

async function examineNodes(api: KubeApi, signal: AbortSignal): Promise<Examination> {
  try {
    const { items } = await listNodes(api, signal);
    return {
      findings: items.flatMap(nodeFinding),
      looks: [{ what: "nodes", at: items.map(({ metadata }) => metadata.name) }],
    };
  } catch (error) {
    // The shipped role may read namespaces only: that is no failure of the rest.
    if (!(error instanceof ToolError)) throw error;
    const look: Look = { what: "nodes", at: [], failed: error.message };
    return { findings: [], looks: [look] };
  }
}

function nodeFinding(node: KubeNode): Finding[] {
  const ready = node.status.conditions.find(({ type }) => type === "Ready");
  const pressures = node.status.conditions.filter(
    ({ type, status }) => type.endsWith("Pressure") && status === "True",
  );
  if (ready && ready.status !== "True") {
    return [
      {
        code: "node_not_ready",
        severity: "critical",
        target: node.metadata.name,
        facts: { reason: ready.reason },
        evidence: ready.message === "" ? [] : [ready.message],
      },
    ];
  }
  return pressures.map(({ type, message }) => ({
    code: type === "DiskPressure" ? "disk_full" : "node_not_ready",
    severity: "warning",
    target: node.metadata.name,
    facts: { reason: type },
    evidence: message === "" ? [] : [message],
  }));
}
