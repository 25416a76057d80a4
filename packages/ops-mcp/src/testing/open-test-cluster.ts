import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { openKubeApiserver } from "@resonance/testkit/vitest";
import { type KubeApi, kubeApiOf } from "../kube/kube-api.ts";
import { type FakeKubernetes, openFakeKubernetes } from "./fake-kubernetes.ts";
import { KubeLogs } from "./kube-logs.ts";
import type { KubeObject } from "./kube-store.ts";
import { openKubeletStub } from "./kubelet-stub.ts";

/** `admin` may do everything; `viewer` what roles say; `nobody` nothing. */
export type ClusterUser = "admin" | "viewer" | "nobody";

/** A cluster for tests: the fake, or a real API server with the same requests made of it. */
export type TestCluster = AsyncDisposable & {
  /** The fake, for what only it can do; undefined in front of a real one. */
  readonly fake: FakeKubernetes | undefined;
  readonly url: string;
  /** What containers have written; served by the fake, or by a stand-in of a kubelet. */
  readonly logs: KubeLogs;
  apiOf(user: ClusterUser, namespaces: readonly string[]): KubeApi;
  /** Creates the object, and sets its status where it has one. */
  create(object: KubeObject): Promise<KubeObject>;
  /** One request as admin. Throws nothing for a refusal: the status is in the answer. */
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
};

export type Answer = { readonly status: number; readonly body: KubeObject };

const tokens = { "admin-token": "admin", "viewer-token": "viewer", "nobody-token": "nobody" };

/** The node that pods with logs have to be on. */
export const clusterNode = "node-1";

/** @param apiserver the path of a real kube-apiserver; without it, the fake. */
export async function openTestCluster(
  apiserver: string | undefined,
  signal: AbortSignal,
): Promise<TestCluster> {
  await using stack = new AsyncDisposableStack();
  const opened = apiserver ? await openReal(apiserver, stack, signal) : await openFake(stack);
  const { url, logs, fake } = opened;
  const send: TestCluster["send"] = (method, path, body, contentType = "application/json") =>
    sendTo(`${url}${path}`, method, body, contentType, signal);
  const kept = stack.move();
  return {
    fake,
    url,
    logs,
    send,
    apiOf(user, namespaces) {
      const config = new KubeConfig();
      config.loadFromClusterAndUser(
        { name: "test", server: url, skipTLSVerify: true },
        { name: user, token: `${user}-token` },
      );
      return kubeApiOf(config, namespaces);
    },
    async create(object) {
      const path = pathOf(object);
      const created = await expectOk(send("POST", path, object));
      if (object.status === undefined) return created;
      const { name } = object.metadata;
      const patch = { status: object.status };
      const patched = send(
        "PATCH",
        `${path}/${name}/status`,
        patch,
        "application/merge-patch+json",
      );
      return await expectOk(patched);
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

type Opened = {
  readonly url: string;
  readonly logs: KubeLogs;
  readonly fake: FakeKubernetes | undefined;
};

async function openFake(stack: AsyncDisposableStack): Promise<Opened> {
  const fake = stack.use(await openFakeKubernetes(tokens));
  const metadata = { name: "default" };
  fake.store.create({ group: "", version: "v1", name: "namespaces" }, "", { metadata });
  return { url: fake.url, logs: fake.logs, fake };
}

async function openReal(
  program: string,
  stack: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Opened> {
  const users = { ...tokens, "admin-token": "admin,system:masters" };
  const server = stack.use(await openKubeApiserver(program, users, signal));
  const logs = new KubeLogs();
  const kubelet = stack.use(await openKubeletStub(server, logs));
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: clusterNode },
    status: {
      addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
      daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } },
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
  await expectOk(sendTo(`${server.url}/api/v1/nodes`, "POST", node, "application/json", signal));
  return { url: server.url, logs, fake: undefined };
}

async function expectOk(sent: Promise<Answer>): Promise<KubeObject> {
  const { status, body } = await sent;
  if (status < 300) return body;
  throw new Error(`the test cluster answered ${status}: ${JSON.stringify(body)}`);
}

function sendTo(
  url: string,
  method: string,
  body: unknown,
  contentType: string,
  signal: AbortSignal,
): Promise<Answer> {
  const options = {
    method,
    signal,
    rejectUnauthorized: false,
    headers: { authorization: "Bearer admin-token", "content-type": contentType },
  };
  return new Promise((resolve, reject) => {
    const start = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = start(url, options, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      // What both servers answer is an object of JSON.
      const parsed = JSON.parse(Buffer.concat(parts).toString("utf8")) as KubeObject;
      resolve({ status: response.statusCode ?? 0, body: parsed });
    });
    request.once("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const clusterScoped = ["Node", "Namespace", "ClusterRole", "ClusterRoleBinding"];

function pathOf(object: KubeObject): string {
  const { apiVersion = "v1", kind = "" } = object;
  const plural = kind === "Endpoints" ? "endpoints" : `${kind.toLowerCase()}s`;
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  if (clusterScoped.includes(kind)) return `${root}/${plural}`;
  return `${root}/namespaces/${object.metadata.namespace ?? "default"}/${plural}`;
}
