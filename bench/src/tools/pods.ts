import { callTool, type OpsDeps, opsTools } from "@resonance/ops-mcp";
import { depsOf, namespaceOf, openTestCluster, podOf } from "@resonance/ops-mcp/testing";

export type PodsMeasured = { readonly seconds: number; readonly pods: number };

const pods = 5_000;

/** `list_pods` over a cluster of 5,000 pods, served page by page by the fake in this process. */
export async function measurePods(rounds: number, signal: AbortSignal): Promise<PodsMeasured[]> {
  await using cluster = await openTestCluster(undefined, signal);
  await cluster.create(namespaceOf("shop"));
  const store = cluster.fake?.store;
  const resource = { group: "", version: "v1", name: "pods" };
  for (let number = 0; number < pods; number++) {
    const name = `gateway-${String(number).padStart(5, "0")}`;
    const pod = podOf(name, { app: `app-${number % 50}` });
    store?.create(resource, "shop", pod);
    const at = { namespace: "shop", name, isStatus: true };
    store?.update(resource, at, (before) => ({ ...before, status: pod.status }));
  }
  const deps: OpsDeps = depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) });
  const measured: PodsMeasured[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const result = await callTool(deps, opsTools.list_pods, {}, signal);
    const seconds = (performance.now() - started) / 1_000;
    if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
    measured.push({ seconds, pods: result.data.total });
  }
  return measured;
}
