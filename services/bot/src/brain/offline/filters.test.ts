import { expect, test } from "vitest";
import { takeFilters } from "./filters.ts";
import { Utterance } from "./utterance.ts";

test.each([
  ["包含 timeout 的日志", { include: "timeout" }],
  ["含有“connection reset”的行", { include: "connection reset" }],
  ["包含 502 或 503 的", { include: "502|503" }],
  ["日志里有 ECONNREFUSED 的", { include: "ECONNREFUSED" }],
  ["不含 healthcheck 的", { exclude: "healthcheck" }],
  ["排除 ping", { exclude: "ping" }],
  ["with 502", { include: "502" }],
  ['containing "too many connections"', { include: "too many connections" }],
  ["containing broken pipe in the last hour", { include: "broken pipe" }],
  ["grep for deadlock", { include: "deadlock" }],
  ["mentioning alice or bob", { include: "alice|bob" }],
  ["without healthcheck", { exclude: "healthcheck" }],
  ["with 5xx but not healthcheck", { include: "5\\d\\d", exclude: "healthcheck" }],
  ["any 502 or 504", { include: "502|504" }],
  ["Aborted connection 那种不要", { exclude: "Aborted connection" }],
  ["把 retry 的去掉", { exclude: "retry" }],
  ["exclude 掉 context canceled", { exclude: "context canceled" }],
  ["hide the ping ones", { exclude: "ping" }],
  ["'too many connections' or 'lock wait'", { include: "too many connections|lock wait" }],
  ["grep 一下 nats 的 log，slow consumer，past 2 hours", { include: "slow consumer" }],
  ["5xx", { include: "5\\d\\d" }],
  ["logic 日志里找 restarting 这个词", { include: "restarting" }],
  ["日志里出现过 Access denied 吗", { include: "Access denied" }],
  ["日志里有没有 slow consumer", { include: "slow consumer" }],
  ["search the task logs for redelivered message", { include: "redelivered message" }],
  ["does the phrase no such host appear in the log", { include: "no such host" }],
  ["did mysql log Lock wait", { include: "Lock wait" }],
])("%s is %o", (text, expected) => {
  expect(takeFilters(new Utterance(text))).toEqual(expected);
});

test.each([
  "with errors",
  "logs with warnings",
  "the last 500 lines",
  "took 450 ms",
  "it's slow and what's wrong",
  "包含哪些服务",
  "gateway 的日志",
  "look through the logs for anything weird",
  "look at the logs for the gateway",
  "did alice log back in",
  "do it without restarting",
  "要不要把 gateway 重启了",
  "别 restart gateway",
  "never restart it without asking me",
  "compare today with yesterday",
  "is everything ok with the system",
  "slow since about 3pm and my whole team waits",
  "千万不要动 mysql",
  "with the 2 hours before that",
])("%s is no filter", (text) => {
  expect(takeFilters(new Utterance(text))).toEqual({});
});
