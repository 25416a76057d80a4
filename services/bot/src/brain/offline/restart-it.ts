import { complains } from "./health-words.ts";

/**
 * Whether a text that orders a restart says nothing of what is to be restarted but "it", or leaves
 * it out: 「那就重启吧」, "still stuck, then restart it". Every word has to be known: one that is
 * not may be the thing that is meant, a condition, or somebody else's words.
 */
export function ordersRestartOfIt(text: string): boolean {
  const clauses = clausesOf(text);
  if (clauses.some((clause) => clause.length > longestClause(clause))) return false;
  const orders = clauses.filter((clause) => isOrder(clause));
  if (orders.length !== 1) return false;
  return clauses.every((clause, index) => {
    if (isOrder(clause) || zhAside.test(clause) || enAside.test(clause)) return true;
    // 「还是不行，就重启」 may say under which condition.
    const following = clauses[index + 1] ?? "";
    return isComplaint(clause) && !/^就/.test(following);
  });
}

function clausesOf(text: string): string[] {
  return text
    .replaceAll(/\b(go ahead|go) and (?=\w)/gi, "$1 ")
    .replaceAll(zhJoined, "$1，$2")
    .split(/[,，.。;；!！~…\n]+|(?<=\w) +(?:so|and)(?= )|\s(?=(?:then|please) )/i)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
}

// Nobody orders at greater length, and the rules below try all ways to read a clause.
function longestClause(clause: string): number {
  return /\p{Script=Han}/u.test(clause) ? 24 : 60;
}

function isOrder(clause: string): boolean {
  if (zhThreat.test(clause)) return false;
  if (zhOrder.test(clause)) return !zhAsksWhether.test(clause) || zhPolite.test(clause);
  return zhOrderOfIt.test(clause) || enOrder.test(clause);
}

/** Of what was spoken of, for it names nothing else. */
function isComplaint(clause: string): boolean {
  if (zhComplaint.test(clause)) return true;
  const isPlain = enComplaint.test(clause) && !enOther.test(clause);
  return isPlain && (complains(clause) || enSame.test(clause));
}

const zhVerb =
  "(?:重启|重新启动|重起|重新拉起来?|拉起来?|re-?start|reboot|relaunch|bounce(?= *(?:一?下|它|吧)))";
// 「太慢了重启吧」, but not 「不行就重启」.
const zhJoined =
  /^([^,，。就]{1,10}[了啊呀])((?:赶紧|赶快|快点?|马上|直接|那|先|给我|帮我|请|麻烦)*重启.*)$/gm;
const zhAgreed = "好(?:的|吧|啊|了)?|行(?:吧|啊)?|嗯+|没问题|ok|okay";
const zhIt = "它|it\\b|(?:这|那|该|此)个?(?:服务|进程)|(?:这|那)个(?!\\p{Script=Han})";
const zhBefore = `${zhAgreed}|please|can you|could you|yes|yeah|同意|确认|那么?|就|先|再|还是|直接|赶紧|赶快|马上|立刻|立即|现在|快点?|麻烦|劳驾|拜托|辛苦|请|帮忙|帮我们?|给我们?|替我们?|你|您|手动|强制|滚动|可以|能不能|能否|可不可以|能|我要|我想|需要你|希望你?|做个|来个|执行|[把将给替帮](?:${zhIt})`;
const zhAfter = `一?下|一?把|一次|掉|了?(?:${zhIt})|了?[吧呗]|啊|呀|啦|哈|吗|么|试试|看看|再说|谢谢|谢了|please|帮我|先|好吗|好不好|行吗|可以吗|[?]`;
const zhOrder = new RegExp(
  `^(?=.*\\p{Script=Han})(?:(?:${zhBefore})\\s*)*${zhVerb}\\s*(?:(?:${zhAfter})\\s*)*$`,
  "iu",
);
// 「把它重启了」 is an order and 「重启了」 is none; so are 「它重启一下吧」 and 「它重启」.
const zhOrderOfIt = new RegExp(
  `^(?:(?:${zhBefore})\\s*)*(?:[把将给替帮](?:${zhIt})(?:${zhBefore}|都|也|给)*${zhVerb}了?|(?:${zhIt})(?:${zhBefore})*${zhVerb}(?:一?下|吧))(?:${zhAfter})*$`,
  "iu",
);
const zhAside = new RegExp(
  `^(?:(?:${zhAgreed}|对|是的?|同意|确认|收到|明白了?|可以|那|就这样|谢谢|谢了|多谢|辛苦了?|拜托了?|快点?|赶紧|马上|等不了了|别等了|唉|哎|靠|我去|操|妈的|吧|了)\\s*)+$`,
  "i",
);
// 「能重启吗」 asks whether one can.
const zhAsksWhether = /能|可以|可不可以|[吗么?]$/;
const zhPolite = /帮|麻烦|劳驾|拜托|请|给我|替我|下|它|服务/;
// 「你再重启试试」 is a threat.
const zhThreat = /[你您].*试试/;
const zhBad =
  "卡|慢|挂|崩|死|宕|不行|不动|没反应|没响应|不正常|没好|没恢复|没用|起不来|连不上|打不开|不通|有问题|出问题|出错|报错|错误|坏|满|爆|泄漏|积压|太高|太大|太多";
const zhComplaint = new RegExp(
  `^(?=.*(?:${zhBad}))(?:${zhBad}|它|这|那|还是?|又|仍然?|依然|依旧|一直|太|很|好|真|越来越|总是|老是?|都|全|是|已经|彻底|完全|也|内存|cpu|日志里?|延迟|连接数?|队列|现在|今天|的|得|了|啊|呀|啦|吧|着|要|快|多|高|大|涨|住|掉|溃|机|\\s)+$`,
  "i",
);

const enAgreed =
  "(?:ok(?:ay)?|yes|yeah|yep|yup|sure|alright|all right|right|fine|well|good|great|so|then|now|and|hey|hi|bot|do it|go ahead|go|in that case|whatever|agreed|approved|got it|understood)";
const enPolite =
  "(?:please|kindly|just|simply|quickly|immediately|(?:can|could|would|will|can't|couldn't|won't) (?:you|we|someone|somebody|anyone)|is it possible to|let'?s|i(?:'d like| want| need| would like)(?: you)? to|you to|try to|also|somebody|someone)";
const enIt = "(?:it|that|this|(?:that|this) one|(?:the|that|this) service|the thing)";
const enVerb = "(?:re-?start|reboot|bounce|relaunch|cycle)";
const enDo = `(?:do|perform|trigger|give it|give that|give that one|give the service|go for|issue|start)(?: a| the| another)?(?: quick| rolling| clean)? ${enVerb}(?: (?:of|on|for) ${enIt})?|(?:get|have|want|need|i(?:'d like| want| need)) ${enIt} (?:re-?started|rebooted|bounced)|(?:(?:would|do) you )?(?:mind|try) (?:re-?starting|rebooting|bouncing) ${enIt}`;
const enAfter =
  "(?:then|now|please|for (?:me|us)|right (?:now|away)|asap|immediately|quickly|thanks|thank you|mate|ok|okay|anyway|instead|[?])";
const enOrder = new RegExp(
  `^(?:(?:${enAgreed}|${enPolite})[ ,]+)*(?:${enVerb}(?: ${enIt}(?: again| once more)?)?|${enDo})(?:[ ,]*\\b${enAfter}|[ ,]*[?])*$`,
  "i",
);
const enAside = new RegExp(
  `^(?:(?:${enAgreed}|${enPolite}|no|nope|thanks|thank you|ugh|damn|hmm+|oh|god|fuck(?: it)?|screw it|shit|for (?:me|us)|asap|right now)[ ,]*)+$`,
  "i",
);
const enComplaint =
  /^(?:(?:no|nope|ok|well|but|and|ugh|damn|hmm+|oh) +)*(?:it|its|it's|that's|still|too|so|totally|completely|again|no (?:good|luck|change|better)|not (?:working|responding|ok|good|healthy|well)|worse|the same|slow|stuck|down|dead|broken|hanging|hung|frozen|unresponsive|failing|crashing|crashed)(?: [\w']+){0,4}$/i;
const enOther =
  /\b(?:if|unless|when|until|once|would|will|may|might|should|could|says?|said|told|asks?|wants?|my|his|her|their|our|your|think|thought|uses?|because|from|on|in)\b/i;
const enSame =
  /\b(?:leaking|eating|burning|using)\b.*\b(?:memory|cpu|ram)\b|\b(?:no (?:good|luck|change|better)|the same|not (?:\w+ )?\w+)$/i;
