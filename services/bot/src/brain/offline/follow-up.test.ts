import { expect, test } from "vitest";
import { understand } from "./understand.ts";

function after(first: string, then: string) {
  const { intent, args } = understand(then, understand(first, null));
  return { intent, args };
}

test("a service alone goes on with the question before", () => {
  expect(after("gateway 最近半小时有没有报错", "那 logic 呢")).toEqual({
    intent: "get_logs",
    args: { service: "logic", sinceMinutes: 30, level: "error" },
  });
});

test("a window replaces the window", () => {
  expect(after("gateway logs since 14:00", "last 2 hours")).toEqual({
    intent: "get_logs",
    args: { service: "gateway", sinceMinutes: 120 },
  });
});

test("another measure of the same window replaces the measure", () => {
  expect(after("最近半小时发送延迟的 p99", "成功率呢")).toEqual({
    intent: "get_metrics",
    args: { metric: "error_rate", sinceMinutes: 30 },
  });
});

test("a question that stands for itself is compared with nothing", () => {
  const compared = after(
    "send latency compared to the previous hour",
    "p99 of sends in the last 5 minutes",
  );
  expect(compared.args).toEqual({ metric: "send_latency", percentile: "p99", sinceMinutes: 5 });
});

test.each(["发消息为什么这么慢", "why are messages so slow?"])(
  "%s is of no service that was spoken of before",
  (text) => {
    expect(after("why is task slow?", text)).toEqual({ intent: "diagnose", args: {} });
  },
);

test("a pronoun that stands for the service in the same text is about nothing before", () => {
  const before = "gateway 的错误日志里去掉 heartbeat 的，最近十来分钟";
  expect(after(before, "im not asking for a restart of task, just its error log")).toEqual({
    intent: "get_logs",
    args: { service: "task", level: "error" },
  });
});

test("a whole question stands for itself", () => {
  expect(after("gateway 最近半小时有没有报错", "看看 logic 的日志")).toEqual({
    intent: "get_logs",
    args: { service: "logic" },
  });
  expect(after("gateway logs", "is everything ok?")).toEqual({ intent: "diagnose", args: {} });
});

test("chit-chat after a question is chit-chat", () => {
  expect(after("gateway logs", "thanks")).toEqual({ intent: "unknown", args: {} });
});

test("restarting it is a request only for the one service that was spoken of", () => {
  expect(after("is the gateway ok?", "restart it")).toEqual({
    intent: "restart_service",
    args: { service: "gateway" },
  });
  expect(after("is everything ok?", "restart it").intent).toBe("unknown");
  expect(after("is the gateway ok?", "why did it restart").intent).toBe("diagnose");
});

test.each([
  ["重启 gateway", "那 logic 呢", "logic"],
  ["重启 gateway", "logic", "logic"],
  ["restart gateway", "what about logic?", "logic"],
  ["restart gateway", "last 10 minutes", "gateway"],
  ["重启 gateway", "好了没", "gateway"],
])("after %j, %j is no order of another restart", (first, then, service) => {
  expect(after(first, then)).toMatchObject({ intent: "diagnose", args: { service } });
});

test.each([
  [
    "mysql 最近两小时的报错",
    "缩短到10分钟",
    { service: "mysql", level: "error", sinceMinutes: 10 },
  ],
  ["nats 日志", "加到 200 行", { service: "nats", limit: 200 }],
  ["gateway logs", "now without probes", { service: "gateway", exclude: "probes" }],
  ["gateway 报错", "不是 gateway，是 logic", { service: "logic", level: "error" }],
  ["logs of gateway", "bot?", { service: "bot" }],
])("after %s, %s changes one thing", (first, then, args) => {
  expect(after(first, then)).toEqual({ intent: "get_logs", args });
});

test.each([
  ["task 的 pod 列一下", "有没有报错", "get_logs", { service: "task", level: "error" }],
  ["gateway 还好吗", "什么镜像", "describe", { service: "gateway" }],
  ["logic 怎么样", "最近有没有 alert", "get_alerts", { service: "logic" }],
  ["mysql 慢", "连接数多少", "get_metrics", { service: "mysql", metric: "connections" }],
  ["logic 有没有报错", "队列积压多少", "get_metrics", { metric: "queue_lag" }],
  ["mysql 慢", "所有服务的报错", "get_logs", { level: "error" }],
])("after %s, %s is %s of %o", (first, then, intent, args) => {
  expect(after(first, then)).toEqual({ intent, args });
});

test.each([
  ["don't restart it, just tell me why sends are slow", undefined],
  ["别重启它，告诉我发消息为什么慢", undefined],
  ["don't restart it, just tell me why it's slow", "gateway"],
  ["别重启，告诉我它为什么慢", "gateway"],
])("%s, after a question about gateway, is of %s", (text, service) => {
  const args = service === undefined ? {} : { service };
  expect(after("is the gateway ok?", text)).toEqual({ intent: "diagnose", args });
});

test.each([
  ["any errors in logic in the last 30 minutes?", "and the 30 minutes before that?"],
  ["logic errors of the last 30 minutes", "how about the half hour before"],
  ["logic 最近半小时的报错", "之前呢"],
])("%j, then %j: the same beside the time before", (first, then) => {
  expect(after(first, then)).toEqual({
    intent: "get_logs",
    args: { service: "logic", sinceMinutes: 30, level: "error", compareTo: "previous" },
  });
});

test.each([
  ["p99 of sends", "is that normal?"],
  ["发送延迟 p99", "这正常吗"],
])("%j, then %j: whether a number is as ever shows beside the time before", (first, then) => {
  expect(after(first, then)).toEqual({
    intent: "get_metrics",
    args: { metric: "send_latency", percentile: "p99", compareTo: "previous" },
  });
});

test.each([
  ["why did gateway restart", "did anything crash tonight", "diagnose"],
  ["task logs", "logs of everything with admin in it", "get_logs"],
  ["task logs", "any errors anywhere?", "get_logs"],
  ["task 的日志", "所有服务有没有报错", "get_logs"],
])("%j, then %j is of no service that was spoken of", (first, then, intent) => {
  const found = after(first, then);
  expect(found.intent).toBe(intent);
  expect(found.args.service).toBeUndefined();
});

test.each([
  ["how many messages were sent yesterday", "today"],
  ["昨天的 gateway 报错", "today"],
  ["errors since yesterday", undefined],
  ["从昨天到现在发了多少消息", undefined],
  ["昨晚 gateway 的报错", "today 06:00"],
  ["errors in logic last night", "today 06:00"],
  ["did anything restart overnight?", "today 06:00"],
  ["昨晚到现在 gateway 的报错", undefined],
  ["昨晚开始 gateway 的报错", undefined],
  ["errors since last night", undefined],
  ["昨晚挂了，现在好了吗", undefined],
  ["gateway was slow last night and still is", undefined],
  ["yesterday morning's errors", "yesterday 12:00"],
  ["昨天下午的报错", "yesterday 18:00"],
  ["今早 logic 有没有报错", "today 12:00"],
  ["errors since this morning", undefined],
  ["errors today", undefined],
])("%s: the window ends at %s", (text, until) => {
  expect(understand(text, null).until).toBe(until);
});

test("a follow-up keeps the day as it was meant, and another window ends that", () => {
  const yesterday = understand("gateway errors of yesterday", null);
  expect(understand("and logic?", yesterday).until).toBe("today");
  expect(understand("last 10 minutes", yesterday).until).toBeUndefined();
});

test.each([
  "今晚月色真美",
  "最近好忙",
  "这两天真冷",
  "周末愉快",
  "昨晚加班到三点",
  "明天见",
  "logic 真厉害",
  "beautiful night tonight",
  "today was a long day",
  "lovely weather today",
  "lunch in an hour",
  "i worked till 3am last night",
])("%s goes on with nothing, though it names a time or a service", (text) => {
  for (const before of ["gateway logs", "p99 of sends", "gateway 怎么样"]) {
    expect(understand(text, understand(before, null)).intent).toBe("unknown");
  }
});

test.each([
  "昨晚的呢",
  "再往前两小时",
  "换成最近五分钟",
  "go back two hours",
  "and since yesterday?",
])("%s goes on with what was asked", (text) => {
  expect(understand(text, understand("gateway logs", null))).toMatchObject({
    intent: "get_logs",
    args: { service: "gateway" },
  });
});
