import { expect, test } from "vitest";
import { sentences } from "./texts.ts";

test.each([
  ["signal SIGKILL", "task 意外退出（信号 SIGKILL），0.2 秒后重新启动"],
  ["exit code 1", "task 意外退出（退出码 1），0.2 秒后重新启动"],
  ["not ready after 30 s", "task 意外退出（30 秒内没有就绪），0.2 秒后重新启动"],
])("a terminal that speaks Chinese is told of %j in Chinese", (exit, said) => {
  const crash = { kind: "service_crashed", service: "task", exit, retryInMs: 200 } as const;
  const text = sentences.zh.event({ ...crash, lastError: undefined, logFile: "task.log" });
  expect(text).toBe(`${said}\n  日志：task.log`);
});
