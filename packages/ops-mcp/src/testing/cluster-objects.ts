import type { KubeObject } from "./kube-store.ts";
import { clusterNode } from "./open-test-cluster.ts";

/** Objects of a made-up cluster; tests name only what they are about. */
export function namespaceOf(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** A running, ready pod of `app`. */
export function podOf(
  name: string,
  more: {
    namespace?: string;
    app?: string;
    node?: string | null;
    status?: Readonly<Record<string, unknown>>;
    container?: Readonly<Record<string, unknown>>;
  } = {},
): KubeObject {
  const node = more.node === undefined ? clusterNode : more.node;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: more.namespace ?? "shop",
      labels: { app: more.app ?? "gateway" },
    },
    spec: {
      ...(node === null ? {} : { nodeName: node }),
      containers: [{ name: "main", image: "resonance:1", ...more.container }],
    },
    status: { phase: "Running", containerStatuses: [containerStatus()], ...more.status },
  };
}

/** The status of a container that runs and is ready. */
export function containerStatus(more: Readonly<Record<string, unknown>> = {}) {
  return {
    name: "main",
    image: "resonance:1",
    imageID: "sha256:0",
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: "2026-11-26T10:00:00Z" } },
    lastState: {},
    ...more,
  };
}

/** The status of a pod whose container waits. */
export function waiting(reason: string, more: Readonly<Record<string, unknown>> = {}) {
  const state = { waiting: { reason, message: `the container waits: ${reason}` } };
  return {
    phase: "Pending",
    containerStatuses: [containerStatus({ ready: false, state, ...more })],
  };
}

/** A deployment whose pods bear the label app=name. */
export function deploymentOf(
  name: string,
  more: {
    namespace?: string;
    replicas?: number;
    container?: Readonly<Record<string, unknown>>;
    status?: Readonly<Record<string, unknown>>;
  } = {},
): KubeObject {
  const replicas = more.replicas ?? 1;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: more.namespace ?? "shop", labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "main", image: "resonance:1", ...more.container }] },
      },
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      ...more.status,
    },
  };
}

export function serviceOf(name: string, namespace = "shop"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  };
}

/** The endpoints of a service, with so many addresses that are ready. */
export function endpointsOf(name: string, ready: number, namespace = "shop"): KubeObject {
  const addresses = Array.from({ length: ready }, (_, index) => ({ ip: `10.1.0.${index + 1}` }));
  const subsets = ready === 0 ? [] : [{ addresses, ports: [{ port: 80 }] }];
  return { apiVersion: "v1", kind: "Endpoints", metadata: { name, namespace }, subsets };
}

export function eventOf(
  name: string,
  more: {
    reason: string;
    message?: string;
    type?: string;
    kind?: string;
    object: string;
    count?: number;
    at?: string;
    namespace?: string;
  },
): KubeObject {
  const at = (more.at ?? new Date().toISOString()).replace(/\.\d+Z$/, "Z");
  const namespace = more.namespace ?? "shop";
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace },
    type: more.type ?? "Warning",
    reason: more.reason,
    message: more.message ?? `because of ${more.reason}`,
    count: more.count ?? 1,
    firstTimestamp: at,
    lastTimestamp: at,
    involvedObject: { kind: more.kind ?? "Pod", name: more.object, namespace },
  };
}

/** Lets the viewer read what the shipped role reads, in one namespace. */
export function viewerRole(namespace = "shop"): KubeObject[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const group = "rbac.authorization.k8s.io";
  const metadata = { name: "ops-viewer", namespace };
  return [
    {
      apiVersion,
      kind: "Role",
      metadata,
      rules: [
        {
          apiGroups: ["", "apps"],
          resources: [
            "pods",
            "pods/log",
            "services",
            "endpoints",
            "events",
            "deployments",
            "statefulsets",
            "daemonsets",
          ],
          verbs: ["get", "list", "watch"],
        },
      ],
    },
    {
      apiVersion,
      kind: "RoleBinding",
      metadata,
      subjects: [{ apiGroup: group, kind: "User", name: "viewer" }],
      roleRef: { apiGroup: group, kind: "Role", name: "ops-viewer" },
    },
  ];
}
