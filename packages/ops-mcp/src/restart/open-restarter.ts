import type { BackendConfig } from "../backends/config.ts";
import type { LocalBackend, OpsDeps } from "../deps.ts";
import { openKubePatch } from "../kube/kube-api.ts";
import { ToolError } from "../tool.ts";
import { createKubeRestarter } from "./kube-restarter.ts";
import { createLocalRestarter, type RequestRestart } from "./local-restarter.ts";
import type { Restarter } from "./restarter.ts";

/**
 * What can be restarted: services of the local stack by their names, and workloads of the cluster
 * where the configuration allows it. A name that the local stack does not know is looked for in the
 * cluster.
 */
export function openRestarter(
  deps: {
    readonly local: Pick<LocalBackend, "stackFile"> | undefined;
    readonly backends: OpsDeps["backends"];
  },
  config: BackendConfig,
  requestRestart: RequestRestart | undefined,
): Restarter {
  const patch = openKubePatch(config);
  const { kubernetes } = deps.backends;
  const local = deps.local && createLocalRestarter(deps.local, requestRestart);
  const cluster = kubernetes && patch && createKubeRestarter(kubernetes, patch);
  const ownerOf = (id: string): Restarter => {
    const owner = id.includes("/") ? cluster : local;
    if (owner) return owner;
    throw new ToolError("not_configured", `nothing here can restart ${id}`);
  };
  return {
    async find(wanted, signal) {
      if (!local && !cluster) {
        throw new ToolError(
          "not_configured",
          "nothing can be restarted here: there is no local stack, and RESONANCE_KUBERNETES_RESTARTS is off",
        );
      }
      if (local && wanted.namespace === undefined) {
        try {
          return await local.find(wanted, signal);
        } catch (error) {
          const isUnknown = error instanceof ToolError && error.code === "unknown_service";
          if (!isUnknown || !cluster) throw error;
        }
      }
      if (!cluster) throw new ToolError("not_configured", "no cluster may be changed from here");
      return await cluster.find(wanted, signal);
    },
    begin: (target, signal) => ownerOf(target.id).begin(target, signal),
    look: (target, signal) => ownerOf(target.id).look(target, signal),
  };
}
