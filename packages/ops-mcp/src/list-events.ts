import { z } from "zod";
import { requireBackend } from "./backends/require-backend.ts";
import type { OpsDeps } from "./deps.ts";
import { listEvents as listAllEvents } from "./kube/list-objects.ts";
import { namespacesOf } from "./kube/namespaces.ts";
import type { KubeEvent } from "./kube/objects.ts";
import { type KubeTarget, resolveTarget, targetText } from "./kube/resolve-target.ts";
import { restartEvents } from "./local/restart-events.ts";
import { cursorInput, type Page, pageOf } from "./page-of.ts";
import { eventsText } from "./text/events-text.ts";
import type { Tool, ToolResult } from "./tool.ts";
import { truncateRedacted } from "./truncate-redacted.ts";
import { resolveWindow, type Window, windowInput } from "./window.ts";

const input = z.object({
  service: z.string().min(1).max(253).optional().describe("service, workload or pod"),
  namespace: z.string().min(1).max(63).optional(),
  all: z.boolean().default(false).describe("also Normal events, not only Warning"),
  ...windowInput,
  limit: z.number().int().min(1).max(50).default(20).describe("groups"),
  cursor: cursorInput,
});

/** Events of one reason about objects of one kind. */
export type EventGroup = {
  readonly reason: string;
  readonly type: string;
  readonly kind: string;
  /** How often it happened, as the cluster counts it. */
  readonly count: number;
  /** Up to five of the objects, and how many there are. */
  readonly objects: readonly string[];
  readonly objectsTotal: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Of the newest event. */
  readonly message: string;
};

export type EventsListed = Page<EventGroup> & {
  readonly window: Window;
  readonly source: "kubernetes" | "local";
  readonly target: string | null;
  /** Events, not groups. */
  readonly total: number;
  readonly groups: number;
  readonly warningsOnly: boolean;
  readonly complete: boolean;
};

const shownObjects = 5;
const longestMessage = 500;

/** What happened, by reason. */
export const listEvents: Tool<"list_events", typeof input, EventsListed> = {
  name: "list_events",
  description:
    "Warning events grouped by reason with counts, objects and times: of Kubernetes, or the processes that ended on this machine.",
  input,
  access: "read",
  run: findEvents,
  toText: eventsText,
};

async function findEvents(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  signal: AbortSignal,
): Promise<ToolResult<EventsListed>> {
  const window = resolveWindow(wanted, deps.nowMs(), deps.timeZone);
  const read =
    deps.local && !deps.backends.kubernetes
      ? await restartEvents(deps.local.stackFile, wanted.service, window, signal)
      : await clusterEvents(deps, wanted, window, signal);
  const groups = read.groups.toSorted(newestFirst);
  const data = {
    window,
    source: read.source,
    target: read.target,
    total: groups.reduce((sum, { count }) => sum + count, 0),
    groups: groups.length,
    warningsOnly: !wanted.all,
    complete: read.complete,
    ...pageOf(groups, wanted.cursor, wanted.limit),
  };
  if (groups.length > 0) return { outcome: "ok", data };
  return { outcome: "no_data", causes: ["nothing_happened"], data };
}

export type EventsRead = {
  readonly source: "kubernetes" | "local";
  readonly target: string | null;
  readonly groups: readonly EventGroup[];
  readonly complete: boolean;
};

async function clusterEvents(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  window: Window,
  signal: AbortSignal,
): Promise<EventsRead> {
  const api = requireBackend(deps, "kubernetes");
  const target =
    wanted.service === undefined
      ? undefined
      : await resolveTarget(api, { name: wanted.service, namespace: wanted.namespace }, signal);
  const namespaces = target ? [target.namespace] : namespacesOf(api, wanted.namespace);
  const selector = wanted.all ? undefined : "type=Warning";
  const lists = await Promise.all(
    namespaces.map((namespace) => listAllEvents(api, namespace, selector, signal)),
  );
  const events = lists
    .flatMap(({ items }) => items)
    .filter((event) => isInside(event, window) && (!target || isAbout(event, target)));
  return {
    source: "kubernetes",
    target: target ? targetText(target) : null,
    groups: groupEvents(events),
    complete: lists.every(({ complete }) => complete),
  };
}

/** Events of one reason, type and kind of object, as one. */
function groupEvents(events: readonly KubeEvent[]): EventGroup[] {
  const groups = Map.groupBy(
    events,
    ({ reason, type, involvedObject }) => `${type}\n${reason}\n${involvedObject.kind}`,
  );
  return [...groups.values()].map((group) => {
    const newest = group.toSorted((one, other) => lastMs(other) - lastMs(one));
    const objects = [...new Set(newest.map(({ involvedObject }) => involvedObject.name))];
    const [last] = newest;
    return {
      reason: last?.reason ?? "",
      type: last?.type ?? "",
      kind: last?.involvedObject.kind ?? "",
      count: group.reduce((sum, event) => sum + (event.series?.count ?? event.count ?? 1), 0),
      objects: objects.slice(0, shownObjects),
      objectsTotal: objects.length,
      firstAt: new Date(Math.min(...group.map(firstMs))).toISOString(),
      lastAt: new Date(Math.max(...group.map(lastMs))).toISOString(),
      message: truncateRedacted(last?.message ?? "", longestMessage),
    };
  });
}

/** When it was seen last. */
export function lastMs(event: KubeEvent): number {
  const at =
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.metadata.creationTimestamp ??
    "";
  const ms = Date.parse(at);
  return Number.isFinite(ms) ? ms : 0;
}

function firstMs(event: KubeEvent): number {
  const ms = Date.parse(
    event.firstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "",
  );
  return Number.isFinite(ms) ? ms : lastMs(event);
}

function isInside(event: KubeEvent, { fromMs, untilMs }: Window): boolean {
  // Clocks of cluster and reader differ by a little.
  return lastMs(event) >= fromMs && firstMs(event) < untilMs + 60_000;
}

/** About the target itself, its pods, or the replica sets of its workload. */
function isAbout(event: KubeEvent, target: KubeTarget): boolean {
  const { kind, name } = event.involvedObject;
  if (kind === target.kind && name === target.name) return true;
  if (kind === "Pod" && target.pods.some(({ metadata }) => metadata.name === name)) return true;
  if (target.kind === "Pod" || target.kind === "Service") return false;
  const isChild = new RegExp(
    `^${target.name.replaceAll(".", "\\.")}-[a-z0-9]{5,10}(-[a-z0-9]{5})?$`,
  );
  return (kind === "ReplicaSet" || kind === "Pod") && isChild.test(name);
}

function newestFirst(one: EventGroup, other: EventGroup): number {
  return Date.parse(other.lastAt) - Date.parse(one.lastAt);
}
