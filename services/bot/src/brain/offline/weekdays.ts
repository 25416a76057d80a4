import { Utterance } from "./utterance.ts";

/** A day other than today and yesterday, in the words of the tools' `since`: "thursday". */
export type NamedDay = {
  readonly day: string;
  /** When the part of the day that was named with it begins: "friday night" is 18:00. */
  readonly clock?: "12:00" | "18:00";
  /** Where that day, or its part, ends in the words of the tools' `until`; absent for a weekend. */
  readonly end?: string;
};

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const zhDays = "日一二三四五六天";
// Of a clock, it is the clock's: 周日下午三点.
const zhPart =
  "(?:(早上|上午|中午|下午|晚上|夜里|晚)(?!\\s*[\\d零一二两三四五六七八九十]+\\s*[点时:]))?";

// "一周一共" and "周日志" name no day.
const zhWeekday = new RegExp(
  `(上个?|这个?|本|当)?(?<![一二两三四五六七八九十\\d几半])(?:周|星期|礼拜)([一二三四五六日天])(?![共起次个条直般定些]|志)${zhPart}`,
);
const enWeekday =
  /\b(?:(this|last)\s+)?(mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)((?<=mon|fri|sun)day|(?<=tue)sday|(?<=wed)nesday|(?<=thu)rsday|(?<=sat)urday)?\b(?:'s)?(?:\s+(morning|noon|afternoon|evening|night))?/i;
const zhBefore = new RegExp(`(?<!大)前[天日]${zhPart}`);
const enBefore =
  /\b(?:the )?day before yesterday(?:'s)?(?: (morning|noon|afternoon|evening|night))?|\b(the )?night before last\b/i;

/** Takes a day of the week, or the day before yesterday. */
export function takeNamedDay(utterance: Utterance): NamedDay | undefined {
  const before = utterance.take(enBefore) ?? utterance.take(zhBefore);
  if (before) {
    const part = /night before last/i.test(before[0]) ? "night" : before[1];
    return named("day before yesterday", part);
  }
  return (
    utterance.takeIf(zhWeekday, readZh) ?? utterance.takeIf(enWeekday, readEn) ?? weekend(utterance)
  );
}

function readZh([, which, day, part]: RegExpExecArray): NamedDay {
  const weekday = weekdays[zhDays.indexOf(day ?? "") % 7] ?? "";
  if (which === undefined) return named(weekday, part);
  // 上周四 is of the week before; "last Thursday" is the latest there was.
  return named(`${which.startsWith("上") ? "last week" : "this"} ${weekday}`, part);
}

function readEn([, which, short = "", end, part]: RegExpExecArray): NamedDay | undefined {
  // The sun, and who sat.
  if (/^s/i.test(short) && end === undefined && which === undefined) return undefined;
  const weekday = weekdays.find((name) => name.startsWith(short.slice(0, 3).toLowerCase())) ?? "";
  return named(which?.toLowerCase() === "this" ? `this ${weekday}` : weekday, part);
}

function weekend(utterance: Utterance): NamedDay | undefined {
  return utterance.take(/上?周末|\b(?:the|last) weekend\b/i) ? { day: "saturday" } : undefined;
}

function named(day: string, part = ""): NamedDay {
  if (/晚|夜|evening|night/i.test(part)) {
    return { day, clock: "18:00", end: `end of ${day} night` };
  }
  if (/中午|下午|noon/i.test(part)) return { day, clock: "12:00", end: `${day} 18:00` };
  return { day, end: /早|上午|morning/i.test(part) ? `${day} 12:00` : `end of ${day}` };
}

/**
 * Where the window ends of a text that is about one such day, as "errors on Friday" is; undefined
 * where it goes on, as "since Friday" does, or names another day, too.
 */
export function namedDayEnd(text: string): string | undefined {
  if (goesOn.test(text)) return undefined;
  const utterance = new Utterance(text);
  const found = takeNamedDay(utterance);
  const isAlone = !utterance.has(otherDay) && takeNamedDay(utterance) === undefined;
  return isAlone ? found?.end : undefined;
}

const otherDay =
  /[昨今明][天日早晚晨夜]|\b(?:yesterday|today|tonight|tomorrow|this (?:morning|afternoon|evening)|last night)\b/i;
const zhAnyDay = "(?:(?:周|星期|礼拜)[一二三四五六日天末]|前[天日])";
const enAnyDay =
  "(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|day before yesterday)";
const goesOn = new RegExp(
  [
    "以来|至今|[到至](?:现在|目前|今)|一直|每个?(?:周|星期|礼拜)",
    `(?:自从?|从|打从?).{0,4}${zhAnyDay}`,
    `${zhAnyDay}[早上中午下晚夜里间]{0,3}(?:开始|起(?!不|来)|[之以]?[前后])`,
    `${zhAnyDay}\\s*[到至~-]`,
    "\\b(?:since|after|before(?! (?:yesterday|last))|onwards?|every|each|always)\\b",
    "\\b(?:until|till|through)\\b(?!\\s*\\d)",
    `\\bfrom (?:\\w+ )?${enAnyDay}(?: \\w+)? on(?=\\s*(?:[,.?!]|$|in\\b|of\\b|for\\b))`,
    `\\b${enAnyDay}(?: \\w+)? to\\b`,
    `\\b(?:starting|beginning|began|started|as of)(?: \\w+){0,2} ${enAnyDay}\\b`,
    "\\b(?:up )?to now\\b",
  ].join("|"),
  "i",
);
