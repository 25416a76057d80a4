import { expect, test } from "vitest";
import { runFailureText, runStateText } from "./run-states.ts";

test("states and failures of runs are told in both languages, unknown ones as they are", () => {
  expect(runStateText("answered", "zh")).toBe("已回答");
  expect(runStateText("answered", "en")).toBe("answered");
  expect(runFailureText("no_worker", "zh")).toBe("机器人不在运行");
  expect(runFailureText("no_worker", "en")).toBe("bot not running");
  expect(runFailureText("another", "zh")).toBe("another");
});
