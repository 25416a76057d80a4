import { expect, test } from "vitest";
import { endClockIn } from "./clocks.ts";
import { understand } from "./understand.ts";

test.each([
  ["how many messages were sent between 00:42 and 00:43", "00:43"],
  ["errors in logic from 01:05 to 01:07", "01:07"],
  ["gateway logs 14:00-14:30", "14:30"],
  ["warnings between 2pm and 3pm", "15:00"],
  ["从1点到1点05分gateway的错误日志", "01:05"],
  ["昨天下午2点到3点半 task 的报错", "15:30"],
  ["凌晨1:00至2:00的日志", "02:00"],
  ["errors since 14:00", undefined],
  ["从9点到现在 gateway 的报错", undefined],
  ["between 2 and 3 errors", undefined],
  ["error rate from 10:00 to now", undefined],
])("%s: the window ends at %s", (text, end) => {
  expect(endClockIn(text)).toBe(end);
});

test("a follow-up keeps the end of the window with its begin, and another window ends both", () => {
  const range = understand("gateway errors between 14:00 and 14:30", null);
  expect(range).toMatchObject({ args: { sinceClock: "14:00" }, until: "14:30" });
  expect(understand("and logic?", range).until).toBe("14:30");
  expect(understand("last 10 minutes", range).until).toBeUndefined();
  expect(understand("since 15:00", range).until).toBeUndefined();
});
