import { expect, test } from "vitest";
import { editDistance, resolveService } from "./service-name.ts";

const existing = ["mysql", "nats", "logic", "gateway", "task", "bot"];

test.each([
  ["gateway", "gateway"],
  ["Gateway", "gateway"],
  ["网关", "gateway"],
  ["gatway", "gateway"],
  ["gateway-service", "gateway"],
  ["网关服务", "gateway"],
  ["逻辑", "logic"],
  ["lgoic", "logic"],
  ["push", "task"],
  ["推送服务", "task"],
  ["任务", "task"],
  ["机器人", "bot"],
  ["ops-bot", "bot"],
  ["db", "mysql"],
  ["数据库", "mysql"],
  ["mariadb", "mysql"],
  ["MQ", "nats"],
  ["消息队列", "nats"],
])("%s means %s", (query, name) => {
  expect(resolveService(query, existing)).toEqual({ found: true, name });
});

test("a miss names the nearest", () => {
  expect(resolveService("gatt", existing)).toEqual({ found: false, near: ["gateway", "nats"] });
});

test("a miss that is near nothing names all", () => {
  expect(resolveService("elasticsearch", existing)).toEqual({ found: false, near: existing });
});

test("a service that the stack does not have is not found", () => {
  expect(resolveService("gateway", ["logic"]).found).toBe(false);
});

test("a name that nobody foresaw is found as it is", () => {
  expect(resolveService("archiver", [...existing, "archiver"])).toEqual({
    found: true,
    name: "archiver",
  });
});

test("the distance counts a swap of neighbours as one", () => {
  expect(editDistance("lgoic", "logic")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
  expect(editDistance("same", "same")).toBe(0);
});
