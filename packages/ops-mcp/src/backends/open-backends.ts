import { type KubeApi, openKubeApi } from "../kube/kube-api.ts";
import type { BackendConfig } from "./config.ts";
import type { HttpBackend } from "./http-backend.ts";

/** What the tools look at besides the local stack; undefined is what is not configured. */
export type Backends = {
  readonly kubernetes: KubeApi | undefined;
  readonly prometheus: HttpBackend | undefined;
  readonly alertmanager: HttpBackend | undefined;
  readonly loki: LokiBackend | undefined;
};

export type LokiBackend = HttpBackend & {
  /** The label that holds a service's name. */
  readonly serviceLabel: string;
};

/** None of them. */
export const noBackends: Backends = {
  kubernetes: undefined,
  prometheus: undefined,
  alertmanager: undefined,
  loki: undefined,
};

/**
 * What the configuration names. Nothing is connected to before a tool asks.
 *
 * @throws ConfigError when a kubeconfig cannot be read, or this is no pod and should be one.
 */
export function openBackends(config: BackendConfig): Backends {
  const loki = named("Loki", config.RESONANCE_LOKI_URL, config.RESONANCE_LOKI_TOKEN);
  return {
    kubernetes: openKubeApi(config),
    prometheus: named(
      "Prometheus",
      config.RESONANCE_PROMETHEUS_URL,
      config.RESONANCE_PROMETHEUS_TOKEN,
    ),
    alertmanager: named(
      "Alertmanager",
      config.RESONANCE_ALERTMANAGER_URL,
      config.RESONANCE_ALERTMANAGER_TOKEN,
    ),
    loki: loki && { ...loki, serviceLabel: config.RESONANCE_LOKI_LABEL },
  };
}

function named(
  name: string,
  url: string | undefined,
  token: string | undefined,
): HttpBackend | undefined {
  return url === undefined ? undefined : { name, url, token };
}
