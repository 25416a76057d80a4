import type { Utterance } from "./utterance.ts";

/** How a text speaks of restarting. */
export type RestartTalk = "request" | "count" | "cause" | "how" | "refusal" | "other" | "none";

const word =
  /重启|重新启动|重起|重新拉起|拉起|\bre-?start(?:s|ed|ing)?\b|\breboot(?:s|ed|ing)?\b|\bbounc(?:e|es|ed|ing)\b|\bcycle\b/i;

/** What is asked about, in the order in which it is tested: a request is what is left. */
const kinds: readonly [RestartTalk, RegExp][] = [
  // What others have said or done, and what stands in quotes or books, orders nothing.
  [
    "other",
    /(?:有人|同事|老板|领导|文档|手册|公告|他们?|她|客服|运维|网上).{0,6}(?:说|写|让|叫|建议|要求|提到).{0,10}重启|我(?:已经|刚刚?|昨天|刚才)?.{0,4}重启(?:过|了)|重启.{0,20}(?:之?前|之?后|以后|期间|的时候|时).{0,12}(?:什么|怎么|哪些|吗|么|注意|准备|会)|(?:如果|假如|要是|万一|假设).{0,16}重启|\b(?:told|said|says?|asked|suggest\w*|recommend\w*|heard|wrote|written|mention\w*|according|docs?|manual|runbook|article|someone|somebody|everyone|they|he|she|who)\b.{0,40}\b(?:re-?start|reboot|bounc)|\b(?:i|we) (?:have |'ve |just |already )*(?:re-?started|rebooted|bounced)\b|\bif (?:i|we|you|someone)\b.{0,20}\b(?:re-?start|reboot|bounc)/i,
  ],
  [
    "how",
    /重启.{0,20}(?:怎么|如何|咋|怎样)(?:操作|做|弄|办|搞|执行)|\b(?:way|steps?|procedure|command|instructions?|process|method) (?:to|of|for) (?:re-?start|reboot|bounc)/i,
  ],
  [
    "refusal",
    /(?:别|(?<!要)不要|不用|不必|勿|先不|千万|禁止|取消).{0,6}(?:重启|重新启动)|\b(?:don'?t|do not|(?:should|must|do|does|did)(?:n'?t| not)|never|no need to|stop|avoid|cancel|without|instead of)\b.{0,20}\b(?:re-?start|reboot|bounc)/i,
  ],
  [
    "cause",
    /为什么|为啥|为何|怎么(?:会|又|老|总|一直|突然)|原因|怎么回事|\bwhy\b|\bwhat (?:caused|made|triggered)\b|\bcause\b|\breason\b/i,
  ],
  [
    "cause",
    /(?:要不要|需不需要|该不该|是否(?:需要|应该|要)|用不用|有必要|需要.{0,8}重启.{0,4}[吗么?])|(?:应该|该).{0,8}重启.{0,3}[吗么?]|\b(?:do|does|would|will|is|are) .{0,20}\b(?:need|have to|required|necessary).{0,20}(?:re-?start|reboot|bounc)|\b(?:should|must) (?:we|i|it|the|\w+) .{0,20}(?:re-?start|reboot|bounc)|\bneeds? (?:a |to be )?(?:re-?start|reboot)|\bworth re/i,
  ],
  [
    "how",
    /(?:怎么|怎样|如何|咋)(?:样?才能|去|来|进行)?.{0,10}(?:重启|重新启动)|重启.{0,20}(?:的)?(?:命令|方法|步骤|流程)|\bhow (?:do|can|to|would|should|does)\b.{0,30}\b(?:re-?start|reboot|bounce)/i,
  ],
  [
    "count",
    /重启.{0,4}(?:几|多少)次?|(?:几|多少)次.{0,4}重启|重启.{0,2}(?:次数|频率|记录|历史|情况|时间)|重启过|重启了(?:没|吗|么|\?)|(?:有没有|是否|有无|是不是|最近|刚刚?).{0,6}(?:被)?重启(?:过|了)?(?:吗|么|\?|$)|(?:频繁|反复|一直在|老是|总是|不停).{0,4}重启|(?:上次|最近一次|什么时候).{0,6}重启/,
  ],
  [
    "count",
    /\bhow (?:many|often)\b|\brestarts\b|\bre-?start (?:count|number|history|rate|total)s?\b|\bnumber of re-?starts?\b|\b(?:has|have|was|were|is|been)\b.{0,30}\b(?:re-?start|reboot|bounc)(?:ed|ing)\b|\bdid\b.{0,30}\b(?:re-?start|reboot|bounc)|\bany (?:recent )?re-?starts?\b|\bkeeps? re-?starting\b|\bwhen (?:did|was)\b|\blast re-?start\b/i,
  ],
  [
    "other",
    /\b(?:will|would|does|could|might) (?:re-?starting|a re-?start|rebooting|a reboot|bouncing)\b|重启.{0,20}(?:会|影响|后果|风险|有什么|怎么样|怎样|安全)|(?:重启)(?:之?[前后]|以后|期间|完|好了|成功)|\b(?:after|before|during|since) (?:the |a |it )?(?:\w+ )?(?:re-?start|reboot)|\bwhat (?:happens|would happen|will happen|if)\b|\b(?:impact|effect|risk|safe|consequence)/i,
  ],
];

const zhRequest =
  /(?:^|[,。!? ]|帮我?|请你?|麻烦你?|把.{0,16}|给我|可以|能不能|能否|可不可以|能|直接|立即|马上|立刻|现在|赶紧|快|那就?|就|再|去|先|执行|我要|我想|需要你|一下|来个|来一?次|做个|做一?次)\s*(?:重启|重新启动|重起|重新拉起|拉起)|重启(?:一?下|吧|掉|了?它)/;
// In English an order begins its clause, behind politeness at most.
const enRequest =
  /(?:^|[.!?;,:]\s*|\b(?:and|then|so|now|ok|okay|yes|hey|hi|bot|ops-bot)\b[, ]*)(?:(?:please|pls|plz|kindly|just|now|then|also|maybe|can|could|would|will|you|we|i|want|need|to|like|i'd|i'll|let'?s|go|ahead|and|ahead,|should|must|mind|quickly|immediately|try|to have|have)[, ]+)*(?:re-?start(?:ing)?|reboot(?:ing)?|bounc(?:e|ing)|cycle)\b|\b(?:do|perform|trigger|kick off|give|start|issue|initiate|schedule|need|want)\b.{0,30}\b(?:a|an|another) (?:\w+ ){0,2}(?:re-?start|reboot|bounce)\b|^(?:the )?[\w-]+(?: service)? (?:re-?start|reboot|bounce)(?:,? (?:please|pls|now))?[.! ]*$/i;
const politeQuestion =
  /能不能|能否|可不可以|可以|能.{0,10}(?:吗|么)|帮|请|麻烦|\b(?:can|could|would|will|please|pls|mind)\b/i;

/** Tells a plain order to restart from everything else that is said with the same word. */
export function restartTalk(utterance: Utterance): RestartTalk {
  if (!utterance.has(word)) return "none";
  const kind = kinds.find(([, pattern]) => utterance.has(pattern))?.[0];
  if (kind) return kind;
  // What is asked is no order, but for a polite question.
  if (utterance.has(/[吗么]\s*[?]?$|[?]\s*$/) && !utterance.has(politeQuestion)) return "other";
  return utterance.has(zhRequest) || utterance.has(enRequest) ? "request" : "other";
}
