import { expect, test } from "vitest";
import { resolveWindow, windowBefore } from "./window.ts";

const now = Date.parse("2026-11-22T10:30:00.000Z");
const shanghai = "Asia/Shanghai";

test("a window that nobody named is the last hour and says so", () => {
  const window = resolveWindow({}, now, "UTC");
  expect(window.from).toBe("2026-11-22T09:30:00.000Z");
  expect(window.until).toBe("2026-11-22T10:30:00.000Z");
  expect(window.isDefault).toBe(true);
});

test.each([
  ["30m", "2026-11-22T10:00:00.000Z"],
  ["90s", "2026-11-22T10:28:30.000Z"],
  ["2h", "2026-11-22T08:30:00.000Z"],
  ["1.5h", "2026-11-22T09:00:00.000Z"],
  ["1d", "2026-11-21T10:30:00.000Z"],
  ["10 minutes", "2026-11-22T10:20:00.000Z"],
  ["2026-11-22T10:00:00+08:00", "2026-11-22T02:00:00.000Z"],
  ["2026-11-22 10:00", "2026-11-22T02:00:00.000Z"],
  ["today", "2026-11-21T16:00:00.000Z"],
  ["yesterday", "2026-11-20T16:00:00.000Z"],
  ["14:00", "2026-11-22T06:00:00.000Z"],
  ["9:05", "2026-11-22T01:05:00.000Z"],
])("since %s begins at %s in Shanghai", (since, from) => {
  expect(resolveWindow({ since }, now, shanghai).from).toBe(from);
});

test("a clock time that is still to come was yesterday's", () => {
  expect(resolveWindow({ since: "23:00" }, now, shanghai).from).toBe("2026-11-21T15:00:00.000Z");
});

test.each([
  [{ since: "9:00" }, true],
  [{ since: "today", until: "today 12:00" }, true],
  [{ since: "9:00", until: "9:30" }, false],
  [{ since: "yesterday", until: "today 06:00" }, false],
])("that %o goes up to now: %s", (input, endsNow) => {
  expect(resolveWindow(input, now, "UTC").endsNow).toBe(endsNow);
});

test("the window is told in UTC and in the zone", () => {
  const window = resolveWindow({ since: "30m" }, now, shanghai);
  expect(window.fromLocal).toBe("2026-11-22 18:00:00");
  expect(window.untilLocal).toBe("2026-11-22 18:30:00");
  expect(window.timeZone).toBe(shanghai);
});

test("midnight is found on the day the clocks change", () => {
  const after = Date.parse("2026-03-29T12:00:00Z");
  const window = resolveWindow({ since: "today" }, after, "Europe/Berlin");
  expect(window.from).toBe("2026-03-28T23:00:00.000Z");
});

test.each(["soon", "25:00", "-5m", "5 parsecs ago", ""])("%s is refused", (since) => {
  expect(() => resolveWindow({ since }, now, "UTC")).toThrow("not a time");
});

test.each([
  // It is 10:30.
  ["yesterday", "today 06:00", "2026-11-21T00:00:00.000Z", "2026-11-22T06:00:00.000Z"],
  ["yesterday", "yesterday 18:00", "2026-11-21T00:00:00.000Z", "2026-11-21T18:00:00.000Z"],
  ["today", "today 12:00", "2026-11-22T00:00:00.000Z", "2026-11-22T10:30:00.000Z"],
  ["9:00", "9:30", "2026-11-22T09:00:00.000Z", "2026-11-22T09:30:00.000Z"],
  ["9:00", "11:00", "2026-11-22T09:00:00.000Z", "2026-11-22T10:30:00.000Z"],
  ["23:00", "1:00", "2026-11-21T23:00:00.000Z", "2026-11-22T01:00:00.000Z"],
])("from %s until %s is from %s until %s", (since, until, from, end) => {
  expect(resolveWindow({ since, until }, now, "UTC")).toMatchObject({ from, until: end });
});

test.each([
  // A Sunday.
  ["friday", "end of friday", "2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"],
  ["friday 12:00", "friday 18:00", "2026-11-20T12:00:00.000Z", "2026-11-20T18:00:00.000Z"],
  [
    "saturday 18:00",
    "end of saturday night",
    "2026-11-21T18:00:00.000Z",
    "2026-11-22T06:00:00.000Z",
  ],
  ["sunday", "end of sunday", "2026-11-15T00:00:00.000Z", "2026-11-16T00:00:00.000Z"],
  ["this sunday", "end of this sunday", "2026-11-22T00:00:00.000Z", "2026-11-22T10:30:00.000Z"],
  ["this sunday", "this sunday 12:00", "2026-11-22T00:00:00.000Z", "2026-11-22T10:30:00.000Z"],
  [
    "last week monday",
    "end of last week monday",
    "2026-11-09T00:00:00.000Z",
    "2026-11-10T00:00:00.000Z",
  ],
  [
    "day before yesterday",
    "end of day before yesterday",
    "2026-11-20T00:00:00.000Z",
    "2026-11-21T00:00:00.000Z",
  ],
])("from %s until %s is that day's alone", (since, until, from, end) => {
  expect(resolveWindow({ since, until }, now, "UTC")).toMatchObject({ from, until: end });
});

test("a day in which the clocks change ends at midnight", () => {
  const nowMs = Date.parse("2026-03-10T16:00:00Z");
  const day = { since: "sunday", until: "end of sunday" };

  expect(resolveWindow(day, nowMs, "America/New_York")).toMatchObject({
    from: "2026-03-08T05:00:00.000Z",
    until: "2026-03-09T04:00:00.000Z",
  });
});

test("an empty window is refused", () => {
  expect(() => resolveWindow({ since: "10m", until: "20m" }, now, "UTC")).toThrow("not before");
});

test("the window before has the same length and ends where this one begins", () => {
  const before = windowBefore(resolveWindow({ since: "10m" }, now, "UTC"), "10m");
  expect(before.from).toBe("2026-11-22T10:10:00.000Z");
  expect(before.until).toBe("2026-11-22T10:20:00.000Z");
});

test("today is compared with yesterday up to the same time", () => {
  const before = windowBefore(resolveWindow({ since: "today" }, now, shanghai), "today");
  expect(before.from).toBe("2026-11-20T16:00:00.000Z");
  expect(before.until).toBe("2026-11-21T10:30:00.000Z");
});

test("since last Thursday begins with that day in the user's zone", () => {
  // A Thursday: the one that is meant is a week ago.
  const nowMs = Date.parse("2026-11-26T20:00:00Z");
  const shanghai = resolveWindow({ since: "last Thursday" }, nowMs, "Asia/Shanghai");
  // There it is Friday already.
  expect(shanghai.from).toBe("2026-11-25T16:00:00.000Z");
  expect(shanghai.fromLocal).toBe("2026-11-26 00:00:00");
  expect(resolveWindow({ since: "thursday" }, nowMs, "UTC").from).toBe("2026-11-19T00:00:00.000Z");
});

test.each([
  ["friday 18:00", "2026-11-20T04:15:00.000Z"],
  ["monday", "2026-11-15T10:15:00.000Z"],
  ["this sunday", "2026-11-21T10:15:00.000Z"],
  ["this sunday 23:00", "2026-11-15T09:15:00.000Z"],
  ["sunday", "2026-11-14T10:15:00.000Z"],
  ["last week monday", "2026-11-08T10:15:00.000Z"],
  ["last week sunday", "2026-11-14T10:15:00.000Z"],
  ["day before yesterday", "2026-11-19T10:15:00.000Z"],
  ["day before yesterday 18:00", "2026-11-20T04:15:00.000Z"],
])("%s is a day in a zone far from UTC", (since, from) => {
  // A Sunday afternoon in the Chatham Islands, 13:45 ahead of UTC.
  const nowMs = Date.parse("2026-11-22T02:00:00Z");

  expect(resolveWindow({ since }, nowMs, "Pacific/Chatham").from).toBe(from);
});

test.each([
  // Clocks went from 2:00 to 3:00 on Sunday the 8th.
  ["since last Saturday", "2026-03-07T05:00:00.000Z"],
  ["this sunday", "2026-03-08T05:00:00.000Z"],
  ["sunday 18:00", "2026-03-08T22:00:00.000Z"],
  ["day before yesterday", "2026-03-08T05:00:00.000Z"],
])("%s is right over a change of clocks", (since, from) => {
  const nowMs = Date.parse("2026-03-10T16:00:00Z");

  expect(resolveWindow({ since }, nowMs, "America/New_York").from).toBe(from);
});
