/** Test support: a cluster, a Loki and objects to put in them. No part of the product. */
export { type Canary, canaries, leaksIn } from "./canaries.ts";
export * from "./cluster-objects.ts";
export { type FakeKubernetes, openFakeKubernetes } from "./fake-kubernetes.ts";
export { type FakeLoki, openFakeLoki } from "./fake-loki.ts";
export { openAnswering } from "./open-answering.ts";
export { type LocalStack, openLocalStack } from "./open-local-stack.ts";
export { openTestCluster, type TestCluster } from "./open-test-cluster.ts";
export { depsOf } from "./ops-deps.ts";
export { acrossCut, plantedSecrets } from "./planted-secrets.ts";
export { type SelfSigned, selfSigned } from "./self-signed.ts";
export { healthyStatus } from "./system-status.ts";
