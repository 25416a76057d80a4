import { expect, test } from "vitest";
import { understand } from "./understand.ts";

test.each([
  ["gateway logs without info", "warn"],
  ["网关日志里不要 INFO", "warn"],
  ["logs of gateway, no debug", "info"],
  ["网关日志过滤掉 debug", "info"],
  ["gateway logs, only errors no warnings", "error"],
  ["logic 日志 警告的去掉", "error"],
])("%s: what is above it is wanted", (text, level) => {
  expect(understand(text, null)).toMatchObject({ intent: "get_logs", args: { level } });
});

test("a level that is taken out keeps what was asked before", () => {
  const before = understand('grep "bot.answer" in bot', null);
  expect(understand("now without INFO", before).args).toEqual({
    service: "bot",
    include: "bot.answer",
    level: "warn",
  });
});
