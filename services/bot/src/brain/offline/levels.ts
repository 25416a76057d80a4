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

/** Takes the lowest severity that is named. Of two the lower counts. */
export function takeLevel(utterance: Utterance): Arguments["level"] {
  let lowest: Arguments["level"];
  for (const [level, pattern] of words) {
    if (utterance.take(pattern) && lowest === undefined) lowest = level;
  }
  return lowest;
}
