import { expect, test } from "vitest";
import { isAboutSending } from "./look-at-sending.ts";

test.each([
  "why are sends slow?",
  "why does sending take so long",
  "users cannot send messages, what is wrong?",
  "messages are stuck, why",
  "发消息为什么这么慢",
  "消息发不出去了怎么办",
  "为什么消息老是延迟",
])("%s is about sending", (text) => {
  expect(isAboutSending(text)).toBe(true);
});

test.each(["is everything ok?", "why did task restart", "系统怎么样", "为什么 task 这么慢"])(
  "%s is not",
  (text) => {
    expect(isAboutSending(text)).toBe(false);
  },
);
