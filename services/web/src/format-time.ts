import type { Texts } from "./texts/texts.ts";

/** The time of day; in lists the day instead, once it is another one. */
export function clock(atMs: number, texts: Texts): string {
  return format(texts.locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, atMs);
}

/** Today, yesterday, or the date. */
export function day(atMs: number, nowMs: number, texts: Texts): string {
  const age = dayNumber(nowMs) - dayNumber(atMs);
  if (age === 0) return texts.messages.today;
  if (age === 1) return texts.messages.yesterday;
  const isThisYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return format(
    texts.locale,
    {
      month: "short",
      day: "numeric",
      weekday: "short",
      ...(isThisYear ? {} : { year: "numeric" }),
    },
    atMs,
  );
}

/** As short as possible: the time of day for today, else the day. */
export function shortTime(atMs: number, nowMs: number, texts: Texts): string {
  const age = dayNumber(nowMs) - dayNumber(atMs);
  if (age === 0) return clock(atMs, texts);
  if (age === 1) return texts.messages.yesterday;
  return format(texts.locale, { month: "numeric", day: "numeric" }, atMs);
}

/** With date, seconds and time zone: what one compares with a log. */
export function fullTime(atMs: number, texts: Texts): string {
  return format(
    texts.locale,
    {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
    },
    atMs,
  );
}

/** Whether two times are on one day here. */
export function isSameDay(oneMs: number, otherMs: number): boolean {
  return dayNumber(oneMs) === dayNumber(otherMs);
}

function dayNumber(atMs: number): number {
  const date = new Date(atMs);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

function format(locale: string, options: Intl.DateTimeFormatOptions, atMs: number): string {
  return new Intl.DateTimeFormat(locale, options).format(atMs);
}
