import type { OpsDeps, SystemStatus } from "@resonance/ops-mcp";
import {
  containerStatus,
  deploymentOf,
  depsOf,
  eventOf,
  healthyStatus,
  type LocalStack,
  namespaceOf,
  openFakeLoki,
  openLocalStack,
  openTestCluster,
  podOf,
  type TestCluster,
  viewerRole,
  waiting,
} from "@resonance/ops-mcp/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { askOffline } from "../../testing/ask-offline.ts";

/*
 * What every release has to get right without a model: honest answers, and faults found. The tools
 * are the real ones, over a made-up cluster and stack.
 */
const signal = AbortSignal.timeout(180_000);
let stack: LocalStack;
let cluster: TestCluster;

beforeAll(async () => {
  stack = await openLocalStack();
  cluster = await openTestCluster(process.env.TEST_KUBE_APISERVER || undefined, signal);
  await cluster.create(namespaceOf("shop"));
  for (const object of viewerRole()) await cluster.create(object);
  const state = { waiting: { reason: "CrashLoopBackOff" } };
  const lastState = { terminated: { exitCode: 137, reason: "OOMKilled" } };
  const killed = containerStatus({ ready: false, restartCount: 6, state, lastState });
  for (const object of [
    deploymentOf("gateway"),
    deploymentOf("logic"),
    podOf("gateway-1"),
    podOf("logic-1", { app: "logic", status: { containerStatuses: [killed] } }),
    podOf("task-1", { app: "task", status: waiting("ImagePullBackOff") }),
    eventOf("e1", { reason: "BackOff", object: "logic-1", count: 31 }),
  ]) {
    await cluster.create(object);
  }
}, 120_000);
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  stack.exposition = "";
  await stack.describe({});
  for (const service of ["logic", "gateway", "task", "bot"]) await stack.writeLog(service, []);
});

function here(status: Partial<SystemStatus> = {}): OpsDeps {
  return depsOf({}, { local: stack.local, readSystemStatus: async () => healthyStatus(status) });
}

function inCluster(user: "viewer" | "nobody" = "viewer"): OpsDeps {
  return depsOf(
    { kubernetes: cluster.apiOf(user, ["shop"]) },
    { readSystemStatus: async () => healthyStatus() },
  );
}

test("wrong namespace: it is said, and the nearest is named", async () => {
  const { answer, calls } = await askOffline("/pods --namespace shpo", inCluster(), signal);
  expect(calls).toMatchObject([{ name: "list_pods", input: { namespace: "shpo" } }]);
  expect(answer).toContain("`shop`");
  expect(answer).not.toContain("3 pods");
});

test("misspelt service: the nearest one is read, and named", async () => {
  await stack.writeLog("gateway", [[5, "info", "hello"]]);
  const { answer } = await askOffline("show me the gatewya logs", here(), signal);
  expect(answer).toContain("**gateway**");
  expect(answer).toContain("hello");
});

test("no target: the service is asked for, and nothing is guessed", async () => {
  const { answer, calls } = await askOffline("logs of the last 30 minutes", here(), signal);
  expect(calls).toEqual([]);
  expect(answer).toContain("Which service");
});

test("no logs at all: it is said, not filled in", async () => {
  const { answer } = await askOffline("帮我查看 Gateway 的日志", here(), signal);
  expect(answer).toContain("**gateway** 的日志还是空的");
  expect(answer).not.toContain("```");
});

test("result cut: shown and total are said", async () => {
  const many = Array.from(
    { length: 300 },
    (_, index) => [300 - index, "info", `n${index}`] as const,
  );
  await stack.writeLog("gateway", many);
  const { answer } = await askOffline("show me the last 20 lines of gateway", here(), signal);
  expect(answer).toContain("300 lines");
  expect(answer).toContain("the last 20 shown, 280 left out");
});

test("no window named: the one that was assumed is stated", async () => {
  await stack.writeLog("gateway", [[5, "info", "hello"]]);
  const { answer } = await askOffline("gateway 的日志", here(), signal);
  expect(answer).toContain("你没有指定时间，按最近 1 小时查询");
});

test("permission denied by the cluster: it is said in the cluster's words", async () => {
  const { answer } = await askOffline("list the pods", inCluster("nobody"), signal);
  expect(answer).toContain("does not let me see that");
  expect(answer).toContain('User "nobody" cannot list resource "pods"');
});

test("integration missing: what to set is said, and what works instead", async () => {
  const pods = await askOffline("有哪些 Pod", here(), signal);
  expect(pods.answer).toContain("`RESONANCE_KUBERNETES`");
  const alerts = await askOffline("which alerts are firing?", here(), signal);
  expect(alerts.answer).toContain("`RESONANCE_ALERTMANAGER_URL`");
});

test("healthy system: nothing is invented, and what was looked at is said", async () => {
  const { answer, calls } = await askOffline("is anything unhealthy?", here(), signal);
  expect(calls.map(({ name }) => name)).toEqual(["diagnose"]);
  expect(answer).toContain("Nothing is wrong as far as I can see.");
  expect(answer).toContain("Checked by rules: processes (mysql, nats, logic, gateway, task, bot)");
  expect(answer).not.toMatch(/🔴|🟠/u);
});

test("why something restarted that has not: it is said that it has not", async () => {
  const { answer } = await askOffline("why did gateway restart", here(), signal);
  expect(answer).toMatch(/^\*\*gateway\*\* has not ended by itself; it has run for /);
  const everything = await askOffline("今晚有什么崩过吗", here(), signal);
  expect(everything.answer).toMatch(/^自系统启动以来，没有服务异常退出过/);
  await stack.describe({ gateway: { restarts: 1, lastExit: "exit code 1" } });
  const restarted = await askOffline("why did gateway restart", here(), signal);
  expect(restarted.answer).not.toContain("has not ended");
});

test("slow statements and dead letters are told first where they are asked for", async () => {
  const status = { deadLetters: { total: 9, unreplayed: 8, lastHour: 0 } };
  const slow = await askOffline("slow queries?", here(status), signal);
  expect(slow.answer).toMatch(/^\*\*0\*\* statements run for over a second now/);
  const dead = await askOffline("有多少死信", here(status), signal);
  expect(dead.answer).toMatch(/^共有 \*\*9\*\* 条死信，其中 8 条没有重放。/);
});

test("why sends are slow: the sends themselves are looked at, too", async () => {
  const { answer, calls } = await askOffline("why are sends slow?", here(), signal);
  expect(calls.map(({ name }) => name)).toEqual(["diagnose", "get_metrics", "get_metrics"]);
  expect(answer).toMatch(/^No latency of sends was measured in this time/);
  expect(answer).toContain("Nothing is wrong as far as I can see.");
});

test("errors compared with an hour ago: both times are counted", async () => {
  await stack.writeLog("logic", [
    [170 * 60, "info", "hello"],
    [100 * 60, "error", "send failed"],
    [95 * 60, "error", "send failed"],
    [20 * 60, "error", "send failed"],
  ]);
  const { answer } = await askOffline("logic 的报错跟一小时前比怎么样", here(), signal);
  expect(answer).toContain("2 行，这次 1 行：变少了");
});

test("noisy but recovered: it is told as over", async () => {
  await stack.describe({ task: { restarts: 4, lastExit: "exit code 1" } });
  const { answer } = await askOffline("系统怎么样", here(), signal);
  expect(answer).toContain("没有发现异常");
  expect(answer).toContain("不是当前的故障");
  expect(answer).toContain("**task** 之前重启过 4 次，现在已恢复");
});

test("two faults at once: both are told, the worst first", async () => {
  const { answer } = await askOffline("诊断一下", inCluster(), signal);
  expect(answer).toContain("发现 2 个问题");
  expect(answer).toContain("**shop/logic** 内存超限被杀");
  expect(answer).toContain("**shop/task** 镜像拉取失败");
});

test("a red herring: loud lines stand below what is really down", async () => {
  await stack.describe({ task: { state: "stopped", pid: null } });
  const loud = Array.from({ length: 200 }, (_, index) => [index, "error", "odd header"] as const);
  await stack.writeLog("gateway", loud);
  const { answer } = await askOffline("is everything ok?", here(), signal);
  expect(answer).toContain("One problem: **task** is not running.");
  expect(answer.indexOf("**task**")).toBeLessThan(answer.indexOf("logged 200 error lines"));
  expect(answer).toContain("Besides, not a fault now");
});

test("database down: the cause is told first, what follows is marked as following", async () => {
  await stack.describe({ mysql: { state: "stopped", pid: null } });
  await stack.writeLog("logic", [[5, "error", "send failed: the database does not answer"]]);
  const status = {
    database: null,
    unknown: ["database"],
    outbox: { pending: 4_000, oldestMs: 90_000 },
  };
  const { answer } = await askOffline("系统怎么样", here(status), signal);
  expect(answer).toMatch(/^发现 2 个问题，最严重的是：\*\*mysql\*\* 数据库连不上。/);
  expect(answer).toContain("很可能由「数据库连不上」引起");
  expect(answer).toContain("send failed: the database does not answer");
});

test("database that was away: it is told as over, with the time of day", async () => {
  await stack.writeLog("gateway", [[30, "error", "call failed: the database does not answer"]]);
  const { answer } = await askOffline("is everything ok?", here(), signal);
  expect(answer).toMatch(
    /^One problem: \*\*gateway\*\* could not reach the database for a while; it answers now\./,
  );
  expect(answer).toMatch(/\(last at \d\d:\d\d:\d\d\)/);
  expect(answer).not.toContain("cannot be reached");
});

test("queue lag because the store is slow", async () => {
  const { database, stream } = healthyStatus();
  if (!database || !stream) throw new Error("a healthy system has both");
  const consumers = stream.consumers.map((consumer) => ({ ...consumer, pending: 5_000 }));
  const status = {
    database: { ...database, roundTripMs: 180 },
    stream: { ...stream, oldestMs: 120_000, consumers },
  };
  const { answer } = await askOffline("is everything ok?", here(status), signal);
  expect(answer).toContain("the database answers slowly (180 ms for a round trip)");
  expect(answer).toContain("lags behind: 5000 messages waiting, the oldest for 120 s");
  expect(answer).toContain("Probably because the database answers slowly.");
});

test("the messaging system in one table", async () => {
  const { answer, calls } = await askOffline("现在有多少人在线", here(), signal);
  expect(calls.map(({ name }) => name)).toEqual(["im_status"]);
  expect(answer).toContain("| 在线用户 | 3（4 个连接，1 个网关） |");
});

test("unhealthy pods stand first, and the answer says what to ask next", async () => {
  const { answer } = await askOffline("list pods", inCluster(), signal);
  expect(answer).toContain("shop has 3 pods");
  expect(answer).toContain("**CrashLoopBackOff**");
  expect(answer).toContain('You could ask next: "diagnose"');
});

test("warnings of the cluster come by reason with their counts", async () => {
  const { answer } = await askOffline("any warning events in the cluster?", inCluster(), signal);
  expect(answer).toContain("**BackOff** ×31");
});

test("a description has names of variables and no value", async () => {
  const { answer } = await askOffline("describe gateway", here(), signal);
  expect(answer).toContain("**gateway** is a process of this machine");
  expect(answer).toContain("names without values");
  expect(answer).not.toContain(process.env.PATH ?? "no path");
});

test("a source of logs that hangs is left within its time", async () => {
  await using loki = await openFakeLoki();
  loki.intercept = () => true;
  const backend = { name: "Loki", url: loki.url, token: undefined, serviceLabel: "app" };
  const enough = AbortSignal.any([signal, AbortSignal.timeout(300)]);
  const asked = askOffline("gateway 的日志", depsOf({ loki: backend }), enough);
  await expect(asked).rejects.toThrow(/timeout/i);
});
