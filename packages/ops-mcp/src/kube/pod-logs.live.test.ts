import { afterAll, beforeAll, expect, test } from "vitest";
import { callTool, type LogsFound, opsTools, ToolError, type ToolInput } from "../index.ts";
import {
  deploymentOf,
  namespaceOf,
  openTestCluster,
  podOf,
  type TestCluster,
  viewerRole,
} from "../testing/index.ts";
import { depsOf } from "../testing/ops-deps.ts";

/* Against the fake, or a real API server with a stand-in of a kubelet: see cluster.live.test.ts. */
const signal = AbortSignal.timeout(120_000);
const now = Date.parse("2026-11-26T12:00:00.000Z");
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await openTestCluster(process.env.TEST_KUBE_APISERVER || undefined, signal);
  await cluster.create(namespaceOf("shop"));
  for (const object of viewerRole()) await cluster.create(object);
  await cluster.create(deploymentOf("gateway"));
  for (const name of ["gateway-1", "gateway-2"]) {
    await cluster.create(podOf(name));
    const parity = name === "gateway-1" ? 0 : 1;
    cluster.logs.set({ namespace: "shop", pod: name, container: "main" }, linesOf(parity));
  }
  cluster.logs.set({ namespace: "shop", pod: "gateway-2", container: "main", previous: true }, [
    { at: at(1), text: "panic: out of luck" },
  ]);
}, 120_000);
afterAll(() => cluster[Symbol.asyncDispose]());

function at(minute: number): string {
  return new Date(now - (60 - minute) * 60_000).toISOString();
}

function linesOf(parity: number) {
  return Array.from({ length: 30 }, (_, index) => {
    const minute = 2 * index + parity;
    const text = minute === 20 ? "ERROR status=502 upstream" : `INFO request ${minute}`;
    return { at: at(minute), text };
  });
}

async function logs(input: ToolInput<"get_logs">): Promise<LogsFound> {
  const deps = depsOf({ kubernetes: cluster.apiOf("viewer", ["shop"]) }, { nowMs: () => now });
  const result = await callTool(deps, opsTools.get_logs, input, signal);
  if (result.outcome === "error") throw new Error(JSON.stringify(result));
  return result.data;
}

test("the lines of several pods stand in the order of time, each with its pod", async () => {
  const found = await logs({ service: "gateway", limit: 4 });
  expect(found).toMatchObject({ target: "Deployment shop/gateway", source: "pods", total: 60 });
  expect(found.shown.map(({ pod, text }) => `${pod} ${text}`)).toEqual([
    "gateway-1 INFO request 56",
    "gateway-2 INFO request 57",
    "gateway-1 INFO request 58",
    "gateway-2 INFO request 59",
  ]);
  expect(found.firstError?.text).toBe("ERROR status=502 upstream");
  expect(found.omitted).toBe(56);
});

test("a cursor goes on further back, without a gap and without a line twice", async () => {
  const first = await logs({ service: "gateway", limit: 25 });
  const second = await logs({ service: "gateway", limit: 25, cursor: first.cursor ?? "" });
  const third = await logs({ service: "gateway", limit: 25, cursor: second.cursor ?? "" });
  const all = [third, second, first].flatMap(({ shown }) => shown.map((line) => line.at));
  expect(all).toEqual(all.toSorted());
  expect(new Set(all).size).toBe(60);
  expect(third.cursor).toBeNull();
});

test("a window and a filter hold in pods, too", async () => {
  const found = await logs({ service: "gateway", since: "30m", include: "request 3\\d" });
  expect(found.total).toBe(10);
  const filtered = await logs({ service: "gateway", level: "error" });
  expect(filtered.total).toBe(1);
});

test("the log from before a restart is the previous container's", async () => {
  const found = await logs({ service: "gateway-2", previous: true });
  expect(found.shown.map(({ text }) => text)).toEqual(["panic: out of luck"]);
  const none = await logs({ service: "gateway-1", previous: true });
  expect(none.total).toBe(0);
});

test("bytes that are no UTF-8, also cut over chunks, harm nothing", async () => {
  const broken = Buffer.concat([
    Buffer.from("half "),
    Buffer.from([0xe6, 0x97]),
    Buffer.from(" end"),
  ]);
  const where = { namespace: "shop", pod: "gateway-1", container: "main" };
  cluster.logs.set(where, [{ at: at(50), text: broken }]);
  const found = await logs({ service: "gateway-1" });
  expect(found.shown.map(({ text }) => text)).toEqual(["half \ufffd end"]);
  cluster.logs.set(where, linesOf(0));
});

test("50 MB of log stay 50 MB of reading, and little memory", async () => {
  const text = `INFO ${"x".repeat(990)}`;
  const many = Array.from({ length: 50_000 }, (_, index) => ({
    at: new Date(now - 3_000_000 + index * 10).toISOString(),
    text: index % 5_000 === 0 ? `ERROR needle ${index}` : text,
  }));
  await cluster.create(podOf("large", { app: "large" }));
  cluster.logs.set({ namespace: "shop", pod: "large", container: "main" }, many);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const found = await logs({ service: "large", include: "needle" });
  expect(found).toMatchObject({ total: 10, complete: true, linesInWindow: 50_000 });
  // The stand-in holds its 50 MB in this process and sends them as one more piece.
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
});

/** A cluster in which the logs of some pods cannot be read, as on a node that is gone. */
async function logsWithout(lost: readonly string[]) {
  const api = cluster.apiOf("viewer", ["shop"]);
  const kubernetes: typeof api = {
    ...api,
    async *stream(path, query, abort) {
      if (lost.some((pod) => path.includes(`/pods/${pod}/`))) {
        throw new ToolError("unavailable", `Kubernetes answered 500: no route to ${path}`);
      }
      yield* api.stream(path, query, abort);
    },
  };
  const deps = depsOf({ kubernetes }, { nowMs: () => now });
  return await callTool(deps, opsTools.get_logs, { service: "gateway" }, signal);
}

test("a pod that cannot be read hides nothing of the others, and is said", async () => {
  const found = await logsWithout(["gateway-1"]);

  expect(found).toMatchObject({
    outcome: "ok",
    data: {
      total: 30,
      pods: ["gateway-2"],
      podsOmitted: 1,
      complete: false,
      incompleteBecause: "pod_unreadable",
    },
  });
});

test("where no pod can be read, that is the error", async () => {
  const found = await logsWithout(["gateway-1", "gateway-2"]);

  expect(found).toMatchObject({ outcome: "error", cause: "unavailable" });
});

test("a filter finds what the line shows, also where its JSON is written in escapes", async () => {
  await cluster.create(podOf("escaped", { app: "escaped" }));
  const where = { namespace: "shop", pod: "escaped", container: "main" };
  // As Python and PHP write JSON unless told otherwise.
  const text = '{"level":"error","msg":"\\u8fde\\u63a5\\u5931\\u8d25 at api\\/v1"}';
  cluster.logs.set(where, [{ at: at(50), text }]);

  for (const include of ["连接失败", "api/v1"]) {
    expect(await logs({ service: "escaped", include })).toMatchObject({ total: 1 });
  }
});
