import {
  asksState,
  asksWhy,
  complains,
  complainsOfFailure,
  isBareState,
  meansEverything,
} from "./health-words.ts";
import { asksForHelp, criesForHelp } from "./help-words.ts";
import { asksNothing, isAboutOthers, isForbidden, isGeneralKnowledge } from "./outside.ts";
import type { RestartTalk } from "./restart-talk.ts";
import { isAboutChatSystem, topicOf } from "./topics.ts";
import type { Arguments, Intent } from "./understanding.ts";

export type Found = {
  /** What no rule has taken out as an argument. */
  readonly rest: string;
  /** All but the texts that are looked for. */
  readonly asked: string;
  /** The whole text, for words that an argument may have swallowed. */
  readonly whole: string;
  readonly args: Arguments;
  readonly restart: RestartTalk;
  /** Whether a line of a log is looked for that stood in the text, and in none of these. */
  readonly isPasted: boolean;
};

/** How sure the words are: `weak` follows only from a service or window that is named. */
export type Decision = { readonly intent: Intent; readonly isWeak: boolean };

/** Decides what is wanted, in the order in which the labels define it. */
export function decideIntent(found: Found): Decision {
  const { rest, asked, whole, args, restart } = found;
  const isSilent = found.isPasted && /^[ ,]*$/.test(rest);
  if (!isSilent && (asksNothing(whole) || isAboutOthers(whole))) return strong("unknown");
  // "Without probes" asks for lines, and not after probes.
  const isFiltered = args.include !== undefined || args.exclude !== undefined;
  const topic = topicOf(besideTold(isFiltered ? asked : whole), args);
  // "The docs say 'restart gateway' fixes it": looked for only where lines are spoken of.
  const isQuoted = restart === "none" && restartWord.test(args.include ?? "");
  if (isQuoted && !found.isPasted && !speaksOfLines.test(rest)) return strong("unknown");
  const ofRestart = restartIntent(found, topic);
  if (ofRestart) return strong(ofRestart);
  const isWhy = asksWhy(rest);
  const isOfService = args.service !== undefined && args.service !== "bot";
  if (!isOfService && !isWhy && asksForHelp(whole)) return strong("help");
  // "What does this mean", of a line that is pasted, asks where and how often it is written.
  const isTheory = isGeneralKnowledge(whole) && !found.isPasted;
  // "改成 p50", "make it the last hour": nothing is changed but the question.
  if (changesQuestion.test(rest) && Object.keys(args).length > 0) {
    return asksSomethingElse(args) && args.metric !== undefined
      ? strong("get_metrics")
      : { intent: "unknown", isWeak: true };
  }
  // "Set today's latency against yesterday's" sets nothing.
  if ((isForbidden(asked) && args.compareTo === undefined) || isTheory) return strong("unknown");
  if (isWhy) return strong("diagnose");
  if (topic) return strong(topic);
  if (args.metric !== undefined || args.messagesCount) return strong("get_metrics");
  if (restart === "count") return strong("get_metrics");
  if (isList(rest) && isBare(args) && !/日志|\blogs?\b/i.test(rest)) return strong("list_services");
  if (complainsOfFailure(whole) && !/日志|记录|\blogs?\b/i.test(whole)) return strong("diagnose");
  if (isAboutLogs(rest, args)) return strong("get_logs");
  if (isList(rest) && args.service === undefined) return strong("list_services");
  if (complains(rest)) return strong("diagnose");
  if (isAboutChatSystem(whole)) return strong("im_status");
  if (asksState(rest) && (args.service !== undefined || meansEverything(rest))) {
    return strong("diagnose");
  }
  // Of services in general, and nothing worse is said of them.
  if (anyServices.test(rest) && isBare(args)) return strong("list_services");
  if (isBareState(rest) || ofIt.test(rest)) return strong("diagnose");
  if (args.service !== undefined && isIt.test(rest)) return strong("diagnose");
  // Nothing but a name: as a follow-up it goes on with what was asked, alone it asks how it is.
  if (args.service !== undefined && /^[ ,?!.。]*$/.test(rest) && isOnly(args)) {
    return { intent: "diagnose", isWeak: true };
  }
  if (criesForHelp(rest)) return strong("help");
  return { intent: "unknown", isWeak: true };
}

/** "刚发布完 logic，看看有没有异常": without what is told as done, where something else is said. */
function besideTold(text: string): string {
  const others = text.replace(told, " ");
  return /[\p{L}\p{N}]/u.test(others) ? others : text;
}

const told =
  /(?<=^|[,，。;；!])(?![^,，。;；!?？]*(?:什么|啥|谁|哪|几|多少|吗|何时))[^,，。;；!?？]{0,40}(?:发布|部署|上线|更新|升级|发版|回滚|扩容|改)(?:完成?|好|过|了)[^,，。;；!?？吗]{0,40}[,，。;；!]|(?<=^|[,.;!] ?)(?:so |ok |hi )?(?:i|we|they|he|she|someone)(?:'ve|'d| have| had| has)? (?:just |already |recently )*(?:deployed|released|rolled out|shipped|redeployed|updated|upgraded|rolled back|changed)\b[^,.;!?]{0,60}(?:[,.;!]| and (?=(?:now|are|is|what|how|why|any|show|check)\b))/giu;

const changesQuestion =
  /^[ ,]*(?:(?:那么?|请|帮我|麻烦|把它|再|都|ok|now|please|can you|could you) ?)*(?:改成|换成|改为|换为|改看|换看|改查|换到|切到|切成|换个|make it|make that|switch (?:it )?to|change (?:it|that) to)(?: ?(?:the|a|for|看|查|一下|只))*[ ,的吧呗呢看。!?]*(?:please|instead)?[ ,.]*$/i;
const logWords =
  /日志|(?<!(?:can'?t|cannot|not|to|unable to|users|people) )\blogs?\b(?![ -](?:back )?(?:in|on|out|into)(?:\b(?! (?:the (?:last|past)|logic|task|gateway|mysql|nats|bot))))|\blogging\b|\blog ?(?:file|line|entries|output)s?\b|\btail\b|\bstack ?traces?\b|\btracebacks?\b|堆栈|打印|(?:输出|打|吐|写|说|报)了?(?:些|点)?(?:什么|啥|哪些)|控制台|标准输出|\bprint(?:s|ed|ing)?\b|\bstd(?:out|err)\b|\bconsole\b|\boutput\b|\blines?\b|\bwhat .{0,16}\blogged\b|\bwhat (?:has|did|does|is|was) .{0,16}\b(?:say|said|saying|write|written|writing|spit\w*|spew\w*|vomit\w*|belch\w*|barf\w*|utter\w*|emit\w*|output\w*|complain\w*|whin\w*)\b|(?:最后|最近|最新).{0,6}[行]/i;

const service = "(?:微?服务(?!器|员|条款|费)|组件|进程|模块)";
const listing =
  "哪些|哪几|几个|多少个?|所有|全部|各个?|每个|列出?|列一?下|列表|清单|一览|有什么|有啥|都有|当前|哪个|有没有|名单|名字|名称|盘点|统计|数一?[下数]|数数|点一?[下点]|分别|罗列|枚举|显示|展示|概览|总览|总共|一共|汇总|表格?|状态|状况|数量|个数|概况|情况|组成|包含|包括";
const zhList = new RegExp(
  `(?:${listing}).{0,8}${service}|${service}(?:们|名)?.{0,6}(?:${listing})|(?:看|查|给|要|来)(?:看|我|下|一下|个|张|份)*(?:的|那些|这些)?${service}[吧呗 ,。?!]*$|^(?:现在|目前|都|还)*(?:有)?(?:哪些|哪个|哪几个|几个|谁|什么)(?:都|还|在|已经)*(?:挂|跑|没跑|没起来|起不来|活着|宕|停|运行)(?!.{0,4}(?:日志|pod))|有${service}.{0,6}(?:挂|没|不|停|死|崩)|(?:起|跑|部署|运行|启动|开)了(?:哪些|几个|什么|多少)|(?:services?|components?)\\s*(?:都)?(?:有(?:哪些|啥|什么|几)|列表|清单|列一?下|一下|状态|几个|都)|(?:哪些|几个|多少个?|全部|所有|列(?:出|一?下)?|看看?|查|什么|啥|哪几个)\\s*(?:的|一下|下)?\\s*(?:services?|components?)|(?:services?|components?)\\s*(?:都|是|还)*(?:有谁|有哪|在跑)`,
  "i",
);
const enList =
  /\b(?:list(?:ing)?|show|display|which|what|all|every|each|how many|table|count|number|names?|status(?:es)?|state|overview|roll call|inventory|enumerat\w+|summary|summari[sz]e|print|ls|get|give|tell me|see|other|any|breakdown|rundown|dump|running|available|of our|our|the various|different)\b.{0,28}\b(?:(?:micro)?services?|components?|process(?:es)?|daemons|moving parts)\b|\b(?:(?:micro)?services?|components?|process(?:es)?)\b.{0,12}\b(?:list\w*|table|status(?:es)?|overview|states?|count|inventory|names?|summary|there are|exist|we have|do we|running|are up|up)\b|^(?:the )?services(?:,? please)?\??$|\beverything that(?:'s| is) (?:up|running|deployed)\b|\bwhat(?: all)?(?:'s| is| are| do we have| have we got)? (?:all )?(?:currently |actually )?(?:running|deployed|up and running|up)(?: (?:right now|now|at the moment|here|in (?:this|the|our) \w+|today))*[?.! ]*$|\beverything (?:that )?(?:is |'s )?run(?:s|ning)\b|\bwhat (?:do (?:you|we) have (?:running|up|deployed|in)|do we run|does this (?:system|stack|deployment) (?:consist|run)|is this (?:system|stack) made)\b|\bwhich (?:ones? |of them )?(?:is|are) (?:\w+ )?(?:up|down|running|dead|alive|healthy|unhealthy|offline|stopped|crashed|broken)\b|\bhow many (?:are|is) (?:\w+ )?(?:up|down|running|dead|alive)\b|\bdocker ps\b|\bps aux\b|\bsystemctl\b/i;
const yesNo =
  /(?:都|全部?|全都|还|是否|是不是).{0,4}(?:正常|健康|好|稳定|ok|没问题|没事)|正常(?:吗|么|不|吧)|健康(?:吗|么)|好吗|\b(?:is|are) (?:all |the |our |every |each |any of the )*(?:services?|components?|process(?:es)?)\b.{0,12}\b(?:ok|okay|fine|healthy|good|well|slow|stable|broken|down|normal|happy)\b|\b(?:all|every) services? (?:ok|okay|fine|healthy|good|well|normal)\b|\bhow (?:are|is) (?:all |the |our )*services?\b/i;

/** A list, a table or a count of services; whether they are well is another question. */
function isList(rest: string): boolean {
  if (
    yesNo.test(rest) &&
    !/哪些|哪个|几个|多少|列|清单|\b(?:which|what|how many|list|table)\b/i.test(rest)
  ) {
    return false;
  }
  return zhList.test(rest) || enList.test(rest);
}
// "Is it healthy otherwise": of what was spoken of before, or of everything.
const ofIt =
  /\b(?:is|does|has) it\b.{0,16}\b(?:ok|okay|fine|healthy|alive|up|stable|good|better|work\w*|running|recover\w*|back|normal|respond\w*)\b|它.{0,6}(?:好|正常|健康|恢复|怎么样|咋样|还行|活着)/i;
// "Is it the db again?", with the service taken out.
const isIt =
  /^(?:(?:so|and|but|or|maybe|i guess|i bet) )*(?:(?:is|was|isn't|wasn't|could|might|must|can) it (?:be |just |really |all )*|it's |it is |it was )(?:the |our |about )*\s*,/i;
const anyServices =
  /(?:微?服务(?!器|员|条款|费)|组件|进程)|\b(?:services|components|processes)\b|\bservice (?:list|table|status\w*|overview|states?)\b/i;

function restartIntent(
  { restart, args, rest, asked }: Found,
  topic: Intent | undefined,
): Intent | undefined {
  switch (restart) {
    case "cause":
      return "diagnose";
    case "how":
      return "help";
    case "consequence":
      return logWords.test(rest) ? undefined : "unknown";
    case "refusal":
    case "other":
      if (isWellAfterwards.test(rest) || isStillUnwell(rest)) return undefined;
      if (isDone.test(rest) && asksWhy(rest)) return "diagnose";
      if (restart === "refusal" || isDone.test(rest) || isContrast.test(rest)) {
        if (asksBesides(asked)) return undefined;
      }
      // An order that is quoted is looked for only where lines are spoken of.
      if (restartWord.test(args.include ?? "") && !logWords.test(rest)) return "unknown";
      return topic || asksSomethingElse(args) || logWords.test(rest) ? undefined : "unknown";
    case "count":
      if (topic) return undefined;
      if (isStillUnwell(rest) && !countsRestarts.test(rest)) return "diagnose";
      return args.metric === undefined || args.metric === "restarts" ? "get_metrics" : undefined;
    case "none":
      return undefined;
    default:
      return restart satisfies never;
  }
}

const speaksOfLines =
  /日志|\blogs?\b|\blines?\b|\bgrep\b|[搜查找]|几次|多少次|\b(?:search|find|look|show|filter|how many|how often|count|mention\w*|contain\w*|match\w*)\b/i;
const restartWord = /重启|\bre-?start|\breboot|\bbounc/i;

const isWellAfterwards =
  /重启(?:之|以)?(?:后|完).{0,10}(?:好|正常|恢复|稳|怎么样|咋样|如何).{0,3}[吗么没?]|\b(?:is|are|how(?:'s| is))\b.{0,30}\bafter\b.{0,12}\bre-?start/i;

/** "Don't restart it. Just tell me why gateway is slow": another clause asks. */
function asksBesides(asked: string): boolean {
  return asked
    .split(/[,，.。;；!?？]/)
    .filter((clause) => !restartWord.test(clause))
    .some(
      (clause) => asksWhy(clause) || (looks.test(clause) && asksState(clause)) || isList(clause),
    );
}

// "I was told to restart it, but I'd rather know what is wrong".
const isContrast = /但|不过|可是|先|\b(?:but|first|rather|instead)\b/i;

const looks =
  /看|查|检查|瞧|瞅|告诉|确认|了解|\b(?:check|look|see|tell|show|find|verify|confirm|examine|inspect)\b/i;

/** "重启过了还是卡", "bounced it already, is it healthy now": of what the restart has not mended. */
function isStillUnwell(rest: string): boolean {
  const isSaidAside =
    /还(?:是|在)|仍|依旧|依然|照样|照旧|又|但|可是|不过|现在|好了没|[,，。;?]|\b(?:still|but|yet|now|already|again|is it|are (?:we|they)|and)\b/i;
  return (
    isDone.test(rest) &&
    isSaidAside.test(rest) &&
    (complains(rest) || ofIt.test(rest) || isWellNow.test(rest))
  );
}

const countsRestarts =
  /几次|多少次|次数|几回|多少|频率|\b(?:how (?:many|often)|count|number|times|restarts)\b/i;
const isWellNow = /(?:现在|目前|这下).{0,6}(?:正常|好|健康|恢复|稳).{0,3}[吗么没]/;

// Somebody has restarted it: what else is said is what is asked.
const isDone =
  /(?:已经?|刚刚?|都|也|才|早就?)[^,，。]{0,8}重启|(?:重启|\b(?:re-?start|reboot|bounce)\s*)(?:过|了|完|好|之?后|以后)|\b(?:re-?started|rebooted|bounced|after (?:the |a |that )?(?:re-?start|reboot|bounce)\w*|since (?:the |a |that )?(?:re-?start|reboot|bounce)\w*)\b/i;

function asksSomethingElse(args: Arguments): boolean {
  const { metric, level, include, exclude, limit, messagesCount, previous } = args;
  return [metric, level, include, exclude, limit, messagesCount, previous].some(
    (value) => value !== undefined,
  );
}

function isOnly(args: Arguments): boolean {
  return Object.keys(args).length === 1;
}

/** Nothing narrows it down. */
function isBare({ service, metric, level, include, exclude, limit }: Arguments): boolean {
  return [service, metric, level, include, exclude, limit].every((value) => value === undefined);
}

function isAboutLogs(rest: string, args: Arguments): boolean {
  const { level, include, exclude, limit, previous } = args;
  const isFiltered = [level, include, exclude, limit, previous].some(
    (value) => value !== undefined,
  );
  return isFiltered || logWords.test(rest);
}

function strong(intent: Intent): Decision {
  return { intent, isWeak: false };
}
