import type { ContainerStatus, Pod } from "./objects.ts";

/** A pod as one word says it, the way operators know it: `CrashLoopBackOff`, `Running`, `OOMKilled`. */
export function podStatus(pod: Pod): string {
  if (pod.metadata.deletionTimestamp) return "Terminating";
  const starting = pod.status.initContainerStatuses.find(({ state }) => !hasSucceeded(state));
  const initReason = starting && (starting.state.waiting?.reason || failureOf(starting.state));
  if (initReason && initReason !== "PodInitializing") return `Init:${initReason}`;
  for (const { state } of pod.status.containerStatuses) {
    const reason = state.waiting?.reason || failureOf(state);
    if (reason) return reason;
  }
  return pod.status.reason || (isUnschedulable(pod) ? "Unschedulable" : pod.status.phase);
}

/** Why a container of the pod ended last, if any has. */
export function lastReason(pod: Pod): string | undefined {
  const ends = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses]
    .flatMap(({ state, lastState }) => lastState.terminated ?? state.terminated ?? [])
    .toSorted((one, other) => timeOf(other.finishedAt) - timeOf(one.finishedAt));
  const [last] = ends;
  if (!last) return undefined;
  return `${last.reason || "Ended"} (exit code ${last.exitCode})`;
}

export function restartsOf(pod: Pod): number {
  return pod.status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** How many of its containers are ready, of how many. */
export function readyOf(pod: Pod): { readonly ready: number; readonly containers: number } {
  const statuses = pod.status.containerStatuses;
  return {
    ready: statuses.filter(({ ready }) => ready).length,
    containers: Math.max(pod.spec.containers.length, statuses.length),
  };
}

/** Whether nothing is wrong with it: it runs and is ready, or it has done its work. */
export function isHealthy(pod: Pod): boolean {
  if (pod.status.phase === "Succeeded") return true;
  const { ready, containers } = readyOf(pod);
  return podStatus(pod) === "Running" && ready === containers;
}

export function isUnschedulable(pod: Pod): boolean {
  return pod.status.conditions.some(
    ({ type, status, reason }) =>
      type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  );
}

function hasSucceeded(state: ContainerStatus["state"]): boolean {
  return state.terminated?.exitCode === 0;
}

function failureOf(state: ContainerStatus["state"]): string {
  if (!state.terminated) return "";
  return state.terminated.reason || (state.terminated.exitCode === 0 ? "Completed" : "Error");
}

function timeOf(at: string | null | undefined): number {
  return at ? Date.parse(at) : 0;
}
