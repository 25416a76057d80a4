export type { ProvidedServers } from "./global-setup.ts";
export { type KubeApiserver, openKubeApiserver } from "./open-kube-apiserver.ts";
export { openPrometheus, type Prometheus } from "./open-prometheus.ts";
export { openRestartableNats, type RestartableNats } from "./open-restartable-nats.ts";
export { openTcpProxy, type TcpProxy } from "./open-tcp-proxy.ts";
export { openTestDatabase, openTestNats, type TestDatabase, testServers } from "./test-servers.ts";
