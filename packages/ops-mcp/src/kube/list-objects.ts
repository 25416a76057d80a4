import { z } from "zod";
import { ToolError } from "../tool.ts";
import type { KubeApi, KubeQuery } from "./kube-api.ts";
import {
  type Endpoints,
  endpoints,
  event,
  type KubeEvent,
  type KubeNode,
  type KubeService,
  node,
  type Pod,
  pod,
  service,
  type Workload,
  type WorkloadKind,
  workload,
} from "./objects.ts";

/** A list, and whether it is whole. */
export type Listed<Item> = { readonly items: readonly Item[]; readonly complete: boolean };

const pageSize = 500;
const mostItems = 20_000;

/** Pods of a namespace, all of them up to 20,000. */
export function listPods(
  api: KubeApi,
  namespace: string,
  labelSelector: string | undefined,
  signal: AbortSignal,
): Promise<Listed<Pod>> {
  return listAll(api, core(namespace, "pods"), { labelSelector }, pod, signal);
}

export function listServices(
  api: KubeApi,
  namespace: string,
  signal: AbortSignal,
): Promise<Listed<KubeService>> {
  return listAll(api, core(namespace, "services"), {}, service, signal);
}

export function listEndpoints(
  api: KubeApi,
  namespace: string,
  signal: AbortSignal,
): Promise<Listed<Endpoints>> {
  return listAll(api, core(namespace, "endpoints"), {}, endpoints, signal);
}

export function listEvents(
  api: KubeApi,
  namespace: string,
  fieldSelector: string | undefined,
  signal: AbortSignal,
): Promise<Listed<KubeEvent>> {
  return listAll(api, core(namespace, "events"), { fieldSelector }, event, signal);
}

export function listNodes(api: KubeApi, signal: AbortSignal): Promise<Listed<KubeNode>> {
  return listAll(api, "/api/v1/nodes", {}, node, signal);
}

export function listWorkloads(
  api: KubeApi,
  namespace: string,
  kind: WorkloadKind,
  signal: AbortSignal,
): Promise<Listed<Workload>> {
  return listAll(api, workloadsPath(namespace, kind), {}, workload, signal);
}

/** Where the workloads of a kind are. */
export function workloadsPath(namespace: string, kind: WorkloadKind): string {
  return `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s`;
}

function core(namespace: string, resource: string): string {
  return `/api/v1/namespaces/${namespace}/${resource}`;
}

/** Reads page by page. A list whose continuation has expired is given as incomplete. */
async function listAll<Item>(
  api: KubeApi,
  path: string,
  query: KubeQuery,
  schema: z.ZodType<Item>,
  signal: AbortSignal,
): Promise<Listed<Item>> {
  const page = z.object({
    metadata: z.object({ continue: z.string().nullish() }).prefault({}),
    items: z
      .array(schema)
      .nullable()
      .transform((items) => items ?? []),
  });
  const items: Item[] = [];
  let next: string | undefined;
  do {
    const answer = await api.get(path, { ...query, limit: pageSize, continue: next }, signal);
    const parsed = page.safeParse(answer);
    if (!parsed.success) {
      const where = parsed.error.issues[0]?.path.join(".") ?? "";
      throw new ToolError("unavailable", `Kubernetes answered something unexpected at ${where}`);
    }
    items.push(...parsed.data.items);
    next = parsed.data.metadata.continue || undefined;
  } while (next !== undefined && items.length < mostItems);
  return { items, complete: next === undefined };
}
