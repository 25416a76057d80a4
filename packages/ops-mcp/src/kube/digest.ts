import { truncateRedacted } from "../truncate-redacted.ts";
import type { KubeApi } from "./kube-api.ts";
import type { Condition, Container, Pod, Workload } from "./objects.ts";
import { isHealthy, podStatus } from "./pod-status.ts";
import { type KubeTarget, resolveTarget } from "./resolve-target.ts";
import { isRolledOut, type Replicas, replicasOf } from "./rollout.ts";

export type ContainerDigest = {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly number[];
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  /** `readiness http /health :8080 every 10 s, fails after 3`. */
  readonly probes: readonly string[];
  /** Names of variables; what comes from maps and secrets, by their names. */
  readonly environment: readonly string[];
  readonly environmentFrom: readonly string[];
};

export type KubeDigest = {
  readonly source: "kubernetes";
  readonly kind: KubeTarget["kind"];
  readonly namespace: string;
  readonly name: string;
  readonly owner: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: Replicas | null;
  readonly conditions: readonly Pick<Condition, "type" | "status" | "reason" | "message">[];
  readonly containers: readonly ContainerDigest[];
  readonly rollout: {
    readonly revision: string | null;
    readonly restartedAt: string | null;
    /** Whether all pods are of the newest template and ready. */
    readonly isDone: boolean;
  } | null;
  /** Pods by status. */
  readonly pods: Readonly<Record<string, number>>;
  readonly unhealthyPods: readonly string[];
};

const shownPods = 10;
const longestMessage = 300;

/** The digest of what a name means. */
export async function kubeDigest(
  api: KubeApi,
  wanted: { readonly name: string; readonly namespace: string | undefined },
  signal: AbortSignal,
): Promise<KubeDigest> {
  const target = await resolveTarget(api, wanted, signal);
  const [first] = target.pods;
  const { workload, service } = target;
  const pod = target.kind === "Pod" ? first : undefined;
  const metadata = (workload ?? service ?? pod)?.metadata;
  const containers = workload?.spec.template.spec.containers ?? first?.spec.containers ?? [];
  const pods: Record<string, number> = {};
  for (const one of target.pods) pods[podStatus(one)] = (pods[podStatus(one)] ?? 0) + 1;
  const [owner] = metadata?.ownerReferences ?? [];
  return {
    source: "kubernetes",
    kind: target.kind,
    namespace: target.namespace,
    name: target.name,
    owner: owner ? `${owner.kind} ${owner.name}` : null,
    labels: metadata?.labels ?? {},
    replicas: workload ? replicasOf(workload) : null,
    conditions: conditionsOf(workload, pod),
    containers: containers.map(containerDigest),
    rollout: workload ? rolloutOf(workload) : null,
    pods,
    unhealthyPods: target.pods
      .filter((one) => !isHealthy(one))
      .map((one) => `${one.metadata.name} (${podStatus(one)})`)
      .slice(0, shownPods),
  };
}

function rolloutOf(workload: Workload): NonNullable<KubeDigest["rollout"]> {
  const { annotations } = workload.metadata;
  return {
    revision: annotations["deployment.kubernetes.io/revision"] ?? null,
    restartedAt: annotations["kubectl.kubernetes.io/restartedAt"] ?? null,
    isDone: isRolledOut(workload),
  };
}

function conditionsOf(workload: Workload | undefined, pod: Pod | undefined) {
  return (workload?.status.conditions ?? pod?.status.conditions ?? []).map(
    ({ type, status, reason, message }) => ({
      type,
      status,
      reason,
      message: truncateRedacted(message, longestMessage),
    }),
  );
}

function containerDigest(container: Container): ContainerDigest {
  const { name, image, ports, resources, env, envFrom } = container;
  const text = (values: Readonly<Record<string, string | number>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
  return {
    name,
    image,
    ports: ports.map(({ containerPort }) => containerPort),
    requests: text(resources.requests),
    limits: text(resources.limits),
    probes: [
      probeText("readiness", container.readinessProbe),
      probeText("liveness", container.livenessProbe),
      probeText("startup", container.startupProbe),
    ].filter((probe) => probe !== ""),
    environment: env.map((variable) => variable.name),
    environmentFrom: envFrom.map(({ configMapRef, secretRef }) =>
      configMapRef ? `ConfigMap ${configMapRef.name}` : `Secret ${secretRef?.name ?? ""}`,
    ),
  };
}

function probeText(kind: string, probe: Container["readinessProbe"]): string {
  if (!probe) return "";
  const { periodSeconds = 10, failureThreshold = 3 } = probe;
  return `${kind} ${checkText(probe)} every ${periodSeconds} s, fails after ${failureThreshold}`;
}

/** A command is said to be one, not which: its arguments may hold anything. */
function checkText(probe: Readonly<Record<string, unknown>>): string {
  const { httpGet, tcpSocket, exec, grpc } = probe;
  const at = (check: unknown, key: string) =>
    check !== null && typeof check === "object" ? String(Reflect.get(check, key) ?? "") : "";
  if (httpGet) return `http ${at(httpGet, "path")} :${at(httpGet, "port")}`;
  if (tcpSocket) return `tcp :${at(tcpSocket, "port")}`;
  if (grpc) return `grpc :${at(grpc, "port")}`;
  return exec ? "command" : "check";
}
