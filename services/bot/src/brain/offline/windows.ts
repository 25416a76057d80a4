import { endClockIn, takeClock } from "./clocks.ts";
import { takeComparison } from "./comparisons.ts";
import { numberSource, parseNumber } from "./numbers.ts";
import type { Arguments } from "./understanding.ts";
import { Utterance } from "./utterance.ts";
import { namedDayEnd, takeNamedDay } from "./weekdays.ts";

type WindowArguments = Pick<Arguments, "sinceMinutes" | "sinceClock" | "day" | "compareTo">;

const minutesOfUnit: readonly [RegExp, number][] = [
  [/^(?:s|sec|second|秒)/i, 1 / 60],
  [/^(?:mo|个?月)/i, 43_200],
  [/^(?:m|min|minute|分)/i, 1],
  [/^(?:h|hr|hour|小时|钟头)/i, 60],
  [/^(?:d|day|天|日)/i, 1_440],
  [/^(?:w|week|周|星期|礼拜)/i, 10_080],
];

const zhUnit = "秒钟?|分钟|分(?![位布])|小时|钟头|天|日(?!志)|周|星期|礼拜";
const enUnit = "seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?";
const lately = "(?:最近|过去|近|之前|前面|前|上|这|本|刚过去)的?";
const enLately = "(?:last|past|previous|recent|latest|prior)";

/** A length, each with its number of minutes, tried in this order. */
const lengths: readonly [RegExp, (found: RegExpExecArray) => number | undefined][] = [
  // "十来分钟" is about ten.
  [
    new RegExp(`(${numberSource})[来多]\\s*个?(${zhUnit})`),
    ([, n, unit]) => minutes(number(n), unit),
  ],
  [/(一|三)刻钟/, ([, count]) => (count === "三" ? 45 : 15)],
  [
    new RegExp(`(${numberSource})\\s*个?半\\s*(${zhUnit})`),
    ([, n, unit]) => minutes(number(n) + 0.5, unit),
  ],
  [
    new RegExp(`(${numberSource})\\s*个?(${zhUnit})半`),
    ([, n, unit]) => minutes(number(n) + 0.5, unit),
  ],
  [new RegExp(`半\\s*个?\\s*(${zhUnit})`), ([, unit]) => minutes(0.5, unit)],
  [new RegExp(`(${lately})?\\s*(${numberSource})\\s*(?:个\\s*)?(${zhUnit}|月)`), zhLength],
  [
    new RegExp(`${lately}\\s*个?\\s*(小时|钟头|天|周|星期|礼拜|月)`),
    ([, unit]) => minutes(1, unit),
  ],
  [/\b(?:a |an |one )?half[ -](?:an |a )?(hour|day|week)s?\b/i, ([, unit]) => minutes(0.5, unit)],
  [/\b(?:an? |one )?hour and (?:a )?half\b/i, () => 90],
  [/\bthree quarters of an hour\b/i, () => 45],
  [/\b(?:a )?quarter (?:of an |of a )?hour\b/i, () => 15],
  [/\b(?:a )?day and a half\b/i, () => 2_160],
  [/\bfortnight\b/i, () => 20_160],
  [/(?<![\w.:])(\d+)h\s?(\d+)m\b/i, ([, hours, rest]) => 60 * number(hours) + number(rest)],
  [new RegExp(`\\b(?:a )?couple (?:of )?(${enUnit})\\b`, "i"), ([, unit]) => minutes(2, unit)],
  [
    new RegExp(`\\b(${numberSource}) and a half (${enUnit})\\b`, "i"),
    ([, n, unit]) => minutes(number(n) + 0.5, unit),
  ],
  [
    new RegExp(
      `(?<!\\bper )(?<!\\b(?:over|than|took|takes) )\\b(${enLately} )?(${numberSource})[ -]?(${enUnit})\\b`,
      "i",
    ),
    enLength,
  ],
  [
    new RegExp(`\\b(?:${enLately}|this(?= (?:week|month|hour))) (${enUnit})\\b`, "i"),
    ([, unit]) => minutes(1, unit),
  ],
  [
    /(?<![\w.:])(\d+(?:\.\d+)?)\s?(m|min|h|hr|d|w)(?![\w])/i,
    ([, n, unit]) => minutes(number(n), unit),
  ],
];

/** Takes what is said about the time that a question is about. */
export function takeWindow(utterance: Utterance): WindowArguments {
  const comparison = takeComparison(utterance);
  const compareTo = comparison ? ({ compareTo: "previous" } as const) : {};
  utterance.take(timeItIs);
  const named = takeNamedDay(utterance);
  const sinceClock = takeClock(utterance);
  if (named) {
    const clock = sinceClock ?? named.clock;
    return { ...compareTo, day: clock === undefined ? named.day : `${named.day} ${clock}` };
  }
  if (sinceClock !== undefined) {
    takeDay(utterance);
    return { ...compareTo, sinceClock };
  }
  // "Worse than the previous 30 minutes" says the length of both windows.
  const compared = comparison && /\d/.test(comparison.words) ? comparison.words : "";
  const sinceMinutes = takeLength(utterance) ?? takeLength(new Utterance(compared));
  if (sinceMinutes !== undefined) return { ...compareTo, sinceMinutes };
  // "A few minutes" is no length, and "now" no window.
  utterance.take(
    /(?:最近|近|前)?[几]\s*个?(?:分钟|小时|天)|\b(?:a )?few (?:minutes|hours|days)\b/i,
  );
  const day = takeDay(utterance) ?? (comparison?.isYesterday ? "today" : undefined);
  return day === undefined ? compareTo : { ...compareTo, day };
}

// "It's 3am and gateway is down", 都三点了: no time since when, but now.
const timeItIs = new RegExp(
  `\\bit(?:'?s| is) (?:(?:already|only|like|almost|about|nearly|now|past|half past|gone) )*(?:(?:\\d{1,2}|${numberSource})(?::\\d\\d)?\\s?(?:[ap]\\.?m\\b\\.?|o'?clock)|midnight)(?: (?:now|already|in the morning|at night))*(?! (?:error|spike|outage|batch|job|alert|log|crash|restart))|(?:已经|都|现在|(?<=^|[,。 ]))(?:凌晨|早上|上午|中午|下午|傍晚|晚上|夜里|半夜|深夜)?\\s*(?:${numberSource})\\s*点(?:钟|半|多)*[了啦](?!之|以|后|解)`,
  "i",
);

/**
 * Where the window of a day ends, in the words of the tools: "errors of yesterday" is of that day
 * alone, as those of Friday are, "last night" ends in the morning. Undefined for one that goes on,
 * as "since yesterday".
 */
export function dayEndIn(text: string, day: string): string | undefined {
  if (goesOnFromDay.test(text) || isStillSo.test(text)) return undefined;
  if (day !== "yesterday" && day !== "today") return namedEndIn(text, day);
  return dayEnds.find(([of, said]) => of === day && said.test(text))?.[2];
}

/** "On Wednesday from 14:00 to 15:00" ends at a time of that day, or of the night after it. */
function namedEndIn(text: string, day: string): string | undefined {
  const end = namedDayEnd(text);
  const clock = endClockIn(text);
  const [, name = "", begin = ""] = /^(.+) (\d\d:\d\d)$/.exec(day) ?? [];
  if (end === undefined || clock === undefined || begin === "") return end;
  return clock > begin ? `${name} ${clock}` : `end of ${name} night`;
}

const dayEnds: readonly (readonly [day: string, said: RegExp, end: string])[] = [
  ["yesterday", /昨[天日儿]?(?:早|上午|清晨)|\byesterday morning\b/i, "yesterday 12:00"],
  ["yesterday", /昨[天日儿]?(?:中午|下午|午后)|\byesterday afternoon\b/i, "yesterday 18:00"],
  ["yesterday", /昨[天日儿]?[晚夜]|\b(?:last|yesterday) night\b|\bovernight\b/i, "today 06:00"],
  ["yesterday", /昨[天日儿]|\byesterday\b/i, "today"],
  ["today", /凌晨/, "today 06:00"],
  ["today", /今[天日儿]?(?:早|上午|清晨|晨)|\bthis morning\b/i, "today 12:00"],
];
const isStillSo = /现在|目前|还(?:在|没)|就开始|\b(?:still|now|right now)\b/i;
const goesOnFromDay =
  /[从自].{0,4}[昨今]|以来|到现在|到目前|至今|到今[天早]|昨[晚夜天日].{0,3}[和跟及、].{0,2}今|[昨今][天日儿]?[晚夜早晨]?[上里间]?(?:开始|起(?!不|来)|之?后|以后)|\bsince\b|\b(?:until|till|to|up to|and) (?:now|today|this)\b|\b(?:yesterday|last night|this morning) (?:on|onwards?)\b/i;

// "昨天重启过，今天还有报错吗", "it was fine yesterday, is it slow today?": asked of today.
const fromThenToNow =
  /(?:昨[天日晚夜]|\b(?:yesterday|last night)\b)[^,，。;；.]*(?:[,，。;；.]|\bbut\b).*(?:今[天日早晚]|\b(?:today|this (?:morning|afternoon|evening))\b)/i;

function takeLength(utterance: Utterance): number | undefined {
  for (const [pattern, read] of lengths) {
    const sinceMinutes = utterance.takeIf(pattern, read);
    if (sinceMinutes !== undefined) return sinceMinutes;
  }
  return undefined;
}

function takeDay(utterance: Utterance): "yesterday" | "today" | undefined {
  const isOfToday = utterance.has(fromThenToNow) && !utterance.has(goesOnFromDay);
  const isYesterday = utterance.take(
    /昨[晚夜天日儿](?:晚上|夜里)?|\blast night\b|\bovernight\b|\byesterday(?: \w+ing| evening)?\b/i,
  );
  const isToday = utterance.take(
    /今[天早晨日晚儿]个?(?:早上|上午|下午|晚上)?|凌晨|\btoday\b|\bthis (?:morning|afternoon|evening)\b|\btonight\b/i,
  );
  if (isYesterday && !isOfToday) return "yesterday";
  return isToday ? "today" : undefined;
}

function zhLength([, prefix, count, unit]: RegExpExecArray): number | undefined {
  // "超过 3 秒" speaks of a request, "3 月" of a month.
  if (/^[秒月]/.test(unit ?? "") && !prefix) return undefined;
  return minutes(number(count), unit);
}

function enLength([, prefix, count, unit]: RegExpExecArray): number | undefined {
  return /^s/i.test(unit ?? "") && !prefix ? undefined : minutes(number(count), unit);
}

function number(text: string | undefined): number {
  return parseNumber(text ?? "") ?? Number.NaN;
}

function minutes(count: number, unit: string | undefined): number | undefined {
  const factor = minutesOfUnit.find(([pattern]) => pattern.test(unit ?? ""))?.[1];
  const total = factor === undefined ? Number.NaN : count * factor;
  return Number.isFinite(total) && total > 0 ? Math.round(total * 1_000) / 1_000 : undefined;
}
