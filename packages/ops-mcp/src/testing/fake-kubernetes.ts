import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isAllowed } from "./kube-access.ts";
import { KubeLogs } from "./kube-logs.ts";
import { matchesFields, matchesLabels } from "./kube-selectors.ts";
import { type KubeObject, KubeStore, keyOf, type Resource, StatusError } from "./kube-store.ts";
import { mergePatch } from "./merge-patch.ts";

/** An API server of our own over HTTP, for tests: real requests, made-up cluster. */
export type FakeKubernetes = AsyncDisposable & {
  readonly url: string;
  readonly store: KubeStore;
  readonly logs: KubeLogs;
  /** Set, it answers requests instead of the cluster, or leaves them hanging when it does nothing. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
};

type Target = {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly parameters: URLSearchParams;
};

const kinds: Readonly<Record<string, string>> = {
  pods: "Pod",
  services: "Service",
  endpoints: "Endpoints",
  events: "Event",
  nodes: "Node",
  namespaces: "Namespace",
  deployments: "Deployment",
  statefulsets: "StatefulSet",
  daemonsets: "DaemonSet",
  poddisruptionbudgets: "PodDisruptionBudget",
  roles: "Role",
  rolebindings: "RoleBinding",
  clusterroles: "ClusterRole",
  clusterrolebindings: "ClusterRoleBinding",
};

/**
 * Starts the fake on a free port of loopback.
 *
 * @param users who bears which token; `admin` may do everything, others what their roles say.
 */
export async function openFakeKubernetes(
  users: Readonly<Record<string, string>>,
): Promise<FakeKubernetes> {
  const fake = { store: new KubeStore(), logs: new KubeLogs(), intercept: undefined };
  const server = createServer((request, response) => {
    if (cluster.intercept?.(request, response)) return;
    answer(cluster, users, request, response).catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // listen() on host and port gives an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const cluster: FakeKubernetes = {
    ...fake,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return cluster;
}

async function answer(
  cluster: FakeKubernetes,
  users: Readonly<Record<string, string>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const user = users[(request.headers.authorization ?? "").replace(/^Bearer /, "")];
  if (user === undefined) throw new StatusError(401, "Unauthorized", "Unauthorized");
  const target = parseTarget(request.url ?? "");
  const verb = verbOf(request.method ?? "", target);
  authorize(cluster.store, user, verb, target);
  const { store } = cluster;
  const { resource, namespace, name } = target;
  const at = { namespace, name, isStatus: target.subresource === "status" };
  switch (verb) {
    case "list":
      return send(response, 200, list(store, target));
    case "watch":
      return watch(store, target, response);
    case "get":
      if (target.subresource === "log") return serveLog(cluster, target, response);
      return send(response, 200, store.get(resource, namespace, name));
    case "create":
      return send(response, 201, store.create(resource, namespace, await bodyOf(request)));
    case "update": {
      const wanted = await bodyOf(request);
      const version = wanted.metadata.resourceVersion as string | undefined;
      return send(
        response,
        200,
        store.update(resource, at, () => wanted, version),
      );
    }
    case "patch": {
      const type = request.headers["content-type"] ?? "";
      const patch = await bodyOf(request);
      const version = patch.metadata?.resourceVersion as string | undefined;
      const strategic = type.startsWith("application/strategic-merge-patch+json");
      if (!strategic && !type.startsWith("application/merge-patch+json")) {
        throw new StatusError(
          415,
          "UnsupportedMediaType",
          `the body of the request was in an unknown format: ${type}`,
        );
      }
      // A patched object is an object.
      const change = (before: KubeObject) => mergePatch(before, patch, strategic) as KubeObject;
      return send(response, 200, store.update(resource, at, change, version));
    }
    default:
      store.delete(resource, namespace, name);
      return send(response, 200, { kind: "Status", apiVersion: "v1", status: "Success" });
  }
}

function parseTarget(url: string): Target {
  const { pathname, searchParams } = new URL(url, "http://fake");
  const found =
    /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))(?:\/namespaces\/([^/]+)(?=\/[^/]))?\/([a-z]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
      pathname,
    );
  const kindName = found?.[5] ?? "";
  if (!found || kinds[kindName] === undefined) {
    throw new StatusError(404, "NotFound", "the server could not find the requested resource");
  }
  return {
    resource: { group: found[2] ?? "", version: found[1] ?? found[3] ?? "", name: kindName },
    namespace: found[4] ?? "",
    name: decodeURIComponent(found[6] ?? ""),
    subresource: found[7] ?? "",
    parameters: searchParams,
  };
}

function verbOf(method: string, { name, parameters }: Target): string {
  if (method === "GET" && name === "") return parameters.get("watch") ? "watch" : "list";
  return (
    { GET: "get", POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" }[method] ?? ""
  );
}

function authorize(store: KubeStore, user: string, verb: string, target: Target): void {
  const { resource, namespace, name, subresource } = target;
  if (isAllowed(store, user, verb, resource, subresource, namespace)) return;
  const grouped = `${resource.group === "" ? resource.name : `${resource.name}.${resource.group}`}`;
  const object = name === "" ? grouped : `${grouped} "${name}"`;
  const what = subresource === "" ? resource.name : `${resource.name}/${subresource}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  throw new StatusError(
    403,
    "Forbidden",
    `${object} is forbidden: User "${user}" cannot ${verb} resource "${what}" in API group "${resource.group}" ${where}`,
  );
}

function list(store: KubeStore, { resource, namespace, parameters }: Target): object {
  const labels = parameters.get("labelSelector") ?? "";
  const fields = parameters.get("fieldSelector") ?? "";
  const all = store
    .list(resource, namespace === "" ? undefined : namespace)
    .filter((object) => labels === "" || matchesLabels(object, labels))
    .filter((object) => fields === "" || matchesFields(resource.name, object, fields));
  const start = Number(parameters.get("continue") ?? 0);
  const limit = Number(parameters.get("limit") ?? 0) || all.length;
  const end = start + limit;
  const more =
    end < all.length ? { continue: String(end), remainingItemCount: all.length - end } : {};
  return {
    kind: `${kinds[resource.name]}List`,
    apiVersion: resource.group === "" ? resource.version : `${resource.group}/${resource.version}`,
    metadata: { resourceVersion: String(store.version), ...more },
    items: all.slice(start, end),
  };
}

function watch(
  store: KubeStore,
  { resource, namespace, parameters }: Target,
  response: ServerResponse,
) {
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  const after = Number(parameters.get("resourceVersion") ?? store.version);
  const watching = store.watch(after, (change) => {
    if (change.resource !== keyOf(resource)) return;
    if (namespace !== "" && change.namespace !== namespace) return;
    response.write(`${JSON.stringify({ type: change.type, object: change.object })}\n`);
  });
  response.once("close", () => watching[Symbol.dispose]());
}

function serveLog(
  { store, logs }: FakeKubernetes,
  { resource, namespace, name, parameters }: Target,
  response: ServerResponse,
): void {
  const pod = store.get(resource, namespace, name);
  const { containers } = pod.spec as { containers: { name: string }[] };
  const container = parameters.get("container") ?? containers[0]?.name ?? "";
  if (!containers.some((candidate) => candidate.name === container)) {
    throw new StatusError(400, "BadRequest", `container ${container} is not valid for pod ${name}`);
  }
  const refusal = logs.serve({ namespace, pod: name, container }, parameters, response);
  if (refusal !== undefined) throw new StatusError(400, "BadRequest", refusal);
}

async function bodyOf(request: IncomingMessage): Promise<KubeObject> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  // What is sent here are objects: the sender is a test.
  return JSON.parse(Buffer.concat(parts).toString("utf8")) as KubeObject;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, error: unknown): void {
  const { code, reason, message } =
    error instanceof StatusError ? error : new StatusError(500, "InternalError", String(error));
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    code,
  };
  send(response, code, status);
}
