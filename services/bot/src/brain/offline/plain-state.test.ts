import { expect, test } from "vitest";
import { asksPlainState } from "./plain-state.ts";

test.each([
  "is everything ok?",
  "hows logic doing",
  "what's wrong with task",
  "do we need to restart gateway?",
  "what happened last night",
  "and the db?",
  "系统怎么样",
  "最近半小时 gateway 怎么样",
  "昨晚系统出什么问题了",
  "要不要重启 logic",
  "網關正常嗎",
  "gateway",
])("%s asks how something is, and nothing beyond that", (text) => {
  expect(asksPlainState(text)).toBe(true);
});

test.each([
  "disk full?",
  "is the mysql backup ok",
  "will the gateway cope with ten thousand users",
  "why can't people log in",
  "mysql 的备份正常吗",
  "证书过期了吗",
  "为什么网页打不开",
  "logic 的主从同步还好吗",
])("%s asks for something else as well", (text) => {
  expect(asksPlainState(text)).toBe(false);
});
