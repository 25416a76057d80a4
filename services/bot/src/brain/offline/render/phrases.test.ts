import { expect, test } from "vitest";
import { windowOf } from "../../../testing/results.ts";
import {
  codeBlock,
  codeSpan,
  durationText,
  lengthText,
  numberText,
  table,
  windowText,
} from "./phrases.ts";

test("a window is told in the reader's zone and in UTC", () => {
  const window = windowOf({ timeZone: "Asia/Shanghai" });
  expect(windowText(window, "zh")).toBe(
    "2026-11-22 17:30:00 – 18:30:00（Asia/Shanghai；UTC 2026-11-22 09:30:00 – 10:30:00）",
  );
  expect(windowText(windowOf({}), "en", "ms")).toBe("2026-11-22 09:30:00.000 – 10:30:00.000 UTC");
});

test("a length is told in the unit that fits", () => {
  const length = (minutes: number) =>
    lengthText(windowOf({ fromMs: windowOf({}).untilMs - minutes * 60_000 }), "en");
  expect([0.5, 5, 60, 90, 2_880, 680.3].map(length)).toEqual([
    "last 30 s",
    "last 5 min",
    "last 1 h",
    "last 90 min",
    "last 2 days",
    "last 11 h 20 min",
  ]);
  expect(lengthText(windowOf({ endsNow: false }), "en")).toBe("1 h");
  expect(lengthText(windowOf({ endsNow: false }), "zh")).toBe("1 小时");
});

test("nothing in a line ends its block", () => {
  expect(codeBlock("log", ["a ``` b"])).toBe("````log\na ``` b\n````");
  expect(codeSpan("a `b`")).toBe("`` a `b` ``");
});

test("nothing in a cell ends its row", () => {
  expect(table(["a"], [["x|y\nz"]])).toBe("| a |\n| --- |\n| x\\|y z |");
});

test("numbers are short", () => {
  expect(numberText(1 / 3)).toBe("0.333");
  expect(numberText(0.00001)).toBe("<0.001");
  expect(durationText(59, "en")).toBe("59 s");
  expect(durationText(3_700, "zh")).toBe("1 小时 1 分");
});
