import type { Arguments, Intent } from "./understanding.ts";

/** What a text is about, where one word says so: the neighbours of logs and metrics. */
export function topicOf(text: string, args: Arguments): Intent | undefined {
  if (isAboutPeopleOnline(text) || deadLetters.test(text)) return "im_status";
  if (slowQueries.test(text) || isAboutAgentRuns(text)) return "im_status";
  // A number with a limit's name is what was configured; with a pod's name it is still a number.
  if (configuration.test(text)) return "describe";
  if (alerts.test(text)) return "get_alerts";
  if (pods.test(text)) return isMeasuredOrLogged(text, args) ? undefined : "list_pods";
  const looksForIt = events.test(`${args.include ?? ""} ${args.exclude ?? ""}`);
  return events.test(text) && !looksForIt ? "list_events" : undefined;
}

/** Whether the chat system as a whole is meant. */
export function isAboutChatSystem(text: string): boolean {
  return chatSystem.test(text) || chatState.test(text);
}

export function isAboutDeadLetters(text: string): boolean {
  return deadLetters.test(text);
}

export function isAboutSlowQueries(text: string): boolean {
  return slowQueries.test(text);
}

const deadLetters =
  /死信|dead[- ]?letter|\bdlq\b|(?:投递|送达|处理)(?:不了|失败|不掉)的(?:消息|信)|\b(?:undeliver\w+|poison) messages?\b/i;
const slowQueries =
  /慢\s*(?:的)?\s*(?:查询|sql|语句|quer(?:y|ies))|(?:查询|(?<!my)sql|语句|\bquer(?:y|ies)\b).{0,6}(?:慢|很久|超长)|(?:耗时长|跑得慢|慢吞吞)的?(?:查询|sql|语句)|\b(?:slow\w*|long[- ]running|expensive|slowest) (?:\w+ )?(?:sql|quer\w+|statements?)\b|\bquer(?:y|ies|ys)\b.{0,24}\b(?:slow\w*|too long|forever)\b|\bslow ?log\b/i;

const people = "(?:人|用户|谁|同事|成员|客户|大家|伙伴|同学|账号)";
const zhOnline = new RegExp(
  `(?:多少|几个|有谁|哪些)(?:人|用户)(?!.{0,8}(?:影响|反馈|投诉|说|抱怨|报)).{0,4}(?:连着|上线|在|$|[?。!])|${people}.{0,8}(?:在线|在(?:上面|聊|用)|挂(?:在|着)|登(?:录|陆)?(?:着|了(?!吗)|中)|线上(?!问题))|在线(?!服务|客服|升级|文档|人数?限).{0,8}${people}|(?:在线|活跃|登录)(?:的)?(?:人|用户|会员|成员|账号)?(?:数|人数|情况|列表|名单|统计|率|多少|几个|吗|多不多|有谁)|(?:多少|几个?|哪些|有谁).{0,3}在线|线上.{0,6}(?:多少|几个?|有)(?:个)?(?:人|用户)|^[ ,]*(?:现在|当前|目前)?在线(?:的)?[?。!]*$`,
);
const enOnline =
  /\b(?:users?|people|folks|anyone|anybody|everyone|everybody|who|members|customers|colleagues|nobody|persons?|humans?|accounts|team(?:mates)?|guys)\b(?:'s|'re)?.{0,20}\b(?:online|connected|signed[- ]in|logged[- ]in|logged[- ]on|around|present|using (?:the )?(?:chat|app|system)|active|(?:is|are|'s|'re) on(?! (?:call|duty|it|shift|fire)\b)|on (?:right )?now|in (?:the )?chat)\b(?! yesterday'?s)|\bonline\b.{0,16}\b(?:users?|people|folks|count|members|number|list|now|who|status|presence|stats)\b|\b(?:active|logged[- ]in|signed[- ]in|connected|concurrent) (?:users?|people|members)\b|\b(?:number|count|list) of (?:\w+ )?(?:users|people|members)\b|^(?:how many|who|anyone|anybody) ?(?:is |are |'s )?(?:currently |now )?online\b|\buser (?:count|presence)\b|\bheadcount\b/i;

function isAboutPeopleOnline(text: string): boolean {
  if (cannot.test(text)) return false;
  if (/(?:服务|组件|进程|pod)(?!器).{0,6}在线|在线.{0,4}(?:服务|组件)|\bservices?\b/i.test(text))
    return false;
  return zhOnline.test(text) || enOnline.test(text) || zhOnline.test(inChinese(text));
}

/** "多少 user online" with its English words in Chinese, where there is any Chinese. */
function inChinese(text: string): string {
  if (!/\p{Script=Han}/u.test(text)) return text;
  return text
    .replace(/\bonline\b/gi, "在线")
    .replace(/\b(?:users?|people|members?|folks)\b/gi, "用户")
    .replace(/\b(?:who is|who's|who)\b/gi, "有谁")
    .replace(/(?<=\p{Script=Han})[ ,]+(?=\p{Script=Han})/gu, "");
}

const cannot =
  /登[录陆]?不|上不(?:了|去)|掉线|\b(?:can'?t|cannot|unable|not|won'?t|aren'?t|nobody can|fail\w*|isn'?t|struggl\w*|complain\w*|disconnect\w*|keeps?|problems?|issues?|trouble)\b/i;

const agent = "(?:agents?|智能体|机器人|ops-?bot|bot|ai ?助手|助手|assistant)";
const agentRuns = new RegExp(
  `(?:agent|智能体)(?:的)?.{0,8}(?:运行|任务|执行|跑|调用|记录|情况|状态)|${agent}(?:的)?.{0,6}(?:任务|执行|运行|跑).{0,6}(?:记录|次数|统计|历史|队列|几次|多少|几个|状态|情况|成功|失败|列表|都)|${agent}(?:的)?(?:任务|跑了|跑过)|${agent}.{0,8}(?:执行|跑|运行|完成)了?(?:哪些|多少|几|什么).{0,3}(?:任务|次|活|事)|(?:跑|执行|运行)了?(?:多少|几)(?:次|个|轮).{0,4}${agent}|\\b(?:agents?|bot|assistant|ai)(?:'s)?\\b.{0,12}\\b(?:runs?|jobs?|invocations?|executions?|tasks)\\b(?! ?(?:ok|fine|well|out|slow|into|on\\b))|\\b(?:runs?|jobs|executions?|invocations) (?:of|by|for|from) (?:the )?(?:agents?|bot|assistant)\\b|\\bhow (?:often|many times) (?:did|has|was|does) (?:the )?(?:agent|assistant)\\b|\\bagent (?:status|state|activity|history|stats|statistics)\\b`,
  "i",
);

function isAboutAgentRuns(text: string): boolean {
  const isOfService =
    /\bbot (?:image|run (?:on|which|what))|\b(?:image|version|tag)\b|镜像|版本|重启|\blogs?\b|日志|内存|\bcpu\b/i;
  return agentRuns.test(text) && !isOfService.test(text);
}

const configuration =
  /镜像|(?:哪个|什么|啥) ?(?:tag|image)|\btags?\b|(?:最多|能|允许|可以)(?:能|可以)?用(?:到)?(?:多少|几)(?:个|g|m|核)?(?:内存|cpu|资源)|\b(?:memory|cpu|resources?|ram)\b.{0,24}\b(?:allowed|allotted|capped|assigned|entitled|given|reserved)\b|探针|就绪(?:检查|探测)|存活(?:检查|探测)|(?:内存|cpu|资源|处理器) ?(?:的)? ?(?:限制|上限|限额|配额|配置|规格|limits?|requests?|请求)|(?:限制|上限|限额|配额)(?:是|有|配|设|多少|了)|\bquotas?\b|环境变量|启动参数|(?:上一?[次回]|最近一?次?|最后一?次?|最新(?:一次)?|什么时候|何时|几时|多久前|哪天|几点|刚刚?|今天|昨天)(?:的)?.{0,6}(?:发布|部署|上线|更新|发版|升级|发的版|发了版|rollout)|(?:发布|部署|上线|更新|发版)(?:时间|历史|记录|情况|详情|信息|状态|进度|是(?:什么时候|哪天|几点))|描述(?:一?下)?|(?:配置|部署|规格)(?:详情|信息|情况|参数|文件)?(?:是|怎么|有|什么|如何|给|看|$|的|呢|吗|多少)|(?:怎么|如何)(?:配置?|设置?|部署)的|详(?:情|细信息)|(?:什么|哪个|啥|几|多少|当前|现在的?|运行的?)版本|版本(?:号|是|多少|信息|呢|$)|\bimages?\b(?! (?:upload|won't|not|fail))|\bprobes?\b|\b(?:liveness|readiness|startup)\b|\b(?:memory|mem|cpu|resource|ram)s? (?:limits?|requests?|quotas?|caps?|ceilings?|allocations?)\b|\blimits\b|\brequests and limits\b|\blimit(?:s|ed)? (?:on|of|for|to)\b|\benv(?:ironment)?s?(?: var\w*)?\b(?! (?:ok|down|healthy|slow|broken|up))|\b(?:last|latest|recent|newest|previous|current) (?:rollouts?|deploy\w*|release[sd]?|updates?|version)\b|\brollouts?\b|\bdescri(?:be|ption)\b|\b(?:which|what|current|running|exact|deployed) (?:\w+ )?(?:version|tag|build|release|revision)\b|\bversion\b(?=.{0,24}(?:run|deploy|\?|$|of|for|is))(?! \d)|\bconfig(?:ur\w+)?\b(?=.{0,20}(?:$|of|for|\?|look|please|on|details|set))|\b(?:last|recently|when|time|ever|lately|just|freshly) .{0,12}\b(?:deployed|released|rolled out|shipped|redeployed|updated)\b|\b(?:deployed|released|rolled out|shipped|redeployed|updated) (?:last|recently|most recently|when|today|yesterday)\b|\bwhen (?:was|did|were).{0,24}\b(?:deploy\w*|releas\w*|roll(?:ed)? out|ship\w*|updat\w*)|\b(?:deployment|container|pod) (?:spec|details|info|manifest|settings?|configuration)\b|\b(?:spec|manifest|settings) (?:of|for)\b/i;
// 告警 and 报警 are taken apart: "告了什么警", "报过几次警".
const alerts =
  /[告报](?:[了过]|起|出)(?:些|点)?(?:什么|啥|哪些|哪几|几|多少)?(?:[次个条回])?的?警(?!惕)|[告报](?:什么|啥|哪些|几[次个条])警(?!惕)|告警(?!级|日志)|报警|警报|预警|告急|\balert(?:s|ing|ed|manager)?\b|\bpag(?:ing|ed|er\w*)\b|\b(?:anything|something|it|that|what|who|anyone) (?:page|paged|pages|woke) (?:us|me|anyone|someone|people)\b|\bgot a page\b|\bpages (?:us|me|today|last|open|fired)|\balarm(?:s|ing|ed)?\b|\bfiring\b|\bfired\b|\balertmanager\b|\b(?:went|going|go|goes) off\b/i;
const pods = /\bpods?\b|容器组|\bkubectl get po\b/i;
const events = /\bevents?\b|事件/i;

/** The log or a number of a pod is a log or a number. */
function isMeasuredOrLogged(
  text: string,
  { metric, level, include, exclude, limit, previous }: Arguments,
): boolean {
  if (metric === "cpu" || metric === "memory")
    return !/\bpods? (?:list|status)\b|哪些|which/i.test(text);
  if (limit !== undefined || previous || exclude !== undefined) return true;
  if (level !== undefined || include !== undefined) return /日志|\blogs?\b|\bgrep\b/i.test(text);
  return /日志|(?<!crash ?)\blogs?\b/i.test(text);
}

const chatSystem =
  /(?:聊天|(?<![a-z])im(?![a-z])|即时通[讯信]|通讯|消息)\s*(?:系统|平台|服务|软件|应用|这边|那边|整体|全局|总体|大盘)|\b(?:chat|im|messaging|messenger|instant messaging) ?(?:system|platform|service|app|side|stack|backend|infrastructure|product|as a whole|overall)\b|\bwhole (?:chat|im|messaging)\b/i;
const chatState =
  /(?<![a-z])im(?![a-z])(?:的)?.{0,6}(?:状态|状况|情况|概况|怎么样|怎样|如何|总览|概览|大盘|运行|数据)|聊天.{0,4}(?:状态|状况|整体|总体|概况|概览|总览)|(?:整体|总体).{0,6}聊天|\b(?:chat|im|messaging)(?:'s)?\b.{0,12}\b(?:health|status|state|overview|doing|summary|stats|statistics|report|numbers|dashboard)\b|\b(?:status|health|state|overview|summary|stats|snapshot|report) (?:of|on|for) (?:the |our )?(?:whole |entire )?(?:chat|im|messaging)\b|\bhow(?:'s| is) (?:the |our )?(?:whole |entire )?(?:chat|im|messaging)(?: (?:doing|looking|going|today|overall))?[?.! ]*$/i;
