import { isAboutOthers } from "./outside.ts";
import { isNoPlainOrder } from "./restart-exceptions.ts";
import { isRefusedOrPutOff } from "./restart-refusals.ts";
import { Utterance } from "./utterance.ts";

/** How a text speaks of restarting. */
export type RestartTalk =
  | "request"
  | "count"
  | "cause"
  | "how"
  | "refusal"
  | "consequence"
  | "other"
  | "none";

const word =
  /重启|重新启动|重起|重新拉起|拉起(?!不)|重新拉|\bre-?start(?:s|ed|ing)?\b|\breboot(?:s|ed|ing)?\b|\bbounc(?:e|es|ed|ing)\b|\bcycle\b|\brelaunch\b|\bkick(?= it\b| (?:the )?(?:gateway|logic|task|bot|mysql|nats|push|db)\b)/i;

/** What is asked about, in the order in which it is tested: a request is what is left. */
const kinds: readonly [RestartTalk, RegExp][] = [
  ["consequence", /重启.{0,14}(?:会不会|是否会|会)(?:影响|丢|断|掉|导致|造成|踢)/],
  // Whether it is needed: "need to restart logic or not", 用不用重启.
  [
    "cause",
    /\b(?:need|have|ought|should|must|got|worth|better|necessary)\b.{0,30}\b(?:re-?start|reboot|bounc)\w*\b.{0,40}\bor not\b|\b(?:is|are|was)\b.{0,12}\b(?:re-?start|reboot|bounce)\b.{0,24}\b(?:necessary|needed|required|advisable)\b|(?:用不用|得不得).{0,8}重启|重启.{0,14}(?:有没有|有|没)必要[吗么?]/i,
  ],
  // How it is done, also with a condition: 「想重启 task 的话，步骤是什么」.
  [
    "how",
    /^(?!.*(?:起不来|失败|没用|影响|后果|风险|会[怎咋如])).*(?:要|想|需要|打算|准备).{0,3}重启.{0,24}(?:怎么|如何|咋|怎样|什么)(?:的|样)?(?:做|弄|操作|办|搞|写|说|发|流程|命令|指令|步骤|$|[?。])|重启.{0,24}(?:步骤|流程|命令|指令|手续)(?:是|有哪些|怎|如何|$)/,
  ],
  [
    "how",
    /\bif (?:i|we) (?:want|need|have|had|wanted|needed) to (?:re-?start|reboot|bounce)\b.{0,30}\b(?:what|how|which) (?:do|should|must|can|would|command|steps?|is the)\b|\bwhat (?:do|should|must|would) (?:i|we) (?:have to |need to )?(?:do|type|say|send|write|run|enter)\b(?!.*\b(?:if|when|fail\w*)\b).{0,24}\b(?:re-?start|reboot|bounc)|\b(?:what|which) (?:command|procedure|steps?|process)\b.{0,16}\b(?:re-?start|reboot|bounc)/i,
  ],
  // 今晚重启过几次 looks back, 今晚重启 looks ahead.
  [
    "count",
    /今[晚夜].{0,14}(?:重启(?:过|了(?:吗|没|几|多少))|(?:有没有|几次|多少次).{0,4}重启|重启.{0,3}(?:几|多少)次)|\b(?:did|has|have|was|were|any|how (?:many|often))\b.{0,40}\b(?:re-?start|reboot|bounc)\w*\b.{0,12}\btonight\b/i,
  ],
  // Another time, another person, the approval: nothing that is to be done now.
  [
    "other",
    /(?:明天|后天|今晚|晚上再|半夜再|待会儿?|等会儿?|等一会|一会儿|稍后|晚点|回头|过一?会|下班|周末|分钟后|小时后|之后再).{0,10}重启|重启.{0,14}(?:明天|晚点|稍后|待会|等会|分钟后|小时后)|\bre-?start\w*\b.{0,30}\b(?:later|tomorrow|tonight|next week|in \d+ (?:min|hour|h|m)\w*|at \d|eventually|someday)\b|[?] ?(?:no|nope|nah|naw|never|maybe|dunno|not)\b|\bor not\b/i,
  ],
  [
    "other",
    /谁.{0,6}重启|重启.{0,16}(?:这种|这事|这件|那种|之类|别(?:乱|瞎|随便|动|搞))|(?:写着|写的|写道|写了|发了|发的|发来|显示|提示|弹出|收到|看到|打了).{0,8}重启|重启.{0,16}(?:谁|审批|批准|提案|权限|通过)|\b(?:proposals?|approv\w+)\b/i,
  ],
  ["count", /重启.{0,14}的?(?:次数|频率|记录|历史|时间|情况)/],
  [
    "other",
    /重启.{0,14}(?:之后|以后|过后|后(?=[,，还又就也才的 ]))|重启[^,，。]{1,14}(?<!咱们?|我们?|你们?|他们?|那边|这边|这里|线上|生产)的(?!话|正确|标准|规范|姿势|做法|进程|服务|容器|实例|pod|原因|命令|方法|步骤|流程|办法|$)/,
  ],
  [
    "refusal",
    /(?:(?<![能可需该用想])不(?:太|怎么|再)?(?:需要|想|该|应该|能|可以|许|准|打算|建议|急着?)|没(?:有)?必要|无需|用不着|没说要).{0,8}(?:再)?(?:重启|重新启动)(?!.{0,3}(?:吗|么|吧))/,
  ],
  // A word in quotes, or the name of something that has to do with restarts.
  [
    "other",
    /["“'「](?:重启|re-?start)|(?:重启|re-?start\w*) ?(?:这个|这|两个|一)?(?:词|字眼?|关键字)|\b(?:word|text|string) ["']?re-?start/i,
  ],
  [
    "consequence",
    /(?:如果|假如|要是|万一|假设|倘若|若).{0,16}重启|重启.{0,10}(?:的话|会怎)|\b(?:if|when|in case|suppose|assuming) (?:i|we|you|someone|somebody|they|the|it|\w+)\b.{0,20}\b(?:re-?start|reboot|bounc)/i,
  ],
  [
    "how",
    /重启.{0,14}的?(?:正确|标准|规范)?(?:姿势|做法)|重启.{0,14}的(?:命令|方法|步骤|流程|办法|指令|操作)|\bre-?start (?:command|procedure|steps|instructions)\b|\b(?:what|which|whose) (?:\w+ )?(?:command|procedure|step|button|script|call|key)s?\b.{0,24}\b(?:re-?start|reboot|bounc)|\b(?:walk me through|teach me|show me how|explain how|learn how|know how|tell me how|where (?:do|can|would) (?:i|we)|what (?:do|should|would|must) (?:i|we) (?:type|enter|run|say|press|click|call))\b.{0,24}\b(?:re-?start|reboot|bounc)/i,
  ],
  [
    "other",
    /重启.{0,14}的?(?:event|事件|告警|报警|日志|pod(?=.{0,3}(?:有|列|是|数))|策略|影响|风险|后果|通知|按钮|权限|审批|脚本|人是|是谁|意思)|重启(?:[^,。]{0,10})(?:失败|没用|无效|不了|完|成功|好了|过后|还是|也|都没|没好|没解决|中$)|\bre-?start(?:s|ed|ing)? (?:polic(?:y|ies)|loops?|events?|alerts?|alarms?|logs?|scripts?|button|metrics?|pods?|limits?|backoff|behaviou?r|permissions?|approvals?|window|storm|warnings?|failed|succeed\w*|worked|helps?|helped|fix(?:es|ed)?|did|does|is|was|has|had|will|would|might|may|could|can|should|broke|made)\b|\b(?:re-?start|reboot|bounce) (?:of )?(?:the )?[\w-]+ (?:failed|succeed\w*|worked|happen\w*|occurr\w+|helped|fixed|did|does|is|was|has|had|will(?! you)|would(?! you)|might|may|breaks?|caused?)\b/i,
  ],
  // What others have said or done, and what stands in quotes or books, orders nothing.
  [
    "other",
    /(?:有人|同事|老板|领导|文档|手册|公告|他们?|她|客服|运维|网上).{0,6}(?:说|写|让|叫|建议|要求|提到).{0,10}重启|(?<![帮给替为])我(?:已经|刚刚?|昨天|刚才)?.{0,4}重启(?:过|了)|重启.{0,20}(?:之?前|之?后|以后|期间|的时候|时).{0,12}(?:什么|怎么|哪些|吗|么|注意|准备|会)|\b(?:told|said|says?|asked|suggest\w*|recommend\w*|heard|wrote|written|mention\w*|according|docs?|manual|runbook|article|(?<!\b(?:can|could|would|will) )(?:someone|somebody)|everyone|they|he|she|who)\b.{0,40}\b(?:re-?start|reboot|bounc)|\b(?:i|we) (?:have |'ve |just |already )*(?:re-?started|rebooted|bounced)\b|\b(?:i|we|he|she|they)(?:'m| am|'re| are|'s| is) (?:already |now )?(?:re-?start|reboot|bounc)/i,
  ],
  [
    "how",
    /重启.{0,20}(?:怎么|如何|咋|怎样)(?:操作|做|弄|办|搞|执行)|\b(?:way|steps?|procedure|command|instructions?|process|method) (?:to|of|for) (?:re-?start|reboot|bounc)/i,
  ],
  [
    "refusal",
    /(?:别|(?<!要)不要|不用|不必|勿|先不|千万|禁止|取消).{0,6}(?:重启|重新启动)|(?:(?<!是)不是|并非|没(?:有)?(?:人)?(?:说|让|叫|要|想|打算|请|求|喊)|没在).{0,10}(?:重启|重新启动)|\b(?:don'?t|do not|(?:should|must|do|does|did)(?:n'?t| not)|never|no need (?:to|for)|stop|avoid|cancel|without|instead of|rather than|short of)\b.{0,20}\b(?:re-?start|reboot|bounc)|\b(?:(?:not|isn'?t|wasn'?t|aren'?t|ain'?t) (?:asking|looking|calling|telling|requesting|ordering|suggesting|saying|here|after|trying|going|about|talking|planning|wanting|to|an?|the|another|yet)|nobody|no one|nothing about)\b[^.;!?]{0,24}\b(?:re-?start|reboot|bounc)|\bno (?:more |further )?(?:re-?starts?|reboots?|bounc\w+)\b/i,
  ],
  [
    "cause",
    /为什么|为啥|为何|怎么(?:会|又|老|总|一直|突然)|原因|怎么回事|\bwhy\b|\bwhat (?:caused|made|triggered)\b|\bcause\b|\breason\b/i,
  ],
  [
    "cause",
    /(?:要不要|需不需要|该不该|是否(?:需要|应该|要)|用不用|有必要|需要.{0,8}重启.{0,14}[吗么?]|得不得|用得着|有没有必要|(?:是|是不是|是否)(?:得|该|应该|需要|要).{0,6}重启)|(?:应该|该).{0,8}重启.{0,3}[吗么?]|\b(?:do|does|would|will|is|are) .{0,20}\b(?:need|have to|required|necessary).{0,20}(?:re-?start|reboot|bounc)|\b(?:should|must) (?:we|i|it|the|\w+) .{0,20}(?:re-?start|reboot|bounc)|\bneeds? (?:a |to be )?(?:re-?start|reboot|bounc)\w*(?!.{0,12}\b(?:do it|go ahead|please)\b)|\bworth (?:a )?re|\b(?:time|good idea|necessary|makes? sense) (?:to|for a) (?:re-?start|reboot|bounc)|\bwould you (?:suggest|recommend|advise)/i,
  ],
  [
    "how",
    /(?:怎么|怎样|如何|咋)(?:样?才能|去|来|进行)?.{0,10}(?:重启|重新启动)|重启.{0,20}(?:的)?(?:命令|方法|步骤|流程)|\bhow (?:do|can|to|would|should|does)\b.{0,30}\b(?:re-?start|reboot|bounce)/i,
  ],
  [
    "count",
    /重启.{0,12}(?:几次|多少次|多少回|几回)|重启.{0,4}(?:几|多少)次?|(?:几|多少)次.{0,4}重启|重启(?:得|的)?(?:最|很|太|挺|好|这么|那么)?(?:多|频繁|勤|少)|重启.{0,2}(?:次数|频率|记录|历史|情况|时间)|重启过|重启了(?:没|吗|么|\?|不|几|多少|好|很|无数|\d)|(?:又|自己|自动|刚刚?|已经|偷偷|莫名其妙|悄悄|老|总|还在|正在)(?:在|又|地|的)?重启(?:了|$|[,。啊吧])|没重启|重启没|(?<![把将给].{0,16})(?:gateway|logic|task|push|bot|mysql|nats|db|mq|网关|逻辑(?:服务)?|推送(?:服务)?|机器人|数据库|消息队列|服务|它)\s?(?:今天|昨天|刚才|最近)?重启了(?:$|[。!])|(?:有没有|是否|有无|是不是|最近|刚刚?).{0,6}(?:被)?重启(?:过|了)?(?:吗|么|\?|$)|(?:频繁|反复|一直在|老是|总是|不停).{0,4}重启|(?:上次|最近一次|什么时候).{0,6}重启/,
  ],
  [
    "count",
    /\bhow (?:many|often)\b|\brestarts\b|\bre-?start (?:count|number|history|rate|total)s?\b|\b(?:number|amount|count) of (?:times|re-?starts?)\b|\bhow much\b.{0,20}\bre-?start|\b(?:has|have|was|were|is|been)\b.{0,30}\b(?:re-?start|reboot|bounc)(?:ed|ing)\b|\bdid\b.{0,30}\b(?:re-?start|reboot|bounc)|\bany (?:\w+ )?re-?starts?\b|\bre-?start (?:times?|log|loops?|stats|statistics|info)\b|\brecent re-?starts?\b|\bre-?starting (?:a lot|often|frequently|all the time|again and again|itself|constantly|on its own)\b|\b(?:constantly|repeatedly|always) re-?start|\bkeeps? re-?starting\b|\bwhen (?:did|was)\b|\blast re-?start\b/i,
  ],
  [
    "other",
    /(?:重启)(?:之?[前后]|以后|期间|完|好了|成功)|\b(?:after|before|during|since) (?:the |a |it |we |i |you )?(?:\w+ )?(?:re-?start|reboot|bounc)/i,
  ],
  [
    "consequence",
    /\b(?:will|would|does|could|might|can) (?:\w+ )?(?:re-?starting|a re-?start|re-?starts|rebooting|a reboot|bouncing|a bounce)\b|\b(?:will|would|does|could|might|can) (?:re-?start|reboot|bounce) (?:the )?[\w-]+ (?:service )?(?:los|drop|break|affect|kick|disconnect|caus|hurt|kill|fix|help|solv|mak|mean|tak)\w*|重启.{0,20}(?:会|影响|后果|风险|代价|有什么|怎么样|怎样|如何|安全|多久|多长时间|要紧|有用|管用|能(?:解决|好|行|修|恢复|不能))|(?:敢|能|可以)不(?:能|可以|敢)?.{0,3}随便重启|\bwithout (?:los\w+|drop\w+|break\w+|affect\w+|downtime|impact\w*|kick\w+|disconnect\w+|interrupt\w+|any|users?|people|anyone)\b|\bwhat (?:happens|would|will|if|does|do|breaks|goes)\b|\b(?:impact|effects?|risks?|risky|safe|safely|consequences?|downtime|dangerous|harm|hurt|how long)\b|\b(?:will|would) (?:users|people|anyone|it(?! be possible (?:to|for you to)\b)|we|messages)\b/i,
  ],
];

const zhRequest =
  /(?:^|[,。!? ]|帮我?|请你?|麻烦你?|把.{0,16}|给我|可以|能不能|能否|可不可以|能|直接|立即|马上|立刻|现在|赶紧|快|那就?|就|再|去|先|执行|我要|我想|需要你|一下|来个|来一?次|做个|做一?次|给.{1,12}|对.{1,12}|下|你|您|帮忙|要不|不如|还是|手动|强制|劳烦|一波|希望|发起|提交|滚动|一键|再次|可否|方便|申请|要求|有空|确认|同意|优雅地?|安排)\s*(?:重启|重新启动|重起|重新拉起|拉起)|重启\s*(?:一?下|吧|掉|了?它|一?把|一次|呗)|^[^,。?!]{1,12}(?:重启|重新启动)[。! ]*$/;
// In English an order begins its clause, behind politeness at most.
const enRequest =
  /^(?:hey |hi |please |ok |also )*(?:(?:can|could|would|will) (?:you|someone|somebody) )(?:please |kindly |maybe )*(?:(?:help|assist)(?: me| us)?(?: with| in| by)? (?:re-?starting|rebooting|bouncing|(?:a|the) (?:re-?start|reboot|bounce)(?= of\b))|be (?:so kind as|kind enough) to (?:re-?start|reboot|bounce)\b)|^(?:hey |hi |ok )?(?:would|will|is) it (?:be )?possible (?:to|for you to) (?:re-?start|reboot|bounce)\b|(?:^|[.!?;,:]\s*|\b(?:and|then|so|now|ok|okay|yes|yeah|yep|sure|fine|alright|right|hey|hi|bot|ops-bot)\b[, ]*)(?:(?:please|pls|plz|kindly|just|now|then|also|maybe|can'?t you|couldn'?t you|won'?t you|can|could|would|will|you|someone|somebody|anyone|we|i|want|need|to|like|i'd|i'll|let'?s|go|ahead|and|ahead,|should|must|mind|quickly|immediately|try|to have|have|rollout|kubectl|systemctl|docker|service)[, ]+)*(?:re-?start|reboot|bounce|cycle|kick|relaunch)\b|\b(?:(?:go ahead|proceed) with (?:the |a )?(?:re-?start|reboot|bounc)\w*|mind|consider|try|by|about|start|worth) (?:re-?starting|rebooting|bouncing)\b|\bneeds? (?:re-?starting|a re-?start|rebooting|bouncing|to be re-?started)\b.{0,12}\b(?:do it|go ahead|please)\b|\b(?:have|want|need|like|get|i'd like) (?:the |to have )*[\w-]+(?: service)? (?:re-?started|rebooted|bounced)\b|\bget (?:the )?[\w-]+(?: service)? (?:re-?started|rebooted|bounced)\b|\b(?:do|perform|trigger|kick off|give|start|issue|initiate|schedule|need|want)\b.{0,30}\b(?:a|an|another) (?:\w+ ){0,2}(?:re-?start|reboot|bounce)\b|^(?:the )?[\w-]+(?: service)?,? (?:please )?(?:re-?start|reboot|bounce)(?:,? (?:please|pls|now))?[.! ]*$/i;
// Elsewhere in its clause it is one only where somebody asks for it.
const enWish =
  /\b(?:please|kindly|can (?:you|we|i (?:get|have|ask))|could (?:you|we|i (?:get|have|ask))|would you|will you|(?:can|could|would|will) (?:someone|somebody|anyone)|may i (?:ask|have|get)|is it possible|possible to|favou?r|needs?|want|wants|i'd like|would like|like you|asap|do it|go ahead|go|let's|gotta|have to|must|trigger|perform|schedule|issue|initiate|give|quick|requesting|request|urgent(?:ly)?|for me|thanks|time to|proceed|right now|immediately|kick off|start)\b/i;
const enThing = /\b(?:re-?start|reboot|bounce|cycle|kick)\b/i;
const looksOn =
  /\b(?:tell|show|explain|list|look|know|see|check|find|understand|describe|report|remind|count|how|what|when|who|which|whether|why|was|were|been|did|does)\b/i;
const zhErrand =
  /^(?!.*(?:他|她|谁|老板|同事))(?:.*(?:能|可否|可以|可不可以|请|麻烦|劳烦|劳驾|帮忙|帮我|希望|求))(?:(?!不|别|没).){0,6}(?:协助|配合|代为|代劳|操作|处理|支持)(?:一?下)?(?:[把将给])?.{0,14}重启|(?:能否|请|麻烦|劳烦|劳驾|帮忙|帮我)(?:处理|安排|操作|执行|做|发起)一?下.{0,14}重启[吧呗。! ]*$|重启.{0,14}(?:帮|麻烦|请|你来|劳驾|谢|交给你|安排|执行|弄|搞|处理|操作|辛苦|拜托)|(?:拜托|辛苦|劳驾|烦请|有劳|求).{0,14}重启/;
const isQuestion =
  /[吗么]\s*[?]?$|[?]\s*$|(?:重启|\b(?:re-?start|reboot|bounce)\b)[^?!.。]{0,30}[?]/i;
const politeQuestion =
  /能不能|能否|可不可以|可以|能.{0,10}(?:吗|么)|能.{0,16}重启.{0,24}[吗么]|方便|可否|有空|行吗|行不行|好吗|好不好|帮|请|麻烦|\b(?:can|could|would|will|please|mind|may|possible)\b/i;

/** Tells a plain order to restart from everything else that is said with the same word. */
export function restartTalk(utterance: Utterance, whole: string): RestartTalk {
  if (!utterance.has(word)) return "none";
  const text = inChinese(utterance.rest);
  // What it is asked about may have been taken for something else: "without losing data".
  const wordings = [utterance.rest, whole].flatMap(inBothLanguages);
  const kind = kinds.find(([, pattern]) => wordings.some((one) => pattern.test(one)))?.[0];
  if (kind) return kind;
  // What is asked is no order, but for a polite question.
  if (isQuestion.test(text) && !politeQuestion.test(text)) return "other";
  if (wordings.some((one) => isNoPlainOrder(one) || isRefusedOrPutOff(one))) return "other";
  return isRequest(text) ? "request" : "other";
}

/** Whether a text orders a restart and leaves open, of which of our services. */
export function lacksService(text: string): boolean {
  const utterance = new Utterance(text);
  utterance.correctSpelling();
  return !isAboutOthers(text) && restartTalk(utterance, utterance.rest) === "request";
}

function isRequest(text: string): boolean {
  if (zhRequest.test(text) || enRequest.test(text) || zhErrand.test(text)) return true;
  const clause = text.split(/[,.;:!?]/).find((part) => enThing.test(part)) ?? "";
  return enThing.test(clause) && enWish.test(text) && !looksOn.test(clause);
}

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
