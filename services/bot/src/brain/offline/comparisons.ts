import type { Utterance } from "./utterance.ts";

/** What a window is compared with. */
export type Comparison = {
  /** With the day before: the window is today. */
  readonly isYesterday: boolean;
  /** The words that said so. They may say how long both windows are. */
  readonly words: string;
};

/**
 * Takes what says that a window is compared with the one before. The two languages are mixed:
 * "p95 最近一小时 vs 前一小时", "跟 yesterday 比".
 */
export function takeComparison(utterance: Utterance): Comparison | undefined {
  const speaksOfIt = utterance.has(comparing);
  const found =
    utterance.take(zhComparison) ??
    utterance.take(enComparison) ??
    (speaksOfIt ? (utterance.take(bothDays) ?? utterance.take(behindVerb)) : undefined) ??
    utterance.take(repeating);
  if (!found) return undefined;
  const isYesterday = /昨|yesterday|day before|day (?:over|on) day/i.test(
    found[1] ?? found[2] ?? "",
  );
  return { isYesterday, words: found[0] };
}

const comparing =
  /\bcompar\w*\b|\b(?:vs|versus)\b|\bdifferen(?:t|ce)\b|\bchang(?:e[ds]?|ing)\b|对比|比较|对照|相比|比一比|比|变化|差别|差多少/i;

const zhBefore =
  "上[一个]?个?|前[一面]?个?|之前|以前|昨[天日]|(?:\\d+|[一二两三半])\\s*个?(?:分钟|小时|钟头|天|周|星期)(?:之|以)?前|(?:再|更)?往前|再上一?个?|(?:再|更)(?:之)?前[一面]?个?|(?:它|那|这|其)的?前[一面]?个?|[再更]早";
const enUnits = "(?:minute|min|hour|hr|day|week|month|period|window)s?";
const enBefore = `yesterday(?:'s)?|previous|prior|last|before|one before|day before|hour before|(?:[\\w.]+ ){0,2}${enUnits} (?:before|earlier|prior|ago)|\\d+ ?(?:m|h|d|min)? (?:before|earlier|prior)|what (?:it|we|they) (?:was|were|had|did)|earlier|(?:this|the same) time`;
const zhComparison = new RegExp(
  `(?:和|跟|与|同|比起?|较|对着|对比|对照|相比(?:于)?|\\b(?:vs\\.?|versus|against|(?:compared? )?(?:to|with)|than))\\s*(${zhBefore})[^,。?!比]{0,8}?(?:的?时候)?(?:(?:相比|对比|比较?|比一比)|(?=[,。?!]|$|\\s|看|放|摆|有|变|是|高|低|多|少|涨|降|怎|如|呢|的|吗))`,
  "i",
);
const enComparison = new RegExp(
  `(?:\\b(?:compar(?:e[ds]?|ing|ison) (?:(?:it|that|this|them|those) )?(?:to|with|against)|in comparison (?:to|with)|versus|vs\\.?|against|relative to|next to|beside|alongside|side by side with|(?<=\\b(?:higher|lower|more|less|better|worse|faster|slower|bigger|smaller|busier|fewer) (?:\\w+ ){0,2})than)\\s+|(?:和|跟|与|比起?|对比|相比于?)\\s*)(?:the |that of )*(?:same (?:time|period) )?(${enBefore})[^,.?!]*`,
  "i",
);

const today = "(?:今[天日]|\\btoday(?:'s)?)(?:的)?";
const yesterday = "(?:昨[天日]|\\byesterday(?:'s)?)(?:的)?";
const between =
  "\\s*(?:和|跟|与|同|比|对比|、|/|\\b(?:and|with|to|against|or|vs\\.?|versus)\\b)\\s*";
/** "昨天和今天", "today and yesterday", in any order. */
const bothDays = new RegExp(
  `(${yesterday})${between}${today}|${today}${between}(${yesterday})`,
  "i",
);
/** "Compare today's error rate with yesterday's". */
const behindVerb = new RegExp(
  `\\b(?:with|to|against|and|or)\\s+(?:the |that of )*(?:same (?:time|period) )?(${enBefore})(?: one| ones)?(?=[\\s,.?!]|$)`,
  "i",
);
const repeating = /环比|同比|\b((?:day|week|hour|month) (?:over|on) (?:day|week|hour|month))\b/i;
