import { expect, test } from "vitest";
import { understand } from "./understand.ts";

test.each([
  ["听说 nats 重启了，真的吗", "get_metrics", { service: "nats", metric: "restarts" }],
  [
    "someone says logic restarted, is that true?",
    "get_metrics",
    { service: "logic", metric: "restarts" },
  ],
  [
    "can you confirm that task was rebooted",
    "get_metrics",
    { service: "task", metric: "restarts" },
  ],
  ["is it true that mysql restarted", "get_metrics", { service: "mysql", metric: "restarts" }],
  ["tail the nats log 30", "get_logs", { service: "nats", limit: 30 }],
  ["tail gateway 20m", "get_logs", { service: "gateway", sinceMinutes: 20 }],
  ["tail task -100", "get_logs", { service: "task", limit: 100 }],
  ["gateway jammed", "diagnose", { service: "gateway" }],
  ["logic locked up again", "diagnose", { service: "logic" }],
  ["task has seized up", "diagnose", { service: "task" }],
  ["would it be sensible to restart nats", "diagnose", { service: "nats" }],
  ["is it worth restarting the bot", "diagnose", { service: "bot" }],
  ["现在重启 gateway 合适吗", "diagnose", { service: "gateway" }],
  ["你建议重启 logic 吗", "diagnose", { service: "logic" }],
  [
    "They want me to restart logic, but first tell me what is wrong with it",
    "diagnose",
    { service: "logic" },
  ],
  ["老板说要重启 gateway，不过我想先查下原因", "diagnose", { service: "gateway" }],
  ["logic 老重启是啥引起的", "diagnose", { service: "logic" }],
  ["task logs past 3 hs", "get_logs", { service: "task", sinceMinutes: 180 }],
  [
    "gateway errors last 15 mns",
    "get_logs",
    { service: "gateway", level: "error", sinceMinutes: 15 },
  ],
  ["nats 日志 10 分种", "get_logs", { service: "nats", sinceMinutes: 10 }],
  ["logic 报错 半小是", "get_logs", { service: "logic", level: "error", sinceMinutes: 30 }],
  ["alerts last nihgt", "get_alerts", { day: "yesterday" }],
  ["hepl", "help", {}],
  ["Kindly restart the bot, as it is not answering anybody", "restart_service", { service: "bot" }],
  ["please restart mysql, as nobody can connect", "restart_service", { service: "mysql" }],
  ["as I said, restart of mysql failed", "unknown", {}],
  ["把在跑的组件数一下", "list_services", {}],
  ["群公告写着「重启 logic 前先报备」，什么意思", "unknown", {}],
  ['my notes say "restart task on mondays", weird', "unknown", {}],
  [
    'count the lines with "restart requested" in gateway',
    "get_logs",
    { service: "gateway", include: "restart requested" },
  ],
  ["what has logic been spewing today", "get_logs", { service: "logic", day: "today" }],
  [
    "strip the heartbeats from the nats log",
    "get_logs",
    { service: "nats", exclude: "heartbeats" },
  ],
  ["mute ping in the gateway output", "get_logs", { service: "gateway", exclude: "ping" }],
  ["logic 配置改好了，重启它", "restart_service", { service: "logic" }],
  ["the task config is updated, restart it please", "restart_service", { service: "task" }],
  ["don't restart a thing, just list the services", "list_services", {}],
  ["别重启，列一下有哪些服务", "list_services", {}],
  ["move gateway to another node", "unknown", {}],
  ["现在跑着的服务数一数", "list_services", {}],
  [
    "what did the gateway spew in the last five minutes",
    "get_logs",
    { service: "gateway", sinceMinutes: 5 },
  ],
  [
    "hide the health checks in the gateway log",
    "get_logs",
    { service: "gateway", exclude: "health checks" },
  ],
  ["db is coughing again", "diagnose", { service: "mysql" }],
  ["gateway config changed, bounce it", "restart_service", { service: "gateway" }],
  ["do not restart anything, list what's running", "list_services", {}],
  ["fix my css", "unknown", {}],
])("%s asks for %s", (text, intent, args) => {
  expect(understand(text, null)).toMatchObject({ intent });
  expect(understand(text, null).args).toEqual(args);
});

test.each([
  ["task pods", "move on to gateway", "list_pods", { service: "gateway" }],
  ["nats 报错", "谁的锅", "diagnose", { service: "nats" }],
  [
    "logic 延迟 半小时",
    "比再早半小时呢",
    "get_metrics",
    { service: "logic", metric: "send_latency", sinceMinutes: 30, compareTo: "previous" },
  ],
  ["logic logs", "move gateway to another node", "unknown", {}],
  ["nats events", "move on to logic", "list_events", { service: "logic" }],
  ["gateway 告警", "谁的问题", "diagnose", { service: "gateway" }],
  [
    "nats 积压 20 分钟",
    "跟再早 20 分钟比呢",
    "get_metrics",
    { service: "nats", metric: "queue_lag", sinceMinutes: 20, compareTo: "previous" },
  ],
])("after %s, %s asks for %s", (before, text, intent, args) => {
  const found = understand(text, understand(before, null));

  expect(found).toMatchObject({ intent });
  expect(found.args).toEqual(args);
});

test.each([
  ["logic 日志里含 panic 或 fatal 的", { service: "logic", include: "panic|fatal" }],
  ["logic logs containing panic or fatal", { service: "logic", include: "panic|fatal" }],
  ["logic logs with error or timeout", { service: "logic", include: "error|timeout" }],
  ["logic 日志里带 warn 或 slow 的", { service: "logic", include: "warn|slow" }],
  ["logic logs with errors or warnings", { service: "logic", level: "warn" }],
  ["logic 日志里有 fatal 吗", { service: "logic", level: "error" }],
  [
    "what did gateway complain about in the past 20 minutes",
    { service: "gateway", sinceMinutes: 20 },
  ],
  ['grep "from cache" in logic', { service: "logic", include: "from cache" }],
])("%s asks for lines", (text, args) => {
  expect(understand(text, null)).toMatchObject({ intent: "get_logs", args });
  expect(Object.keys(understand(text, null).args).sort()).toEqual(Object.keys(args).sort());
});

test.each([
  "讲讲 mysql 联合索引的最左匹配原则",
  "解释一下 nats 的匹配规则",
  "mysql 的最左前缀匹配是什么",
  "explain the matching rules of nats subjects",
])("%s is told by books", (text) => {
  expect(understand(text, null).intent).toBe("unknown");
});

test.each([
  "messages aren't going out",
  "nothing is going out",
  "replies aren't coming through",
  "notifications aren't coming in",
  "消息出不去",
  "图片传不出去",
  "页面刷不出来",
  "推送到不了",
])("%s is a complaint", (text) => {
  expect(understand(text, null).intent).toBe("diagnose");
});
