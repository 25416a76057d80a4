import type { Arguments } from "./understanding.ts";
import type { Utterance } from "./utterance.ts";

const words: readonly [NonNullable<Arguments["level"]>, RegExp][] = [
  ["debug", /\bdebug(?:ging)?(?: level)?\b|调试/i],
  ["info", /\binfo(?:rmational)?\b(?!rmation)|信息级别?/i],
  ["warn", /\bwarn(?:ing)?s?\b|警告|告警(?:级别?|日志)/i],
  [
    "error",
    /\berr(?:or)?s?\b(?! rate)|\bexceptions?\b|\bfailures?\b|\b(?:did|has|have) (?:any|some)(?:thing|one)?\b.{0,12}\bfail(?:ed)?\b(?! rate)|\bfatal\b|报错|错误(?!率|码)|(?<!正)异常|出错|(?<!重启)失败(?!率)|(?:有没有|有无|有什么|有)错|报了?(?:几次|多少次?|什么|哪些|过)错|报了?些?(?:啥|什么|哪些)(?!告警|消息)/i,
  ],
];

const named = "(debug|info|warn(?:ing)?s?|调试|信息|警告)(?:级别?|[ -]level)?";
const gone =
  "不要|不用|不看|别要|别看|别显示|去掉|去除|过滤掉|滤掉|排除掉?|忽略|屏蔽|跳过|除了|不含|不包含|不带";
/** "Without info", "过滤掉 debug": what is above it is wanted. */
const above = [
  new RegExp(
    `(?:\\b(?:without|excluding|exclude|except|minus|hide|hiding|skip(?:ping)?|drop(?:ping)?|ignor(?:e|ing)|filter(?:ing)? out|leav(?:e|ing) out|(?<=(?:logs?|lines|errors?|[,;]|\\bbut|\\band|\\bonly)[ ,]*)(?:no|not))(?: (?:the|any|all|its))*|${gone})\\s*:?\\s*${named}(?![\\w])`,
    "i",
  ),
  new RegExp(
    `(?<![\\w])${named}\\s*(?:的|那种|这种|行|日志)*\\s*(?:就|都|全部?|先|可以|给我)*(?:${gone})`,
    "i",
  ),
];

/** Takes the lowest severity that is wanted. Of two that are named the lower counts. */
export function takeLevel(utterance: Utterance): Arguments["level"] {
  for (const pattern of above) {
    const unwanted = utterance.take(pattern)?.[1];
    if (unwanted !== undefined) return levelAbove(unwanted);
  }
  let lowest: Arguments["level"];
  for (const [level, pattern] of words) {
    if (utterance.take(pattern) && lowest === undefined) lowest = level;
  }
  return lowest;
}

function levelAbove(unwanted: string): Arguments["level"] {
  if (/^(?:debug|调试)/i.test(unwanted)) return "info";
  return /^(?:info|信息)/i.test(unwanted) ? "warn" : "error";
}
