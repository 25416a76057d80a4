import { z } from "zod";

const httpUrl = z
  .url({ protocol: /^https?$/, error: "must be http://host:port or https://host:port" })
  .transform((url) => url.replace(/\/+$/, ""));

/** A comma-separated list of Kubernetes namespaces. */
const namespaces = z
  .string()
  .transform((list) => list.split(",").map((name) => name.trim()))
  .refine(
    (list) => list.every((name) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)),
    "must be names of namespaces, separated by commas",
  );

/**
 * Where the tools look, besides the stack on this machine. Everything is off until it is named.
 * Spread it into the configuration of the process that calls tools.
 */
export const backendSettings = {
  /** How to reach Kubernetes: with the pod's service account, or with a kubeconfig file. */
  RESONANCE_KUBERNETES: z.enum(["off", "in-cluster", "kubeconfig"]).default("off"),
  /** Without it the kubeconfig is found as kubectl finds it. */
  RESONANCE_KUBERNETES_CONFIG: z.string().optional(),
  RESONANCE_KUBERNETES_CONTEXT: z.string().optional(),
  /** The namespaces that may be looked at, and no others. The first is the default. */
  RESONANCE_KUBERNETES_NAMESPACES: namespaces.default(["default"]),
  /** Whether workloads may be restarted, once somebody has approved it. */
  RESONANCE_KUBERNETES_RESTARTS: z.enum(["off", "on"]).default("off"),
  RESONANCE_PROMETHEUS_URL: httpUrl.optional(),
  RESONANCE_PROMETHEUS_TOKEN: z.string().optional(),
  RESONANCE_ALERTMANAGER_URL: httpUrl.optional(),
  RESONANCE_ALERTMANAGER_TOKEN: z.string().optional(),
  RESONANCE_LOKI_URL: httpUrl.optional(),
  RESONANCE_LOKI_TOKEN: z.string().optional(),
  /** The label that holds a service's name in Loki. */
  RESONANCE_LOKI_LABEL: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "must be the name of a label")
    .default("app"),
};

const backendConfig = z.object(backendSettings);
export type BackendConfig = z.output<typeof backendConfig>;
