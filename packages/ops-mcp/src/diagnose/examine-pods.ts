import type { ContainerStatus, KubeEvent, Pod } from "../kube/objects.ts";
import { isHealthy, isUnschedulable, podStatus, restartsOf } from "../kube/pod-status.ts";
import type { Finding, FindingCode } from "./finding.ts";

const imageReasons = ["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull"];
const configReasons = ["CreateContainerConfigError", "CreateContainerError", "RunContainerError"];
// Long enough for a container to have shown that it stays.
const settledMs = 10 * 60_000;
const startingMs = 2 * 60_000;

type Told = { readonly nowMs: number; readonly events: readonly KubeEvent[] };

/** What is wrong with pods, alike ones of one owner as one finding. */
export function examinePods(pods: readonly Pod[], told: Told): Finding[] {
  const single = pods.flatMap((pod) => examinePod(pod, told));
  const groups = Map.groupBy(single, ({ finding, owner }) => `${owner}\n${finding.code}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const names = group.map(({ pod }) => pod);
    const facts = { ...first.finding.facts, pods: names.length, pod: names[0] ?? "" };
    return [{ ...first.finding, facts }];
  });
}

type Single = { readonly owner: string; readonly pod: string; readonly finding: Finding };

function examinePod(pod: Pod, told: Told): Single[] {
  const { name, namespace } = pod.metadata;
  const owner = pod.metadata.ownerReferences[0];
  // app=gateway says more than the replica set's hash.
  const short = pod.metadata.labels.app ?? pod.metadata.labels["app.kubernetes.io/name"];
  const target = `${namespace}/${short ?? owner?.name ?? name}`;
  const single = (
    code: FindingCode,
    severity: Finding["severity"],
    facts: Finding["facts"],
    evidence: readonly (string | undefined)[],
  ): Single => ({
    owner: target,
    pod: name,
    finding: {
      code,
      severity,
      target,
      facts: { status: podStatus(pod), restarts: restartsOf(pod), ...facts },
      evidence: evidence.filter((text) => text !== undefined && text !== "").map(String),
    },
  });
  if (pod.metadata.deletionTimestamp) return [];
  if (isUnschedulable(pod)) {
    const scheduled = pod.status.conditions.find(({ type }) => type === "PodScheduled");
    return [single("unschedulable", "critical", {}, [scheduled?.message])];
  }
  if (pod.status.reason === "Evicted") {
    return [single("container_failed", "warning", { reason: "Evicted" }, [pod.status.message])];
  }
  for (const status of [...pod.status.initContainerStatuses, ...pod.status.containerStatuses]) {
    const found = examineContainer(status, told.nowMs);
    if (found) {
      const { code, severity, facts, evidence } = found;
      return [single(code, severity, { container: status.name, ...facts }, evidence)];
    }
  }
  const probe = probeEvent(pod, told);
  const isRunning = pod.status.phase === "Running";
  if (probe && !isHealthy(pod)) {
    return [single("probe_failing", "critical", { probe: probe.kind }, [probe.message])];
  }
  const ageMs = told.nowMs - Date.parse(pod.metadata.creationTimestamp ?? "");
  if (isRunning && !isHealthy(pod) && ageMs > startingMs) {
    return [single("not_ready", "warning", {}, [])];
  }
  return [];
}

type Found = Pick<Finding, "code" | "severity" | "facts" | "evidence">;

function examineContainer(status: ContainerStatus, nowMs: number): Found | undefined {
  const { waiting, terminated } = status.state;
  const last = status.lastState.terminated ?? terminated;
  const facts = {
    restarts: status.restartCount,
    ...(last ? { exitCode: last.exitCode, lastReason: last.reason } : {}),
  };
  const evidence = [waiting?.message ?? "", last?.message ?? ""].filter((text) => text !== "");
  const found = (code: FindingCode, severity: Finding["severity"]) => ({
    code,
    severity,
    facts,
    evidence,
  });
  if (waiting && imageReasons.includes(waiting.reason)) return found("image_pull", "critical");
  if (waiting && configReasons.includes(waiting.reason)) return found("config_missing", "critical");
  const wasKilled = last?.reason === "OOMKilled";
  if (waiting?.reason === "CrashLoopBackOff") {
    return found(wasKilled ? "oom_killed" : "crash_loop", "critical");
  }
  if (terminated && terminated.exitCode !== 0) {
    return found(wasKilled ? "oom_killed" : "container_failed", "critical");
  }
  if (!last || status.restartCount === 0) return undefined;
  const endedMs = Date.parse(last.finishedAt ?? "");
  const isSettled = status.ready && Number.isFinite(endedMs) && nowMs - endedMs > settledMs;
  if (isSettled) return found("recovered", "note");
  return wasKilled ? found("oom_killed", status.ready ? "warning" : "critical") : undefined;
}

function probeEvent(
  pod: Pod,
  { events }: Told,
): { readonly kind: string; readonly message: string } | undefined {
  const event = events.findLast(
    ({ reason, involvedObject }) =>
      reason === "Unhealthy" && involvedObject.name === pod.metadata.name,
  );
  if (!event) return undefined;
  const kind = /^(readiness|liveness|startup)/i.exec(event.message)?.[1]?.toLowerCase() ?? "health";
  return { kind, message: event.message };
}
