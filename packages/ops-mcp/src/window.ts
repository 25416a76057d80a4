import { z } from "zod";
import { ToolError } from "./tool.ts";
import { formatLocal, instantOf, localDate } from "./zone.ts";

/** A half-open stretch of time, in UTC and as clocks in the zone show it. */
export type Window = {
  readonly fromMs: number;
  /** Excluded. */
  readonly untilMs: number;
  readonly from: string;
  readonly until: string;
  readonly fromLocal: string;
  readonly untilLocal: string;
  readonly timeZone: string;
  /** Nobody named it: an answer has to say what was assumed. */
  readonly isDefault: boolean;
  /** Whether it goes up to when it was asked. */
  readonly endsNow: boolean;
};

/** The inputs of every tool that looks at a window. */
export const windowInput = {
  since: z
    .string()
    .max(40)
    .optional()
    .describe(
      "start: 30m, 2h, 1d, 14:00, today, yesterday 18:00, thursday, friday 18:00 or RFC 3339; default 1h",
    ),
  until: z
    .string()
    .max(40)
    .optional()
    .describe("end, in the same forms, or end of friday; default now"),
};

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const defaultMs = 3_600_000;
const dayMs = 86_400_000;
const longestMs = 366 * dayMs;

/** @throws ToolError `bad_input` for a form that is not known, or a window that is empty. */
export function resolveWindow(
  input: { since?: string | undefined; until?: string | undefined },
  nowMs: number,
  timeZone: string,
): Window {
  const endMs = input.until === undefined ? nowMs : parseInstant(input.until, nowMs, timeZone);
  const fromMs =
    input.since === undefined ? endMs - defaultMs : parseInstant(input.since, nowMs, timeZone);
  // From 9:00 to 11:00, asked at 10:00: the last 11:00 was yesterday, and the next is to come.
  const untilMs = endMs <= fromMs && isOfToday.test(input.until?.trim() ?? "") ? nowMs : endMs;
  if (fromMs >= untilMs)
    throw new ToolError("bad_input", "the window's start is not before its end");
  if (untilMs - fromMs > longestMs) throw new ToolError("bad_input", "the window is over a year");
  const isDefault = input.since === undefined;
  return { ...windowBetween(fromMs, untilMs, timeZone), isDefault, endsNow: untilMs === nowMs };
}

/**
 * The window of the same length to compare with: it ends where this one begins, but that of
 * "today" is yesterday up to the same time of day.
 */
export function windowBefore(window: Window, since: string | undefined): Window {
  const lengthMs = window.untilMs - window.fromMs;
  const stepMs = since === "today" ? Math.max(lengthMs, dayMs) : lengthMs;
  return windowBetween(window.fromMs - stepMs, window.untilMs - stepMs, window.timeZone);
}

/** A window that was resolved before: nobody has to be told of it as assumed. */
export function windowBetween(fromMs: number, untilMs: number, timeZone: string): Window {
  if (fromMs >= untilMs)
    throw new ToolError("bad_input", "the window's start is not before its end");
  return {
    fromMs,
    untilMs,
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    fromLocal: formatLocal(fromMs, timeZone),
    untilLocal: formatLocal(untilMs, timeZone),
    timeZone,
    isDefault: false,
    endsNow: false,
  };
}

function parseInstant(text: string, nowMs: number, timeZone: string): number {
  const value = text.trim().toLowerCase();
  const relative = /^(\d{1,6}(?:\.\d{1,3})?)\s?(s|m|h|d|w)[a-z]{0,6}$/.exec(value);
  if (relative?.[1] && relative[2]) return nowMs - Number(relative[1]) * (unitMs[relative[2]] ?? 0);
  if (value === "now") return nowMs;
  if (value === "today") return instantOf(localDate(nowMs, timeZone), "00:00:00", timeZone);
  if (value === "yesterday") return instantOf(localDate(nowMs, timeZone, -1), "00:00:00", timeZone);
  const [, near, time] = nearDay.exec(value) ?? [];
  if (near && time) {
    const date = localDate(nowMs, timeZone, near === "today" ? 0 : -1);
    // What is still to come goes up to now.
    return Math.min(nowMs, instantOf(date, `${time}:00`, timeZone));
  }
  const day = namedDay.exec(value);
  if (day) return latestDay(day, nowMs, timeZone);
  const [, ending = "", night] = dayEnd.exec(value) ?? [];
  const ended = namedDay.exec(ending);
  if (ended) return endOfDay(ended, night === undefined ? "00:00" : "06:00", nowMs, timeZone);
  if (clock.test(value)) return latestClock(value.padStart(5, "0"), nowMs, timeZone);
  const local = /^(\d{4}-\d\d-\d\d)(?:[t ](\d\d:\d\d(?::\d\d)?))?$/.exec(value);
  const ms = local?.[1]
    ? instantOf(local[1], (local[2] ?? "00:00").padEnd(8, ":00"), timeZone)
    : Date.parse(text);
  if (/^\d{4}-/.test(value) && Number.isFinite(ms)) return ms;
  throw new ToolError("bad_input", `not a time: ${text}; use 30m, 2h, 14:00, today or RFC 3339`);
}

const nearDay = /^(today|yesterday) ((?:[01]\d|2[0-3]):[0-5]\d)$/;
const isOfToday = /^(?:this [a-z]{3,9} )?(?:[01]?\d|2[0-3]):[0-5]\d$/i;
const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/;

const namedDay =
  /^(?:since )?(?:(day before yesterday)|(?:(this|last week|last) )?(sun|mon|tue|wed|thu|fri|sat)[a-z]{0,6})(?: ((?:[01]\d|2[0-3]):[0-5]\d))?$/;
const dayEnd = /^end of ([a-z ]{3,24}?)( night)?$/;
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/**
 * When such a day began, or its time of day was, in the zone. A weekday is the last before today;
 * with "this" it may be today, with "last week" it is of the week before, which begins on Monday.
 */
function latestDay(found: RegExpExecArray, nowMs: number, timeZone: string): number {
  const [, before, which, weekday, clock = "00:00"] = found;
  const at = (back: number) =>
    instantOf(localDate(nowMs, timeZone, -back), `${clock}:00`, timeZone);
  if (before) return at(2);
  const today = new Date(`${localDate(nowMs, timeZone)}T00:00:00Z`).getUTCDay();
  const wanted = weekdays.indexOf(weekday ?? "");
  if (which === "last week") return at(7 + ((today + 6) % 7) - ((wanted + 6) % 7));
  const back = (today - wanted + 7) % 7;
  return back === 0 && (which !== "this" || at(0) >= nowMs) ? at(7) : at(back);
}

/** The time of day on the morning after such a day, or now where that is still to come. */
function endOfDay(found: RegExpExecArray, clock: string, nowMs: number, timeZone: string): number {
  const begunMs = latestDay(found, nowMs, timeZone);
  return Math.min(nowMs, instantOf(localDate(begunMs, timeZone, 1), `${clock}:00`, timeZone));
}

function latestClock(clock: string, nowMs: number, timeZone: string): number {
  const today = instantOf(localDate(nowMs, timeZone), `${clock}:00`, timeZone);
  return today < nowMs ? today : instantOf(localDate(nowMs, timeZone, -1), `${clock}:00`, timeZone);
}
