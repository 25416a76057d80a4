import type { Workload } from "./objects.ts";

export type Replicas = {
  readonly desired: number;
  readonly ready: number;
  /** Of the newest template. */
  readonly updated: number;
  readonly available: number;
};

/** How many there should be and are, of every kind of workload. */
export function replicasOf({ spec, status }: Workload): Replicas {
  // A DaemonSet counts nodes, in fields of its own.
  if (status.desiredNumberScheduled !== undefined) {
    return {
      desired: status.desiredNumberScheduled,
      ready: status.numberReady,
      updated: status.updatedNumberScheduled,
      available: status.numberAvailable,
    };
  }
  return {
    desired: spec.replicas,
    ready: status.readyReplicas,
    updated: status.updatedReplicas,
    available: status.availableReplicas,
  };
}

/** Whether the controller has seen the newest template, and all pods are of it and ready. */
export function isRolledOut(workload: Workload): boolean {
  const { desired, ready, updated } = replicasOf(workload);
  return isSeen(workload) && updated >= desired && ready >= desired;
}

/** Whether the controller has seen the newest generation. */
export function isSeen({ metadata, status }: Workload): boolean {
  return status.observedGeneration >= metadata.generation;
}
