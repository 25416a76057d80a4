import { opsTools } from "@resonance/ops-mcp";
import { expect, test } from "vitest";
import { describeCall } from "./progress-text.ts";

test.each([
  ["zh", { service: "gateway" }, "正在读取 gateway 的日志（最近 1 小时）"],
  ["en", { service: "gateway" }, "reading logs of gateway, last 1 h"],
  ["zh", { service: "logic", since: "30m" }, "正在读取 logic 的日志（最近 30 分钟）"],
  ["en", { service: "logic", since: "120m" }, "reading logs of logic, last 2 h"],
  ["en", { service: "logic", since: "14:00" }, "reading logs of logic, since 14:00"],
  ["zh", { service: "logic", since: "yesterday" }, "正在读取 logic 的日志（昨天至今）"],
  ["zh", { service: "logic", since: "yesterday", until: "today" }, "正在读取 logic 的日志（昨天）"],
  [
    "zh",
    { service: "logic", since: "friday", until: "end of friday" },
    "正在读取 logic 的日志（周五）",
  ],
  [
    "en",
    { service: "logic", since: "friday", until: "end of friday" },
    "reading logs of logic, friday",
  ],
] as const)("in %s a log call is told as it is", (language, input, text) => {
  expect(describeCall({ name: "get_logs", input }, language)).toBe(text);
});

test("the other calls are told, too", () => {
  expect(
    describeCall({ name: "get_metrics", input: { panel: "send_latency", since: "5m" } }, "en"),
  ).toBe("reading send latency, last 5 min");
  expect(describeCall({ name: "list_services", input: {} }, "zh")).toBe("正在查看各服务的状态");
});

test.each(Object.keys(opsTools))("%s is told in words of both languages", (name) => {
  const zh = describeCall({ name, input: { service: "task" } }, "zh");
  const en = describeCall({ name, input: { service: "task" } }, "en");

  expect(zh).toMatch(/^正在/);
  expect(zh).not.toMatch(/[a-z]{3,} [a-z]{3,}/);
  expect(en).not.toMatch(/\p{Script=Han}/u);
});
