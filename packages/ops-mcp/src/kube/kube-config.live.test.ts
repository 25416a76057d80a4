import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { readConfig } from "@resonance/kit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { backendSettings } from "../backends/config.ts";
import { callTool, opsTools } from "../index.ts";
import {
  depsOf,
  namespaceOf,
  openTestCluster,
  podOf,
  type SelfSigned,
  selfSigned,
} from "../testing/index.ts";
import { openKubeApi } from "./kube-api.ts";

let stack: AsyncDisposableStack;
let folder: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = await mkdtemp(join(tmpdir(), "kube-config-"));
  stack.defer(() => rm(folder, { recursive: true }));
  stack.defer(() => void vi.unstubAllEnvs());
});
afterEach(() => stack.disposeAsync());

/** A cluster with one pod of this name. */
async function clusterWith(pod: string) {
  const cluster = stack.use(await openTestCluster(undefined, AbortSignal.timeout(30_000)));
  await cluster.create(namespaceOf("shop"));
  await cluster.create(podOf(pod));
  return cluster;
}

/** Speaks TLS for a server that does not, and gives its port. */
async function openTls(url: string, { certificate: cert, key }: SelfSigned): Promise<number> {
  const { port: inner } = new URL(url);
  const server = createServer({ cert, key }, (socket) => {
    const onward = connect(Number(inner), "127.0.0.1");
    socket.pipe(onward).pipe(socket);
    socket.on("error", () => onward.destroy());
    onward.on("error", () => socket.destroy());
    stack.defer(() => void socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** What a kubelet puts into a pod: the variables, and the files under a root of the test's own. */
async function enterPod(port: number, authority: string, token: string): Promise<void> {
  vi.stubEnv("KUBERNETES_SERVICE_HOST", "127.0.0.1");
  vi.stubEnv("KUBERNETES_SERVICE_PORT", String(port));
  const account = join(folder, "var/run/secrets/kubernetes.io/serviceaccount");
  await mkdir(account, { recursive: true });
  await writeFile(join(account, "ca.crt"), authority);
  await writeFile(join(account, "token"), token);
  await writeFile(join(account, "namespace"), "elsewhere");
}

async function podsSeen(environment: Record<string, string>) {
  const config = readConfig(z.object(backendSettings), {
    RESONANCE_KUBERNETES_NAMESPACES: "shop",
    ...environment,
  });
  const deps = depsOf({ kubernetes: openKubeApi(config, folder) });
  const result = await callTool(deps, opsTools.list_pods, {}, AbortSignal.timeout(20_000));
  return result.outcome === "ok" ? result.data.shown.map(({ name }) => name) : result;
}

const inAYear = new Date(Date.now() + 365 * 86_400_000);
const inCluster = { RESONANCE_KUBERNETES: "in-cluster" };

test("in a pod, its service account reads the namespaces that are configured", async () => {
  const cluster = await clusterWith("gateway-1");
  const own = selfSigned(inAYear);
  await enterPod(await openTls(cluster.url, own), own.certificate, "admin-token");

  expect(await podsSeen(inCluster)).toEqual(["gateway-1"]);
});

test("in a pod, a token that the cluster does not know is refused, and not told", async () => {
  const cluster = await clusterWith("gateway-1");
  const own = selfSigned(inAYear);
  await enterPod(await openTls(cluster.url, own), own.certificate, "a-token-of-another-cluster");

  const result = await podsSeen(inCluster);

  expect(result).toMatchObject({ outcome: "error", cause: "forbidden", retryHelps: false });
  expect(JSON.stringify(result)).not.toContain("a-token-of");
});

test.each([
  ["of somebody else's", selfSigned(inAYear), "cannot be trusted"],
  ["that has expired", selfSigned(new Date(Date.now() - 86_400_000)), "has expired"],
])("a server with a certificate %s is not spoken to", async (_, shown, said) => {
  const cluster = await clusterWith("gateway-1");
  const isExpired = said === "has expired";
  const trusted = isExpired ? shown : selfSigned(inAYear);
  await enterPod(await openTls(cluster.url, shown), trusted.certificate, "admin-token");

  const result = await podsSeen(inCluster);

  expect(result).toMatchObject({ outcome: "error", cause: "certificate", retryHelps: false });
  expect(JSON.stringify(result)).toContain(`the certificate of Kubernetes ${said}`);
});

test("in-cluster outside of a pod stops the start, and says why", async () => {
  vi.stubEnv("KUBERNETES_SERVICE_HOST", undefined);

  await expect(podsSeen(inCluster)).rejects.toThrow("this is no pod");
});

/** A kubeconfig with a context for each cluster, the last of which is the current one. */
async function writeKubeconfig(clusters: Readonly<Record<string, { url: string }>>) {
  const names = Object.keys(clusters);
  const own = selfSigned(inAYear);
  const described = Object.entries(clusters).map(async ([name, { url }]) => ({
    name: `of-${name}`,
    cluster: {
      server: `https://127.0.0.1:${await openTls(url, own)}`,
      "certificate-authority-data": Buffer.from(own.certificate).toString("base64"),
    },
  }));
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: await Promise.all(described),
    users: [{ name: "admin", user: { token: "admin-token" } }],
    contexts: names.map((name) => ({ name, context: { cluster: `of-${name}`, user: "admin" } })),
    "current-context": names.at(-1),
  };
  const path = join(folder, "config");
  await writeFile(path, JSON.stringify(config));
  return path;
}

test("of a kubeconfig's contexts the current one counts, or the one that is named", async () => {
  const staging = await clusterWith("of-staging");
  const production = await clusterWith("of-production");
  const config = {
    RESONANCE_KUBERNETES: "kubeconfig",
    RESONANCE_KUBERNETES_CONFIG: await writeKubeconfig({ staging, production }),
  };

  expect(await podsSeen(config)).toEqual(["of-production"]);
  const named = { ...config, RESONANCE_KUBERNETES_CONTEXT: "staging" };
  expect(await podsSeen(named)).toEqual(["of-staging"]);
  const unknown = { ...config, RESONANCE_KUBERNETES_CONTEXT: "stagging" };
  expect(await podsSeen(unknown)).toMatchObject({ outcome: "error", cause: "not_configured" });
});

test("a kubeconfig that is not there stops the start, and says which", async () => {
  const config = {
    RESONANCE_KUBERNETES: "kubeconfig",
    RESONANCE_KUBERNETES_CONFIG: join(folder, "none"),
  };

  await expect(podsSeen(config)).rejects.toThrow(`the kubeconfig cannot be read: ENOENT`);
});
