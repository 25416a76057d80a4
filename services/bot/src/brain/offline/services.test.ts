import { expect, test } from "vitest";
import { takeService } from "./services.ts";
import { Utterance } from "./utterance.ts";

test.each([
  ["帮我看看网关", "gateway"],
  ["Gateway logs", "gateway"],
  ["the gateway-service", "gateway"],
  ["gatway", "gateway"],
  ["getaway 日志", undefined],
  ["lgoic", "logic"],
  ["推送服务", "task"],
  ["push service", "task"],
  ["message queue", "nats"],
  ["消息队列", "nats"],
  ["队列", undefined],
  ["queue", undefined],
  ["数据库", "mysql"],
  ["mysqld", "mysql"],
  ["login fails", undefined],
  ["what should I ask", undefined],
  ["gatewayish", undefined],
])("%s names %s", (text, service) => {
  expect(takeService(new Utterance(text))).toBe(service);
});
