import { expect, test } from "vitest";
import { questionsIn } from "./questions-in.ts";

function asked(text: string) {
  return questionsIn(text, null).map(({ understanding: { intent, args } }) => [intent, args]);
}

test.each([
  [
    "gateway 怎么样，顺便看下 logic 的日志",
    [
      ["diagnose", { service: "gateway" }],
      ["get_logs", { service: "logic" }],
    ],
  ],
  [
    "logic 有没有报错，还有队列积压多少",
    [
      ["get_logs", { service: "logic", level: "error" }],
      ["get_metrics", { metric: "queue_lag" }],
    ],
  ],
  [
    "is the gateway down? show me its logs",
    [
      ["diagnose", { service: "gateway" }],
      ["get_logs", { service: "gateway" }],
    ],
  ],
  [
    "is gateway ok and how many users are online",
    [
      ["diagnose", { service: "gateway" }],
      ["im_status", {}],
    ],
  ],
  [
    "gateway 和 logic 的日志",
    [
      ["get_logs", { service: "gateway" }],
      ["get_logs", { service: "logic" }],
    ],
  ],
  [
    "any errors in gateway and logic in the last hour?",
    [
      ["get_logs", { service: "gateway", level: "error", sinceMinutes: 60 }],
      ["get_logs", { service: "logic", level: "error", sinceMinutes: 60 }],
    ],
  ],
])("%j asks more than one thing", (text, questions) => {
  expect(asked(text)).toEqual(questions);
});

test.each([
  "errors and warnings in logic",
  "is gateway slower than logic?",
  "gateway 和 mysql 之间的连接断了吗",
  "logic 连不上 mysql 和 nats",
  "what's wrong? everything is slow",
  'logs of logic with "timeout, and how"',
  "gateway 怎么样？要不要重启？",
  "restart gateway and logic",
  "重启 gateway，顺便看下日志",
])("%j is one question", (text) => {
  expect(asked(text)).toHaveLength(1);
});
