import { expect, test } from "vitest";
import { exitText } from "./exit-text.ts";

test.each([
  ["exit code 1", "退出码 1"],
  ["signal SIGKILL", "信号 SIGKILL"],
  ["not ready after 30 s", "30 秒内没有就绪"],
  ["OOMKilled", "OOMKilled"],
])("%s is told in both languages", (lastExit, zh) => {
  expect(exitText(lastExit, "zh")).toBe(zh);
  expect(exitText(lastExit, "en")).toBe(lastExit);
});
