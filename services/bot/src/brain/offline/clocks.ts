import { numberSource, parseNumber } from "./numbers.ts";
import { Utterance } from "./utterance.ts";

const part =
  "凌晨|早上|早晨|清晨|上午|中午|下午|午后|傍晚|晚上|夜里|半夜|深夜|今早|今晚|昨晚|昨夜|今夜|当晚";
const after = "以后|之后|以来|开始|起|后|到现在|至今";

const colonClock = new RegExp(
  `(${part})?\\s*(?<![\\d:.])([01]?\\d|2[0-3]):([0-5]\\d)(?![\\d:])\\s*([ap]\\.?m\\b\\.?)?`,
  "i",
);
// A bare 一点 means "a little": what makes it a clock has to be said before or after it.
const zhClock = new RegExp(
  `(从|自)?\\s*(${part})?\\s*(${numberSource})\\s*(?:点钟?|时(?!间))(半|一刻|三刻|(?:${numberSource})分?(?!钟))?\\s*(整|钟|${after})?`,
);
const enClock = /\b(\d{1,2})\s*([ap])\.?m\b\.?/i;
const enHour =
  /\b(?:since|after|from)\s+(\d{1,2})(?:\s*o'?clock)?(?=\s*(?:$|[,.?!]|today|until|till|on\b))/i;

const pastHour =
  /\b(half|quarter) past\s+(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b\s*([ap])?\.?m?\b/i;
// English says the part of the day behind the clock, "10:15 last night", or before: "last night at 10".
const enFrom = "(?:since|after|from|at|around|about|past)";
const enPart =
  "(?:(?:in the|this|that|last|yesterday) (?:morning|afternoon|evening|night)|at night|tonight)";
const partBehind = new RegExp(
  `(?:\\b${enFrom}\\s+(\\d{1,2})|(?<![\\d:.])([01]?\\d|2[0-3]):([0-5]\\d))\\s*(?:o'?clock)?\\s*,?\\s*(?:on )?(${enPart})\\b`,
  "i",
);
const partBefore = new RegExp(
  `\\b(${enPart}),?\\s*${enFrom}\\s+(\\d{1,2})(?::([0-5]\\d))?(?![\\d:])(?!\\s*(?:[ap]\\.?m|min|hour|day|line|h\\b))`,
  "i",
);
const frenchHour = /\b(?:since|after|from)\s+(\d{1,2})h(\d\d)?\b/i;

/** Takes a time of day, as 24-hour `HH:MM`. */
export function takeClock(utterance: Utterance): string | undefined {
  return (
    utterance.takeIf(partBehind, ([, bare, hour, minute, dayPart]) =>
      format(Number(bare ?? hour), Number(minute ?? 0), dayPart),
    ) ??
    utterance.takeIf(partBefore, ([, dayPart, hour, minute]) =>
      format(Number(hour), Number(minute ?? 0), dayPart),
    ) ??
    utterance.takeIf(colonClock, ([, dayPart, hour, minute, half]) =>
      format(Number(hour), Number(minute), dayPart ?? half),
    ) ??
    utterance.takeIf(zhClock, readZhClock) ??
    utterance.takeIf(enClock, ([, hour, half]) => format(Number(hour), 0, half)) ??
    utterance.takeIf(pastHour, ([, part, hour, half]) =>
      format(parseNumber(hour ?? "") ?? 99, part === "half" ? 30 : 15, half),
    ) ??
    utterance.takeIf(frenchHour, ([, hour, minute]) =>
      format(Number(hour), Number(minute ?? 0), undefined),
    ) ??
    utterance.takeIf(enHour, ([, hour]) => format(Number(hour), 0, undefined)) ??
    takeNamedHour(utterance)
  );
}

const anyClock = `(?:${part})?\\s*(?:\\d{1,2}:\\d\\d|(?:${numberSource})\\s*点(?:半|一刻|三刻|(?:${numberSource})分?)?|\\d{1,2})\\s*(?:[ap]\\.?m\\b)?`;
const range = new RegExp(
  `(${anyClock})\\s*(?:and|to|until|till|up to|[-–—~～]|到|至)\\s*(${anyClock})`,
  "i",
);
const sayable = /:|点|[ap]\.?m/i;

/** The time of day at which a window ends that has both, as in "between 14:00 and 14:30", 从1点到2点. */
export function endClockIn(text: string): string | undefined {
  const [, begin = "", end = ""] = range.exec(new Utterance(text).rest) ?? [];
  // "Between 2 and 3" may be anything.
  if (!sayable.test(begin) || !sayable.test(end)) return undefined;
  const dayPart = new RegExp(part).exec(begin)?.[0];
  const isPlain = dayPart === undefined || new RegExp(part).test(end);
  return takeClock(new Utterance(isPlain ? `从${end}` : `从${dayPart}${end}`));
}

function readZhClock(found: RegExpExecArray): string | undefined {
  const [, from, dayPart, hour, minute, tail] = found;
  if (!from && !dayPart && !tail && !(minute && /^\d/.test(hour ?? ""))) return undefined;
  return format(parseNumber(hour ?? "") ?? 99, minutesOf(minute), dayPart);
}

function takeNamedHour(utterance: Utterance): string | undefined {
  if (utterance.take(/\bmidnight\b|午夜|零点|半夜(?=以后|之后|以来|开始|起|后|到现在)/i))
    return "00:00";
  if (utterance.take(/\b(?:noon|midday)\b|正午|中午/i)) return "12:00";
  return undefined;
}

function minutesOf(text: string | undefined): number {
  if (!text) return 0;
  if (text === "半") return 30;
  if (text === "一刻") return 15;
  if (text === "三刻") return 45;
  return parseNumber(text.replace("分", "")) ?? 99;
}

function format(hour: number, minute: number, half: string | undefined): string | undefined {
  const isAfternoon = /^p|下午|午后|傍晚|afternoon|evening/i.test(half ?? "");
  const isMorning = /^a(?:$|\.|m)|凌晨/i.test(half ?? "");
  const isNight = /晚|夜|night/i.test(half ?? "");
  let hours = hour;
  // A night goes on behind midnight: 昨晚一点 is 01:00.
  if ((isAfternoon || (isNight && hour > 4)) && hour < 12) hours += 12;
  if (isNight && hour === 12) hours = 0;
  if (half === "中午" && hour < 3) hours += 12;
  if (isMorning && hour === 12) hours = 0;
  if (hours === 24) hours = 0;
  if (hours > 23 || minute > 59) return undefined;
  return `${String(hours).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}
