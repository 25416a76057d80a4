import type { Arguments, Metric } from "./understanding.ts";
import type { Utterance } from "./utterance.ts";

// In this order: what is more specific comes first.
const words: readonly [Metric, RegExp][] = [
  [
    "error_rate",
    /(?:错误|失败|报错|出错|成功|异常)[率比]|(?:错误|失败|出错)(?:的)?(?:发送|消息|请求)?(?:的)?(?:比例|百分比|占比)|\b(?:err(?:or)?|failure|fail|success) (?:rate|ratio|percentage)s?\b|\b(?:percent(?:age)?|share|fraction|proportion|portion|ratio|%) of .{0,24}\b(?:fail|error|succe)\w*|\b(?:rate|ratio|percentage|frequency|share) of (?:the |all |send(?:ing)? |message )*(?:errors?|failures?|failed|failing|exceptions?)\b|\b(?:errors?|failures?|fail|success) ?(?:%|percent\b)|\bhow often (?:do|does|did) (?:sends?|messages?|sending|requests?|it) fail\b/i,
  ],
  ["outbox_backlog", /发件箱|\boutbox\b/i],
  [
    "queue_lag",
    /积压|堆积|挤压|堆(?:了|着|起来|了多)|排队|排着|消费.{0,3}(?:延迟|滞后)|消费(?:者|延迟|滞后|得|跟|不|慢|速度|落后|情况|进度)|落后|滞后|未消费|没消费|队列(?:长度|深度|延迟|情况|里)?|\bback ?logs?\b|\bqueues?\b|\b(?:consumer )?lag(?:ging)?\b|\bpiling up\b|\bpending messages\b|\bpile[sd]? up\b|\bpil(?:ed|ing)\b|\bback(?:ing|ed)[- ]up\b|\b(?:how far |falling |running )behind\b|\bconsumers?\b|\bunprocessed\b|\bunconsumed\b|\bwaiting (?:messages|to be (?:sent|processed))\b/i,
  ],
  [
    "connections",
    /连接数|(?:多少|几)(?:个|台)?(?:客户端|终端|设备)|客户端(?:数|数量|连接)|\bhow many clients\b|\bclients? (?:connected|count)\b|\bconnected clients\b|(?:多少|几)个?(?:条)?(?:长)?连接|长连接|(?<!断开|无法|不能|没法|重新|建立|拒绝|能)连接(?!老|总|一直|经常|频繁|不|失败|被|超时|断|重置|错误|异常|拒绝|池|串|上|得|到|过多|是?否?正常|有(?:没有)?问题|好|稳|服务器|慢|卡)|\bconnection count\b|\bconnections?\b(?! (?:refused|reset|closed|error|pool|string|timed|lost|fail))|\bsockets?\b(?! (?:error|closed))|\b(?:how many|open|number of|count of) (?:\w+ )?websockets?\b|\bwebsockets?\b(?= (?:count|clients?|sessions?)| ?(?:数|多少|有多少|几))|^websockets?[?.! ]*$/i,
  ],
  [
    "send_latency",
    /延[迟时]|时延|耗时|响应时间|发(?:送|消息|一?条消息)?(?:要|需要|得|得花|花)?多久|\blatenc(?:y|ies)\b|\bresponse times?\b|\bhow long (?:do|does|did|are|is) (?:sends?|sending|messages?|it take)\b|\bdelays?\b|\bsend (?:time|duration)s?\b/i,
  ],
  [
    "send_rate",
    /\b[qt]ps\b|吞吐|发送?速[率度]|每秒|流量|速率|消息速度|\bthroughput\b|\b(?:send|message|sending|msg) (?:rate|volume)s?\b|\bmessages? per (?:second|sec|minute)\b|\bmsgs?\/s\b|\brate of (?:sends|messages)\b|\btraffic\b/i,
  ],
  ["cpu", /\bcpu\b|处理器|\bprocessors?\b|负载/i],
  ["memory", /内存|\bmem(?:ory)?\b|\bram\b|\brss\b/i],
];

const percentiles: readonly [NonNullable<Arguments["percentile"]>, RegExp][] = [
  ["p99", /\bp99\b|(?<!\d)99(?:th|\s*分位数?|线|\s*percentile)(?:\s*percentile)?|九九(?:线|分位)/i],
  ["p95", /\bp95\b|(?<!\d)95(?:th|\s*分位数?|线|\s*percentile)(?:\s*percentile)?/i],
  [
    "p50",
    /\bp50\b|(?<!\d)50(?:th|\s*分位数?|线|\s*percentile)(?:\s*percentile)?|中位数?|\bmedian\b/i,
  ],
];

const zhCount =
  /(?:多少|几)\s*(?:条|个)?(?:聊天)?(?:消息|信息)|(?:消息|信息)(?:的)?(?:总?数量?|总量|条数|发送量|量)(?!级)|(?:发送?|收发?|产生|来)了?(?:多少|几)(?:条|个)?(?:消息|信息)?|(?:消息|信息).{0,6}(?:发|有|收)了?(?:多少|几)条?|统计.{0,6}消息|发(?:送|消息)(?:数?量|条?数)/;
const enCount =
  /^(?:the )?messages? (?:sent|delivered)\b|\bhow many (?:\w+ ){0,2}(?:messages?|msgs|texts|chats)\b(?! per)|\bnumber of (?:\w+ ){0,2}(?:messages?|msgs)\b(?! per)|\b(?:message|msg) (?:count|total|numbers?)s?\b|\bcount (?:of )?(?:the )?(?:\w+ )?messages?\b|\btotal (?:number of )?messages?\b|\bmessages? (?:were )?sent\b.*\bhow many\b/i;

// "How many messages failed" asks for those alone.
const failedCount =
  /(?:多少|几)\s*(?:条|个)?(?:消息|信息).{0,4}(?:失败|没发出去|发不出去)|(?:消息|信息).{0,4}失败了?(?:多少|几)|失败了?(?:多少|几)\s*(?:条|个)?(?:消息|信息)|\bhow many (?:\w+ ){0,2}(?:messages?|msgs|sends) (?:have |has |had |were |was |are |did )?(?:been )?(?:fail\w*|lost|not (?:sent|delivered)|dropped)\b/i;

export type MetricWords = Pick<Arguments, "metric" | "percentile" | "messagesCount">;

/** Takes what is measured. Restarts are left to the rules about restarting. */
export function takeMetric(utterance: Utterance, isCompared: boolean): MetricWords {
  if (utterance.take(failedCount)) return { metric: "error_rate" };
  const percentile = percentiles.find(([, pattern]) => utterance.take(pattern))?.[0];
  // The backlog of a queue is no number of messages sent.
  const isQueue = utterance.has(/积压|堆积|排队|队列|\bqueue|\bbacklog|\bpending|\bpiling/i);
  if (
    percentile === undefined &&
    !isQueue &&
    (utterance.take(zhCount) || utterance.take(enCount))
  ) {
    return { messagesCount: true };
  }
  const metric = words.find(([, pattern]) => utterance.take(pattern))?.[0];
  // "More messages than yesterday" compares numbers of them.
  if (metric === undefined && isCompared && utterance.take(/消息|\bmessages?\b/i)) {
    return { messagesCount: true };
  }
  // Percentiles are only measured of one thing.
  const named = metric ?? (percentile === undefined ? undefined : "send_latency");
  return {
    ...(named === undefined ? {} : { metric: named }),
    ...(percentile === undefined ? {} : { percentile }),
  };
}
