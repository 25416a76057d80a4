import type { Described } from "../describe.ts";
import type { KubeDigest } from "../kube/digest.ts";
import { targetText } from "../kube/resolve-target.ts";
import type { LocalDigest } from "../local/digest.ts";

/** The digest, one line a subject. */
export function digestText(described: Described): string {
  return described.source === "local" ? localText(described) : kubeText(described);
}

function localText(digest: LocalDigest): string {
  const facts = {
    kind: digest.kind,
    state: digest.state,
    pid: digest.pid,
    version: digest.version,
    address: digest.address,
    "started at": digest.startedAt,
    restarts: digest.restarts,
    "last exit": digest.lastExit,
    "memory bytes": digest.memoryBytes,
    "open files": digest.openFiles,
    "open files at most": digest.maxOpenFiles,
    log: digest.hasLog ? "yes" : "none",
    metrics: digest.hasMetrics ? "yes" : "none",
  };
  const lines = Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${value}`);
  const environment =
    digest.environment === null
      ? "environment: cannot be read"
      : `environment (names only): ${digest.environment.join(", ")}`;
  return [`${digest.name} on this machine`, ...lines, environment].join("\n");
}

function kubeText(digest: KubeDigest): string {
  const lines = [targetText(digest)];
  if (digest.owner !== null) lines.push(`owner: ${digest.owner}`);
  const labels = Object.entries(digest.labels).map(([key, value]) => `${key}=${value}`);
  if (labels.length > 0) lines.push(`labels: ${labels.join(", ")}`);
  if (digest.replicas) {
    const { desired, ready, updated, available } = digest.replicas;
    lines.push(
      `replicas: desired ${desired}, ready ${ready}, updated ${updated}, available ${available}`,
    );
  }
  if (digest.rollout) {
    const { revision, restartedAt, isDone } = digest.rollout;
    lines.push(
      `rollout: ${isDone ? "done" : "not done"}${revision === null ? "" : `, revision ${revision}`}${restartedAt === null ? "" : `, restarted at ${restartedAt}`}`,
    );
  }
  const pods = Object.entries(digest.pods).map(([status, count]) => `${status} ${count}`);
  lines.push(`pods: ${pods.join(", ") || "none"}`);
  if (digest.unhealthyPods.length > 0) lines.push(`not well: ${digest.unhealthyPods.join(", ")}`);
  for (const { type, status, reason, message } of digest.conditions) {
    lines.push(`condition ${type}=${status} ${reason} ${message}`.trimEnd());
  }
  for (const container of digest.containers) lines.push(...containerLines(container));
  return lines.join("\n");
}

function containerLines(container: KubeDigest["containers"][number]): string[] {
  const pairs = (values: Readonly<Record<string, string>>) =>
    Object.entries(values)
      .map(([key, value]) => `${key} ${value}`)
      .join(", ") || "none";
  return [
    `container ${container.name}: image ${container.image}, ports ${container.ports.join(", ") || "none"}`,
    `  requests ${pairs(container.requests)}; limits ${pairs(container.limits)}`,
    `  probes: ${container.probes.join("; ") || "none"}`,
    `  environment (names only): ${[...container.environment, ...container.environmentFrom].join(", ") || "none"}`,
  ];
}
