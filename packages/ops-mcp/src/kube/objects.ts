import { z } from "zod";

/*
 * What the tools read of Kubernetes objects. Fields that are not named here are dropped while an
 * answer is parsed, and what an API server leaves out has a default: lists of thousands stay small.
 */

const metadata = z.object({
  name: z.string(),
  namespace: z.string().default(""),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().nullish(),
  generation: z.number().default(0),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
});

const ended = z.object({
  exitCode: z.number().default(0),
  reason: z.string().default(""),
  message: z.string().default(""),
  finishedAt: z.string().nullish(),
});

const containerState = z.object({
  waiting: z.object({ reason: z.string().default(""), message: z.string().default("") }).optional(),
  terminated: ended.optional(),
});

const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: containerState.default({}),
  lastState: containerState.default({}),
});

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(""),
  message: z.string().default(""),
  lastTransitionTime: z.string().nullish(),
});

const quantities = z.record(z.string(), z.union([z.string(), z.number()])).default({});

const probe = z.looseObject({
  periodSeconds: z.number().optional(),
  failureThreshold: z.number().optional(),
});

const container = z.object({
  name: z.string(),
  image: z.string().default(""),
  // Values are dropped here: what the tools never hold they cannot tell.
  env: z.array(z.object({ name: z.string() })).default([]),
  envFrom: z
    .array(
      z.object({
        configMapRef: z.object({ name: z.string().default("") }).optional(),
        secretRef: z.object({ name: z.string().default("") }).optional(),
      }),
    )
    .default([]),
  ports: z.array(z.object({ containerPort: z.number() })).default([]),
  resources: z
    .object({ requests: quantities, limits: quantities })
    .default({ requests: {}, limits: {} }),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  startupProbe: probe.optional(),
});

export const pod = z.object({
  metadata,
  spec: z.object({ nodeName: z.string().default(""), containers: z.array(container).default([]) }),
  status: z
    .object({
      phase: z.string().default("Unknown"),
      reason: z.string().default(""),
      message: z.string().default(""),
      conditions: z.array(condition).default([]),
      initContainerStatuses: z.array(containerStatus).default([]),
      containerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
});

const selector = z
  .object({ matchLabels: z.record(z.string(), z.string()).default({}) })
  .prefault({});

export const workload = z.object({
  metadata,
  spec: z.object({
    replicas: z.number().default(1),
    selector,
    template: z.object({ spec: z.object({ containers: z.array(container).default([]) }) }),
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      readyReplicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
      // Of a DaemonSet, which has none of the replicas above.
      desiredNumberScheduled: z.number().optional(),
      numberReady: z.number().default(0),
      updatedNumberScheduled: z.number().default(0),
      numberAvailable: z.number().default(0),
      conditions: z.array(condition).default([]),
    })
    .prefault({}),
});

export const service = z.object({
  metadata,
  spec: z.object({ selector: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

const addresses = z.array(z.object({ ip: z.string().default("") })).default([]);

export const endpoints = z.object({
  metadata,
  subsets: z.array(z.object({ addresses, notReadyAddresses: addresses })).default([]),
});

export const node = z.object({
  metadata,
  status: z.object({ conditions: z.array(condition).default([]) }).prefault({}),
});

export const event = z.object({
  metadata,
  type: z.string().default("Normal"),
  reason: z.string().default(""),
  message: z.string().default(""),
  count: z.number().nullish(),
  firstTimestamp: z.string().nullish(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  series: z.object({ count: z.number(), lastObservedTime: z.string().nullish() }).nullish(),
  involvedObject: z
    .object({ kind: z.string().default(""), name: z.string().default("") })
    .prefault({}),
});

export type Pod = z.output<typeof pod>;
export type Container = z.output<typeof container>;
export type ContainerStatus = z.output<typeof containerStatus>;
export type Condition = z.output<typeof condition>;
export type Workload = z.output<typeof workload>;
export type KubeService = z.output<typeof service>;
export type Endpoints = z.output<typeof endpoints>;
export type KubeNode = z.output<typeof node>;
export type KubeEvent = z.output<typeof event>;

export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet";
