import { z } from "zod";
import { requireBackend } from "./backends/require-backend.ts";
import type { OpsDeps } from "./deps.ts";
import { listPods as listAllPods } from "./kube/list-objects.ts";
import { namespacesOf } from "./kube/namespaces.ts";
import type { Pod } from "./kube/objects.ts";
import { isHealthy, lastReason, podStatus, readyOf, restartsOf } from "./kube/pod-status.ts";
import { resolveTarget, targetText } from "./kube/resolve-target.ts";
import { cursorInput, type Page, pageOf } from "./page-of.ts";
import { podsText } from "./text/pods-text.ts";
import type { Tool, ToolResult } from "./tool.ts";

const input = z.object({
  service: z.string().min(1).max(253).optional().describe("only pods of this service or workload"),
  namespace: z.string().min(1).max(63).optional().describe("default: all that may be looked at"),
  status: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe("only this status, such as CrashLoopBackOff; unhealthy: all that are not well"),
  node: z.string().min(1).max(253).optional().describe("only pods on this node"),
  limit: z.number().int().min(1).max(50).default(50),
  cursor: cursorInput,
});

export type PodRow = {
  readonly namespace: string;
  readonly name: string;
  readonly ready: string;
  /** As kubectl says it. */
  readonly status: string;
  readonly healthy: boolean;
  readonly restarts: number;
  /** Why a container of it ended last. */
  readonly lastReason: string | null;
  readonly ageSeconds: number | null;
  readonly node: string | null;
};

/** Pods, the unhealthy first; the totals are of all that match. */
export type PodsListed = Page<PodRow> & {
  readonly at: string;
  readonly namespaces: readonly string[];
  /** What the service's name was found to be, when one was given. */
  readonly target: string | null;
  readonly total: number;
  readonly totals: Readonly<Record<string, number>>;
  /** Whether all pods were read. */
  readonly complete: boolean;
};

/** The pods of the cluster. */
export const listPods: Tool<"list_pods", typeof input, PodsListed> = {
  name: "list_pods",
  description:
    "Kubernetes pods: ready, status, restarts, last reason, age, node; totals by status first, the unhealthy first, at most 50 a page.",
  input,
  access: "read",
  run: findPods,
  toText: podsText,
};

async function findPods(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  signal: AbortSignal,
): Promise<ToolResult<PodsListed>> {
  const api = requireBackend(deps, "kubernetes");
  const namespaces = namespacesOf(api, wanted.namespace);
  const target =
    wanted.service === undefined
      ? undefined
      : await resolveTarget(api, { name: wanted.service, namespace: wanted.namespace }, signal);
  const lists = target
    ? [{ items: target.pods, complete: true }]
    : await Promise.all(
        namespaces.map((namespace) => listAllPods(api, namespace, undefined, signal)),
      );
  const nowMs = Date.now();
  const rows = lists
    .flatMap(({ items }) => items)
    .map((pod) => rowOf(pod, nowMs))
    .filter((row) => fits(row, wanted))
    .toSorted(worstFirst);
  const totals: Record<string, number> = {};
  for (const { status } of rows) totals[status] = (totals[status] ?? 0) + 1;
  const data = {
    at: new Date(nowMs).toISOString(),
    namespaces,
    target: target ? targetText(target) : null,
    total: rows.length,
    totals,
    complete: lists.every(({ complete }) => complete),
    ...pageOf(rows, wanted.cursor, wanted.limit),
  };
  if (rows.length > 0) return { outcome: "ok", data };
  const isFiltered = wanted.status !== undefined || wanted.node !== undefined;
  return { outcome: "no_data", causes: [isFiltered ? "nothing_matches" : "no_pods"], data };
}

function rowOf(pod: Pod, nowMs: number): PodRow {
  const { ready, containers } = readyOf(pod);
  const bornMs = Date.parse(pod.metadata.creationTimestamp ?? "");
  return {
    namespace: pod.metadata.namespace,
    name: pod.metadata.name,
    ready: `${ready}/${containers}`,
    status: podStatus(pod),
    healthy: isHealthy(pod),
    restarts: restartsOf(pod),
    lastReason: lastReason(pod) ?? null,
    ageSeconds: Number.isFinite(bornMs) ? Math.max(0, Math.round((nowMs - bornMs) / 1_000)) : null,
    node: pod.spec.nodeName || null,
  };
}

function fits(row: PodRow, wanted: z.output<typeof input>): boolean {
  if (wanted.node !== undefined && row.node !== wanted.node) return false;
  if (wanted.status === undefined) return true;
  if (wanted.status.toLowerCase() === "unhealthy") return !row.healthy;
  return row.status.toLowerCase() === wanted.status.toLowerCase();
}

function worstFirst(one: PodRow, other: PodRow): number {
  if (one.healthy !== other.healthy) return one.healthy ? 1 : -1;
  if (one.restarts !== other.restarts) return other.restarts - one.restarts;
  const order = `${one.namespace}/${one.name}`;
  return order < `${other.namespace}/${other.name}` ? -1 : 1;
}
