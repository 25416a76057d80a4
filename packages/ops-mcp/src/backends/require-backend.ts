import type { OpsDeps } from "../deps.ts";
import { ToolError } from "../tool.ts";
import type { Backends } from "./open-backends.ts";

const settings = {
  kubernetes:
    "no Kubernetes is configured: set RESONANCE_KUBERNETES to in-cluster or kubeconfig, and RESONANCE_KUBERNETES_NAMESPACES",
  prometheus: "no Prometheus is configured: set RESONANCE_PROMETHEUS_URL",
  alertmanager: "no Alertmanager is configured: set RESONANCE_ALERTMANAGER_URL",
  loki: "no Loki is configured: set RESONANCE_LOKI_URL",
} as const satisfies Record<keyof Backends, string>;

/** @throws ToolError `not_configured` that says how to configure it. */
export function requireBackend<Name extends keyof Backends>(
  deps: Pick<OpsDeps, "backends">,
  name: Name,
): NonNullable<Backends[Name]> {
  const backend = deps.backends[name];
  // A type parameter's member is not narrowed by the check.
  if (backend) return backend as NonNullable<Backends[Name]>;
  throw new ToolError("not_configured", settings[name]);
}
