import type { ServiceName } from "@resonance/ops-mcp";
import { goesOnOnly } from "./follow-up-words.ts";
import { asksWhy } from "./health-words.ts";
import { speaksOfRestart } from "./restart-word.ts";
import type { Reading } from "./understand.ts";
import type { Arguments, Intent, Understanding } from "./understanding.ts";

// Said only by somebody who goes on with what was said before.
const goesOn =
  /^(?:为什么|为啥|原因|怎么回事|why|how come)\s*\??$|^(?:but |and |so |ok )?(?:why|how come|since when)(?! (?:is|are|was|were|do|does|did|can|can't|has|have|won't|would|isn't|aren't|doesn't)\b)|^那?(?:为什么|为啥|咋|怎么)(?!.*(?:系统|消息|登|网页|页面|服务|发|推送)).{0,6}$|(?:^|[,。 ])(?:那|那么|再|还有|然后|接着|换成|改成|同样|一样)|呢\s*[?。!]?\s*$|(?:^|[^其])[它她他](?!们)|(?:这|那)个?(?:服务|里面|时候)|只(?:要|看|显示)|也(?:看|查|给|要)|\b(?:what|how) about\b|^(?:and|also|then|now|only|just|but|same|ok,?)\b|\b(?:it|its|that one|the same|instead|again|too|as well|them|those|(?:cause[sd]?|causing|explains?|behind|about|with) (?:that|this))\b/i;
// "什么原因造成的": asks for a cause, and does not say of what.
const elliptic =
  /^(?!.*(?:系统|消息|登|网页|页面|服务|推送|大家|用户|刚才|刚刚|everything|messages?|users?|page|sending|login|system|happen|going on)).{1,12}$/i;
const everything =
  /所有|全部|每个|各个?|整个|系统|刚刚|刚才|发消息|发送|消息|\bsend(?:s|ing)?\b|\bmessages?\b|\bjust\b|\bwhat (?:has |have |just )*(?:changed|happened)\b|\ball\b|\beverything\b|\bany service\b|\beach\b|\bsystem\b/i;

// "mysql 的也看看", "check task too": the same of something else.
const sameAgain =
  /^(?:那|再|然后|顺便)?[^,，。?]{0,14}(?:的|那边|这边)?(?:也|再|顺便)(?:帮我)?(?:给我)?(?:看|瞧|瞅|查|来)(?:看|瞧|瞅|查|一?下|一?眼|一?个|一?份)*[吧呗 。!]*$|^(?:(?:and|now|also|ok|then|check|do|show|see|look at|same for) ){0,3}(?:the )?[\w-]+(?:'s)?(?: (?:one|service))?,? (?:too|as well|also)[.! ]*$/i;

// 「换 logic 看看」, "now try logic", "next: task": the same of another one.
const another =
  /^(?:那|再|好|然后|接着|帮我|麻烦)*(?:换|换成|换到|换作|改成|改看|改查|轮到|切到|切换到|跳到|转到|下一个(?:是|看|查)?|接下来(?:是|看|查)?|看看?|查查?)\s*(?:一?下)?\s*(?:[\w-]+|\p{Script=Han}{2,6}?)\s*(?:服务|的|那边|这边)*(?:给我|帮我)?(?:[看瞧瞅查试][看瞧瞅查试]?|一下|一眼|吧|呗|了|啊| )*[。.!]*$|^(?:(?:and|ok|okay|now|then|please|next|let's) )*(?:swap in|switch to|try|do|repeat (?:it |that |this )?(?:for|with|on)|(?:the )?same (?:for|with|on|of)|move on to|on to|over to|go to|see|have|next(?: up| is)?:?) (?:the )?[\w-]+(?:'s)?(?: (?:service|one))?,?(?: (?:next|now|please|instead|then))*[.! ]*$/iu;

// "What was the cause?", "any idea why?", "who's to blame?": of what was spoken of.
const causeAlone =
  /^(?:(?:so|and|ok|but|please|now|well) )*(?:(?:what|who)(?:'s| is| are| was| were| could be| caused)?|any(?:one know)?|find|find out|tell me|look for|got|give me|do (?:you|we) know)? ?(?:the |an? |its |that |any )*(?:root |likely |probable |possible |actual )*(?:causes?|reasons?|culprits?|explanations?|(?:ideas?|clues?) why|to blame|happened|went wrong|triggered)(?: (?:then|there|here|it|that|this|those|these|(?:of|for|behind) (?:it|that|this|those|these)))*[?.! ]*$/i;

// "Again", "now?", 刷新一下: the very question before; with "now", as of now.
const again =
  /^(?:那|麻烦|帮我|请|你|快)*(?:再|重新)(?:看|查|试|来|问|跑|诊断|检查|确认)(?:看|查|一?下|一?次|一?遍|一?眼|一?轮|我)*[吧呗啊呀 。!]*$|^(?:再|重新)?刷新一?下?[吧 。!]*$|^(?:ok |and |so |please |try |check |look |run |do |ask |refresh |once |(?:it|that) ?)*(?:again|re-?check|refresh|retry|once more|one more time)(?: please| now)?[?.! ]*$/i;
const asOfNow =
  /^(?:那么?|这会儿?|而)?(?:现在|目前|眼下|这会儿?)(?:呢|还这样吗|还是这样吗|怎么样了?|如何了?)*[?。! ]*$|^(?:and |ok |so |what about |how about |how is it |hows it )?(?:right )?now[?.! ]*$|^(?:is it )?still(?: (?:the same|so|like that|happening|going on))?[?]*$|^(?:did (?:it|that) (?:work|help)|any (?:better|change|improvement)|better)(?: now)?[?.! ]*$|^(?:有用|管用|好点|起作用)了?(?:吗|没有?|么)[?。! ]*$/i;

// "Any errors anywhere", "logs of everything": of no service that was spoken of.
const ofAll =
  /(?:所有|全部|每个|各个?|任何)(?:的)?(?:服务|组件|进程|日志)|哪个服务|\b(?:any|every)where\b|\b(?:of|in|from|for|across) (?:everything|all (?:the |of the |our )?services|every service|any service)\b|\b(?:did|has|have|is|was|are|were) any(?:thing|one of them)\b/i;

// "How about the hour before", "and before that?", "is that normal?": beside the time before.
const timeBefore =
  /^(?:(?:and|so|ok|but|then|what about|how about|what was it|how was it|show me) )*(?:in )?(?:the )?(?:(?:[\w.]+ )?(?:minute|min|hour|hr|day|week|period|window|time)s? )?(?:before|earlier|prior)(?: that| this| it)?[?.! ]*$|^(?:and |what about |how about )*the previous (?:one|hour|day|week|period|window|(?:[\w.]+ )?minutes)[?.! ]*$|^(?:那|那么)?(?:前|上)一?个?(?:小时|钟头|时段|天|周)(?:的)?(?:呢|怎么样|如何)[?。! ]*$|^(?:那|那么)?(?:再)?(?:之前|以前|更早)(?:的)?(?:呢|怎么样|如何)[?。! ]*$/i;
const isUsual =
  /^(?:and |so |but |ok )*(?:is|was) (?:that|this|it) (?:normal|usual|expected|typical|high|low|a lot|much|slow|too (?:high|much|slow|low))(?: for (?:us|it|this time))?[?.! ]*$|^(?:那|但)?(?:这|这个|这样|那)(?:数字?|值|算)?(?:是|算|还)?(?:正常|高|低|多|偏高|偏低|慢)(?:吗|么|嘛|不|不正常)[?。! ]*$/i;

/** The same question beside the time before: how it was then, and whether it is as ever. */
function comparedWithBefore(
  text: string,
  { sinceMinutes }: Arguments,
  { intent, args }: Pick<Understanding, "intent" | "args">,
): Pick<Reading, "intent" | "args"> | undefined {
  const isNumber = intent === "get_metrics";
  if (
    !(isNumber && isUsual.test(text)) &&
    !((isNumber || intent === "get_logs") && timeBefore.test(text))
  )
    return undefined;
  const saysWindow = [args.sinceMinutes, args.sinceClock, args.day].some(
    (value) => value !== undefined,
  );
  const window = saysWindow || sinceMinutes === undefined ? {} : { sinceMinutes };
  return { intent, args: { ...args, ...window, compareTo: "previous" } };
}

function ofNone({ service: _, ...rest }: Arguments): Arguments {
  return rest;
}

const ownPronoun = /\bits?\b|[它其]的?/gi;

const longestFollowUp = 24;

/** Resolves a text against what the same person asked before. */
export function followUp(
  reading: Reading,
  before: Understanding,
): Pick<Reading, "intent" | "args"> {
  const { intent, args } = reading;
  if (reading.ordersIt) {
    const service = onlyService(before);
    if (service !== undefined) return { intent: "restart_service", args: { service } };
  }
  const text = besideRestart(reading.text);
  // Nobody orders another restart by "and logic?"; after one it is asked how things are.
  const previous: Pick<Understanding, "intent" | "args"> = {
    intent: before.intent === "restart_service" ? "diagnose" : before.intent,
    args: args.service === undefined && ofAll.test(text) ? ofNone(before.args) : before.args,
  };
  if (previous.intent === "unknown" || previous.intent === "help") return reading;
  const compared = comparedWithBefore(text, args, previous);
  if (compared) return compared;
  if (intent === "unknown" && again.test(text)) return previous;
  if ((intent === "unknown" || reading.isWeak) && asOfNow.test(text)) {
    const { sinceMinutes, sinceClock, day, compareTo, ...args } = previous.args;
    return { intent: previous.intent, args };
  }
  if (reading.isWeak) {
    // Nothing but a service, a window, a word: the question is the one before.
    if (Object.keys(args).length === 0 || !goesOnOnly(reading.rest)) return reading;
    return { intent: previous.intent, args: merge(previous.args, args) };
  }
  const isSame = sameAgain.test(text) || another.test(text);
  // "Move on to logic" moves nothing.
  const isUnsaid = intent === "diagnose" || intent === "unknown";
  if (isUnsaid && args.service !== undefined && isSame) {
    return { intent: previous.intent, args: merge(previous.args, args) };
  }
  if (intent === "unknown" || intent === "help" || intent === "restart_service") return reading;
  const isElliptic =
    intent === "diagnose" &&
    args.service === undefined &&
    ((elliptic.test(text) && asksWhy(text)) || causeAlone.test(text));
  // Where a service is named, "its" is that one's.
  const aboutBefore = args.service === undefined ? text : text.replace(ownPronoun, "");
  const isMarked = goesOn.test(aboutBefore) || isElliptic;
  if (intent === previous.intent) {
    const isShort =
      [...text].length <= (/\p{Script=Han}/u.test(text) ? longestFollowUp : 2 * longestFollowUp);
    const lacksService = args.service === undefined && !everything.test(text);
    return isMarked || (lacksService && isShort)
      ? { intent, args: merge(isMarked ? previous.args : uncompared(previous.args), args) }
      : reading;
  }
  if (!isMarked && !(args.service === undefined && isBare(intent, args, text))) return reading;
  const { service, sinceMinutes, sinceClock, day } = previous.args;
  const inherited = Object.fromEntries(
    Object.entries({ service, sinceMinutes, sinceClock, day }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return { intent, args: merge(inherited, args) };
}

/** "Don't restart it, just tell me why sends are slow": what is asked says nothing of "it". */
function besideRestart(text: string): string {
  if (!speaksOfRestart(text)) return text;
  const others = text
    .split(/(?<=[,，.。;；!！?？])/)
    .filter((clause) => !speaksOfRestart(clause))
    .join("")
    .replace(/^ *(?:(?:just|only|first|then|instead) )+/i, "");
  return others.trim() === "" ? text : others.trim();
}

/** "有没有报错", "什么镜像": too short to be about anything but what was spoken of before. */
function isBare(intent: Intent, { metric }: Arguments, text: string): boolean {
  if (!inherits.has(intent) || everything.test(text)) return false;
  // What waits anywhere is no one's.
  if (metric === "queue_lag" || metric === "outbox_backlog") return false;
  return /\p{Script=Han}/u.test(text) ? bareZh.test(text) : bareEn.test(text);
}

const inherits: ReadonlySet<Intent> = new Set([
  "get_logs",
  "list_events",
  "list_pods",
  "describe",
  "get_alerts",
  "get_metrics",
]);
const bareZh = /^.{1,12}$/u;
const bareEn = /^(?:\S+ ?){1,4}$/;

/** The service that was asked about, where no other one was named on the way there. */
function onlyService({ args, named }: Understanding): ServiceName | undefined {
  return named.every((name) => name === args.service) ? args.service : undefined;
}

/** A question that stands for itself is compared with nothing that it does not name. */
function uncompared({ compareTo: _, ...rest }: Arguments): Arguments {
  return rest;
}

function merge(before: Arguments, now: Arguments): Arguments {
  const { sinceMinutes, sinceClock, day, ...kept } = before;
  const window = { sinceMinutes, sinceClock, day };
  const saysWindow = Object.keys(window).some((key) => key in now);
  const saysMeasure = now.metric !== undefined || now.messagesCount !== undefined;
  const { metric, percentile, messagesCount, ...unmeasured } = kept;
  const base = saysMeasure ? unmeasured : { ...unmeasured, metric, percentile, messagesCount };
  const merged = { ...base, ...(saysWindow ? {} : window), ...now };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}
