import { expect, test } from "vitest";
import { understand } from "./understand.ts";

test.each([
  ["errors in logic on Friday", "friday", "end of friday"],
  ["how many messages were sent on monday?", "monday", "end of monday"],
  ["thursday's errors in gateway", "thursday", "end of thursday"],
  ["gateway errors on Tuesday afternoon", "tuesday 12:00", "tuesday 18:00"],
  ["warnings of task wednesday morning", "wednesday", "wednesday 12:00"],
  ["logs of logic friday night", "friday 18:00", "end of friday night"],
  ["gateway errors this Monday", "this monday", "end of this monday"],
  ["logic errors the day before yesterday", "day before yesterday", "end of day before yesterday"],
  ["周五那天 logic 有没有报错", "friday", "end of friday"],
  ["周一 gateway 的错误日志", "monday", "end of monday"],
  ["上周四的报错", "last week thursday", "end of last week thursday"],
  ["周五晚上 task 的日志", "friday 18:00", "end of friday night"],
  ["前天发了多少条消息", "day before yesterday", "end of day before yesterday"],
  ["errors on friday on gateway", "friday", "end of friday"],
  ["gateway errors on wednesday between 14:00 and 15:30", "wednesday 14:00", "wednesday 15:30"],
  ["gateway errors on wednesday from 22:00 to 2:00", "wednesday 22:00", "end of wednesday night"],
  ["周日下午三点 gateway 的报错", "sunday 15:00", "end of sunday"],
])("%s is about that day alone", (text, day, until) => {
  expect(understand(text, null)).toMatchObject({ args: { day }, until });
});

test.each([
  "errors in logic since Friday",
  "gateway errors since last Thursday",
  "errors of task from monday on",
  "from monday on in task, how many errors",
  "errors of task monday onwards",
  "gateway errors from Monday to Wednesday",
  "gateway errors on monday and tuesday",
  "has gateway been slow on and off since tuesday",
  "errors on friday and today",
  "why is gateway still slow, it was on friday, too",
  "周五以来 logic 的报错",
  "从周一开始 gateway 的报错",
  "周一到周三 gateway 的报错",
  "周一到现在 gateway 的报错",
  "星期三以后的报错",
  "周五重启过，今天还有报错吗",
  "errors over the weekend",
])("%s goes on to now", (text) => {
  expect(understand(text, null).until).toBeUndefined();
});

test("a follow-up keeps the day's end with the day, and another window ends both", () => {
  const friday = understand("errors in logic on Friday", null);

  expect(understand("and gateway?", friday)).toMatchObject({ until: "end of friday" });
  expect(understand("since monday", friday).until).toBeUndefined();
  expect(understand("last 10 minutes", friday).until).toBeUndefined();
});
