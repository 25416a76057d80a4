import { expect, test } from "vitest";
import { isNamed, misspellings } from "./named.ts";

test.each([
  ["please restart the gateway", "gateway"],
  ["restart `task` please", "task"],
  ["重启推送服务", "task"],
  ["resonance-logic hangs", "resonance-logic"],
  ["restart the gateway-service", "gateway"],
  ["pod gateway-5c9d8f7b6d-xk2lp hangs, restart it", "gateway"],
  ["restart gateway.", "gateway"],
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
  ["why is checkout-api slow?", "api"],
  ["look at payments-task and task_runner", "task"],
  ["is gateway-admin fine?", "gateway"],
])("%j names no %s", (text, service) => {
  expect(isNamed(text, service)).toBe(false);
});

test.each([
  ["gatway is slow, restart it", "gateway", ["gatway"]],
  ["restart the gateways now", "gateway", ["gateways"]],
  ["> restart gatway", "gateway", []],
  ["restart it", "gateway", []],
])("%j may have misspelt %s as %j", (text, service, words) => {
  expect(misspellings(text, service)).toEqual(words);
});
