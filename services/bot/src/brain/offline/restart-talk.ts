import { speaksOfRestart } from "./restart-word.ts";

/** What a text that orders no restart says of one: what is asked instead, or that it is refused. */
export type RestartTalk = "count" | "cause" | "how" | "refusal" | "consequence" | "other" | "none";

const verb = "(?:re-?start|reboot|bounc)";

const doubted = [
  "重启.{0,8}(?:是真的|真的假的|真的吗|属实|有这(?:回)?事|确有其事|对吗|是吗)|(?:是真的|真的|确认).{0,8}重启[过了]",
  `\\b(?:is it (?:true|right|correct)|is that true|can you (?:confirm|verify)|did it really|rumou?rs?)\\b.{0,40}\\b${verb}|\\b${verb}(?:ed|s)\\b.{0,24}\\b(?:is (?:that|it|this) (?:true|right|so)|true\\?|really\\?|can you confirm)`,
].join("|");

/** In the order in which it is tested. None of this decides whether something is restarted. */
const kinds: readonly [RestartTalk, RegExp][] = [
  // Whether it is needed: "need to restart logic or not", 用不用重启.
  [
    "cause",
    any(
      `\\b(?:need|have|ought|should|must|got|supposed)\\b.{0,30}\\b${verb}\\w*\\b.{0,40}\\bor (?:not|can)\\b`,
      `\\b(?:is|are|was)\\b.{0,12}\\b${verb}\\w*\\b.{0,24}\\b(?:necessary|needed|required|advisable)\\b`,
      "(?:用不用|得不得).{0,8}重启",
    ),
  ],
  // How it is done, also with a condition: 「想重启 task 的话，步骤是什么」.
  [
    "how",
    any(
      "^(?!.*(?:起不来|失败|没用|影响|后果|风险|会[怎咋如])).*(?:要|想|需要|打算|准备).{0,3}重启.{0,24}(?:怎么|如何|咋|怎样|什么)(?:的|样)?(?:做|弄|操作|办|搞|写|说|发|流程|命令|指令|步骤|$|[?。])",
      "重启.{0,24}(?:步骤|流程|命令|指令|手续)(?:是|有哪些|怎|如何|$)|重启.{0,20}(?:怎么|如何|咋|怎样)(?:操作|做|弄|搞|执行)",
      `\\bif (?:i|we) (?:want|need|have|had|wanted|needed) to ${verb}.{0,30}\\b(?:what|how|which) (?:do|should|must|can|would|command|steps?|is the)\\b`,
      `\\bwhat (?:do|should|must|would) (?:i|we) (?:have to |need to )?(?:do|type|say|send|write|run|enter)\\b(?!.*\\b(?:if|when|fail\\w*)\\b).{0,24}\\b${verb}`,
    ),
  ],
  [
    "consequence",
    any(
      // "When did it restart" asks after one that was.
      `\\b(?:if|when(?! (?:did|was|were|has|have|had)\\b)|in case|suppose|assuming) (?:\\w+)\\b.{0,20}\\b${verb}`,
      "重启.{0,14}失败",
    ),
  ],
  [
    "how",
    any(
      `\\b(?:what|which|whose) (?:\\w+ )?(?:command|procedure|step|button|script|call|key)s?\\b.{0,24}\\b${verb}`,
      `\\b(?:way|steps?|procedure|command|instructions?|process|method) (?:to|of|for) ${verb}`,
    ),
  ],
  [
    "refusal",
    any(
      // Put off: what is asked for first is something else.
      "(?:再|然后|之后)[^,，。]{0,3}(?:决定|考虑|判断|评估|看|说|定|商量|讨论).{0,6}(?:要不要|是否|是不是|需不需要|该不该|用不用|重启)",
      `\\b(?:before|then|until) (?:i|we) (?:decide|think about|consider|talk about|discuss)\\b.{0,24}\\b${verb}`,
      "(?:别|(?<!要)不要|不用|不必|勿|先不|千万|禁止|取消).{0,6}重启",
      `\\b(?:don'?t|do not|(?:should|must|do|does|did)(?:n'?t| not)|never|not asking|no need (?:to|for)|stop|avoid|cancel|without|instead of|rather than|short of)\\b.{0,20}\\b${verb}`,
      `\\bno (?:more |further )?${verb}`,
    ),
  ],
  // Who it was is in the record of proposals.
  ["other", any("谁.{0,6}(?:重启|批准)|重启.{0,6}谁", `\\bwho\\b.{0,24}\\b${verb}`)],
  [
    "cause",
    any(
      `\\b(?:any|which|what)\\b.{0,24}\\bneeds? (?:a |to be |an? \\w+ )?${verb}`,
      "重启.{0,8}(?:导致|引起|造成)|为什么|为啥|为何|怎么(?:会|又|老|总|一直|突然)|原因|怎么回事",
      "\\bwhy\\b|\\bwhat (?:caused|made|triggered)\\b|\\b(?:cause|reason)\\b",
      "要不要|需不需要|该不该|是否(?:需要|应该|要)|有必要|用得着|需要.{0,8}重启.{0,14}[吗么?]|(?:是|是不是|是否)(?:得|该|应该|需要|要).{0,6}重启",
      `\\b(?:do|does|would|will|is|are) .{0,20}\\b(?:need|have to|required|necessary).{0,20}${verb}`,
      `\\b(?:should|must) (?:\\w+) .{0,20}${verb}`,
      `\\b(?:wise|sensible|advisable|reasonable|good idea|worth(?:while)?|recommend\\w*|advise|makes? sense|any point|time to)\\b.{0,24}\\b${verb}`,
      "(?:值得|明智|合适|建议|划算|靠谱).{0,14}重启.{0,12}[吗么?]|重启.{0,14}(?:值得|明智|合适|划算|靠谱|是个好主意).{0,4}[吗么?]",
    ),
  ],
  [
    "how",
    any(
      "(?:怎么|怎样|如何|咋)(?:样?才能|去|来|进行)?.{0,10}重启",
      `\\bhow (?:do|can|to|would|should|does)\\b.{0,30}\\b${verb}`,
    ),
  ],
  [
    "count",
    any(
      "重启.{0,4}(?:几|多少)次?|(?:几|多少)次.{0,4}重启|重启(?:得|的)?(?:最|很|太|挺|好|这么|那么)?(?:多|频繁|勤|少)",
      "重启.{0,2}(?:次数|频率|记录|历史|情况|时间)|(?:上次|最近一次|什么时候).{0,6}重启",
      "(?:几点|何时|啥时候|几时|哪天|多久前|哪一?刻)[^,，。]{0,12}重启(?:的|过|了)|重启(?:的|是|时刻|发生)?.{0,3}(?:什么时候|几点|何时|啥时候|多久前|多久之前|几时)",
      "(?<!没)有(?:什么|啥|东西|服务|进程|组件|哪个|哪些)(?:自己|被|自动|偷偷)*重启(?:过|了)?[吗么没?]",
      "重启过|重启了(?:没|吗|么|\\?|不|几|多少|好|很|无数|\\d)|(?:有没有|是否|有无|是不是|最近|刚刚?).{0,6}被?重启[过了]?(?:吗|么|\\?|$)",
      `\\bhow (?:many|often)\\b|\\brestarts\\b|\\bre-?start (?:count|number|history|rate|total)s?\\b|\\b(?:last|recent) ${verb}`,
      // What somebody says that happened, and whether it did.
      doubted,
      `\\b(?:has|have|was|were|is|been)\\b.{0,30}\\b${verb}(?:ed|ing)\\b|\\bdid\\b.{0,30}\\b${verb}`,
      `\\b(?:last|latest|most recent) (?:time|one)\\b.{0,30}\\b${verb}|\\bwhen(?:'s| is| was) (?:the |its )?(?:last |latest |most recent |previous )?${verb}\\b|\\b${verb}ed\\b.{0,16}\\b(?:what time|when|how long ago)\\W*$`,
      `\\b(?:what|which|any) ?(?:of (?:our|the) )?(?:(?:service|process|pod|component|container|one|thing|part|else)(?:e?s)? ?)*(?:(?:has|have|had|just|recently|itself|themselves) )*${verb}ed\\b`,
      `\\bthere (?:(?:was|were|is|are|been|a|an|any|some) )*(?:(?!need|reason|way|risk|point)\\w+ )?${verb}\\b`,
    ),
  ],
  [
    "consequence",
    any(
      "重启.{0,20}(?:会|影响|后果|风险|代价|有什么|怎么样|怎样|如何|安全|多久|多长时间|要紧|有用|管用|能(?:解决|好|行|修|恢复|不能))",
      `\\b(?:will|would|does|could|might|can) (?:\\w+ )?(?:a )?${verb}(?:ing|e|s)?\\b`,
      "\\bwithout (?:los\\w+|drop\\w+|break\\w+|affect\\w+|downtime|impact\\w*|kick\\w+|disconnect\\w+|interrupt\\w+|any|users?|people|anyone)\\b",
      "\\b(?:impact|effects?|risks?|risky|safe|safely|consequences?|downtime|dangerous|how long)\\b|\\bwhat (?:happens|would|will|breaks)\\b",
    ),
  ],
];

function any(...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join("|"), "i");
}

/** What a text that orders no restart says of one. */
export function restartTalk(text: string, whole: string): RestartTalk {
  if (!speaksOfRestart(text)) return "none";
  // What it is asked about may have been taken for something else: "without losing data".
  const wordings = [text, whole].flatMap(inBothLanguages);
  const isDoubted = wordings.some((one) => any(doubted).test(one));
  if (!isDoubted && wordings.some(tellsOfOne)) return "other";
  if (wordings.some(keepsHappening)) return "cause";
  return kinds.find(([, pattern]) => wordings.some((one) => pattern.test(one)))?.[0] ?? "other";
}

/**
 * "我已经把 task 重启过了，再看下…", "task was restarted by bob, any errors since": told as done, so
 * that something else is asked or nothing. Where another clause speaks of it, that one counts.
 */
function tellsOfOne(text: string): boolean {
  const spoken = clausesOf(text).filter((clause) => speaksOfRestart(clause));
  const [told] = spoken;
  if (told === undefined || spoken.length > 1) return false;
  return (zhTold.test(told) && !zhAsks.test(told)) || (enTold.test(told) && !enAsks.test(told));
}

/** "Logic keeps restarting": something is wrong. With another clause of a restart that one counts. */
function keepsHappening(text: string): boolean {
  const spoken = clausesOf(text).filter((clause) => speaksOfRestart(clause));
  return spoken.length === 1 && again.test(spoken[0] ?? "") && !asksCount.test(text);
}

function clausesOf(text: string): string[] {
  return text.split(/[,，.。;；!！]|(?<=[?？])|\b(?:and|but|so)\b/i);
}

const asksCount = /\bhow (?:many|often)\b|(?:几|多少)次|次数|频率/i;
const again = any(
  `\\b(?:keep|kept)s? (?:on )?${verb}|\\b${verb}(?:s|ing)?\\b.{0,16}\\b(?:loop|constantly|all the time|again and again|over and over|every (?:few )?(?:minutes?|hours?))\\b`,
  "(?:一直|反复|不断|不停|老是?|总是?|频繁|无限)(?:地|的|在|自己|被)*重启(?!过?[几多次])",
);

const zhTold = /(?:我|咱|他|她|同事|人|已经|把).*重启(?:过|了|完|好)/;
const zhAsks =
  /[吗么?？没几谁哪怎咋请帮给要想该]|多少|什么|为[何啥]|是不是|是否|次|如果|假如|要是|万一|等|再|别|会|能|自己|吧/;
const enTold =
  /\b(?:i|we|he|she|they|someone|somebody)(?:'ve|'d| have| had| has)? (?:already |just |now |also )*(?:re-?started|rebooted|bounced)\b|\b(?:was|were|got|been) (?:already |just )*(?:re-?started|rebooted|bounced) (?:already )?by\b/i;
const enAsks =
  /^\W*(?:hey |hi )*(?:did|has|have|was|were|is|are|do|does|what|which)\b|\b(?:how|when|why|who|if|once|after|before|until|unless|whether|any(?:one|body|thing)?|times|itself)\b|[?]/i;

/** "Don't 重启 logic", 「不要 restart logic」: what each language says is found in its own words. */
function inBothLanguages(text: string): string[] {
  return /\p{Script=Han}/u.test(text) ? [inChinese(text), inEnglish(text)] : [text];
}

/** "帮忙 restart 下 mysql": in Chinese the word is the same in both languages. */
function inChinese(text: string): string {
  if (!/\p{Script=Han}/u.test(text)) return text;
  return text
    .replace(
      /(?:(?<=\p{Script=Han})\s+)?\b(?:re-?start|reboot|relaunch|bounce|kick(?=\s*(?:一?下|它)))\b(?:\s+(?=\p{Script=Han}))?/giu,
      "重启",
    )
    .replace(/重新启动|重新拉起来?|拉起来?(?!不)|重起/g, "重启");
}

function inEnglish(text: string): string {
  return text.replace(/\s*(?:重启|重新启动|重新拉起来?|重起)\s*/g, " restart ").trim();
}
