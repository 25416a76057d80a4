import { expect, test } from "vitest";
import { clock, day, isSameDay, shortTime } from "./format-time.ts";
import { en } from "./texts/en.ts";
import { zh } from "./texts/zh.ts";

const at = (text: string) => new Date(text).getTime();
const now = at("2026-03-10T03:00:00");

test("midnight is 00, not 24", () => {
  expect(clock(at("2026-03-10T00:05:00"), en)).toBe("00:05");
  expect(clock(at("2026-03-10T00:05:00"), zh)).toBe("00:05");
});

test("days near today have names", () => {
  expect(day(at("2026-03-10T00:00:00"), now, en)).toBe("Today");
  expect(day(at("2026-03-09T23:59:00"), now, zh)).toBe("昨天");
  expect(day(at("2026-03-01T12:00:00"), now, en)).toContain("Mar 1");
  expect(day(at("2025-03-01T12:00:00"), now, en)).toContain("2025");
});

test("a list shows the time of today and the day of everything else", () => {
  expect(shortTime(at("2026-03-10T02:59:00"), now, en)).toBe("02:59");
  expect(shortTime(at("2026-03-09T02:59:00"), now, en)).toBe("Yesterday");
  expect(shortTime(at("2026-03-01T12:00:00"), now, zh)).toBe("3/1");
});

test("two times belong to one day by the local calendar", () => {
  expect(isSameDay(at("2026-03-10T00:00:00"), at("2026-03-10T23:59:59"))).toBe(true);
  expect(isSameDay(at("2026-03-09T23:59:59"), at("2026-03-10T00:00:00"))).toBe(false);
});
