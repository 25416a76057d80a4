import { expect, test } from "vitest";
import { Utterance } from "./utterance.ts";
import { takeWindow } from "./windows.ts";

test.each([
  ["最近半小时", { sinceMinutes: 30 }],
  ["过去5分钟", { sinceMinutes: 5 }],
  ["一刻钟内", { sinceMinutes: 15 }],
  ["最近一个半小时", { sinceMinutes: 90 }],
  ["两天", { sinceMinutes: 2_880 }],
  ["近三十分钟", { sinceMinutes: 30 }],
  ["最近 30 秒", { sinceMinutes: 0.5 }],
  ["上一小时", { sinceMinutes: 60 }],
  ["last 5 minutes", { sinceMinutes: 5 }],
  ["in the past half hour", { sinceMinutes: 30 }],
  ["a couple of hours", { sinceMinutes: 120 }],
  ["last hour", { sinceMinutes: 60 }],
  ["the past week", { sinceMinutes: 10_080 }],
  ["30m", { sinceMinutes: 30 }],
  ["an hour and a half", { sinceMinutes: 90 }],
  ["last twenty minutes", { sinceMinutes: 20 }],
  ["past half hr", { sinceMinutes: 30 }],
  ["last 2hrs", { sinceMinutes: 120 }],
  ["past qtr hr", { sinceMinutes: 15 }],
  ["past wk", { sinceMinutes: 10_080 }],
  ["last nights outage", { day: "yesterday" }],
  ["this mornings logs", { day: "today" }],
  ["thursdays errors", { day: "thursday" }],
  ["昨天重启过，今天还有报错吗", { day: "today" }],
  ["从昨天开始，到今天", { day: "yesterday" }],
  ["it's 3am and it is down", {}],
  ["都凌晨三点了", {}],
  ["since 14:00", { sinceClock: "14:00" }],
  ["since 2pm", { sinceClock: "14:00" }],
  ["since midnight", { sinceClock: "00:00" }],
  ["since 9", { sinceClock: "09:00" }],
  ["下午两点半以后", { sinceClock: "14:30" }],
  ["凌晨3点", { sinceClock: "03:00" }],
  ["昨晚十点开始", { sinceClock: "22:00" }],
  ["昨晚12点以后", { sinceClock: "00:00" }],
  ["昨晚1点以来", { sinceClock: "01:00" }],
  ["since 10:15 last night", { sinceClock: "22:15" }],
  ["since 3 in the afternoon", { sinceClock: "15:00" }],
  ["since yesterday evening at 8", { sinceClock: "20:00" }],
  ["since 2 am last night", { sinceClock: "02:00" }],
  ["中午12点", { sinceClock: "12:00" }],
  ["昨晚", { day: "yesterday" }],
  ["last night", { day: "yesterday" }],
  ["today", { day: "today" }],
  ["今早", { day: "today" }],
  ["今天和昨天比", { day: "today", compareTo: "previous" }],
  ["last hour compared to the hour before", { sinceMinutes: 60, compareTo: "previous" }],
  ["最近一小时 vs 前一小时", { sinceMinutes: 60, compareTo: "previous" }],
  ["compare today with yesterday", { day: "today", compareTo: "previous" }],
  ["对比昨天和今天", { day: "today", compareTo: "previous" }],
  ["今天跟 yesterday 比", { day: "today", compareTo: "previous" }],
  ["since last Thursday", { day: "thursday" }],
  ["since this Monday", { day: "this monday" }],
  ["on Tuesday afternoon", { day: "tuesday 12:00" }],
  ["friday night", { day: "friday 18:00" }],
  ["since wed 3pm", { day: "wednesday 15:00" }],
  ["the day before yesterday", { day: "day before yesterday" }],
  ["over the weekend", { day: "saturday" }],
  ["上周四以来", { day: "last week thursday" }],
  ["这周一", { day: "this monday" }],
  ["星期三以后", { day: "wednesday" }],
  ["周五晚上", { day: "friday 18:00" }],
  ["周日下午三点", { day: "sunday 15:00" }],
  ["前天", { day: "day before yesterday" }],
  ["前天晚上", { day: "day before yesterday 18:00" }],
  ["上周", { sinceMinutes: 10_080 }],
  ["最近一周一共", { sinceMinutes: 10_080 }],
])("%s is %o", (text, expected) => {
  expect(takeWindow(new Utterance(text))).toEqual(expected);
});

test.each([
  "最近",
  "now",
  "recently",
  "一点日志",
  "p99 分位",
  "slower than 5 seconds",
  "每秒",
  "3日志",
  "the sun",
])("%s names no window", (text) => {
  expect(takeWindow(new Utterance(text))).toEqual({});
});

test("what is understood is taken out", () => {
  const utterance = new Utterance("gateway 最近半小时的日志");
  takeWindow(utterance);
  expect(utterance.rest).not.toContain("半小时");
  expect(utterance.rest).toContain("日志");
});
