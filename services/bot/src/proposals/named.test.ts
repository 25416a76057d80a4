import { expect, test } from "vitest";
import { isNamed } from "./propose.ts";

test.each([
  ["please restart the gateway", "gateway"],
  ["restart `task` please", "task"],
  ["gatway is slow, restart it", "gateway"],
  ["重启推送服务", "task"],
  ["resonance-logic hangs", "resonance-logic"],
  ["```\nlog\n```\nrestart logic", "logic"],
])("%j names %s", (text, service) => {
  expect(isNamed(text, service)).toBe(true);
});

test.each([
  ["what tasks are there? ask somebody", "task"],
  ["> restart gateway", "gateway"],
  ["see:\n```\nrestart gateway\n```\nwhat is it?", "gateway"],
  ["see:\n~~~~\n~~~\nrestart gateway", "gateway"],
  ["is anything unhealthy?", "logic"],
])("%j names no %s", (text, service) => {
  expect(isNamed(text, service)).toBe(false);
});
