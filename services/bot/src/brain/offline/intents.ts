import { asksForHelp } from "./help-words.ts";
import type { RestartTalk } from "./restart-words.ts";
import type { Arguments, Intent } from "./understanding.ts";

export type Found = {
  /** What no rule has taken out as an argument. */
  readonly rest: string;
  /** The whole text, for words that an argument may have swallowed. */
  readonly whole: string;
  readonly args: Arguments;
  readonly restart: RestartTalk;
};

/** How sure the words are: `weak` follows only from a service or window that is named. */
export type Decision = { readonly intent: Intent; readonly isWeak: boolean };

const takenBack =
  /^(?:那?算了吧?|不用了|没事了?|没什么|取消|撤销|忽略|不需要了|当我没说|never ?mind|forget (?:it|about it|that)|cancel(?: that| it)?|scratch that|ignore that|no thanks?|stop)(?:[,.!。! ]*$|[,.!。!] *(?:不用了|没事了?|谢谢|thanks?|thank you|it'?s (?:ok|fine))[.!。!]*$)/i;
const chitChat =
  /^(?:你好|您好|嗨|哈[喽啰]|早上好|晚上好|谢谢|多谢|辛苦|再见|拜拜|晚安|好的|收到|嗯+|哦+|ok|okay|hi|hello|hey|thanks?|thank you|bye|good (?:morning|night|evening)|cool|great|nice|lol|yes|no)(?:[,.!?~ 啊呀了吧]|there|bot|you|a lot|so much|very much|,)*$/i;

/** What changes or reveals more than a restart does. */
const forbidden =
  /把.{1,20}(?:清|删|停|关|杀|干)(?:了|掉|空|一下)|(?:^|[,。 ]|帮我?|请|把.{0,20}|给我|直接|能不能|可以|麻烦|立刻|马上|全部)\s*(?:都|全)?\s*(?:删除?掉?|清空|清理|清除|清掉|停掉|停止|停用|关闭|关掉|关了|干掉|杀掉?|杀死|扩容|缩容|扩到|缩到|回滚|回退|下线|禁用|封禁|踢掉?|升级|部署|发布|执行(?!情况|状态|记录|次数|结果)|运行(?!情况|状[态况]|记录|次数|得|时|正常|中|着|在|良好|了多)|修改|改成|重置|迁移|备份|恢复|截断)|(?:密码|口令|密钥|私钥|凭证|令牌)(?!错误)|\b(?:drop|delete|remove|truncate|wipe|purge|flush|clear|erase|shut ?down|stop|kill|terminate|scale|roll ?back|rollout undo|upgrade|deploy|redeploy|exec(?:ute)?|ssh|shell|run|disable|enable|ban|kick|reset|modify|change|set|update|migrate|drain|cordon|pause|grant|revoke)\s+(?!of\b|down\?|ing\b|out\b)|\b(?:passwords?|passwd|credentials?|secrets?|private keys?|api keys?|access tokens?)\b|\b(?:shell|bash|terminal|root) access\b|\brm -rf\b/i;
const isAboutThePast =
  /为什么|为啥|为何|怎么回事|怎么会|原因|\bwhy\b|\bwhat (?:caused|happened)\b|\b(?:was|were|has been|have been|got|did)\b|被.{0,4}(?:删|停|关|杀)/i;

const generalKnowledge =
  /(?:写|编)(?:一?[个段份首篇]|点)|代码|脚本|(?:^|[^\w])python|\bjava(?:script)?\b|\bgolang\b|\brust\b|教程|面试|翻译|诗|笑话|天气|股[票价]|新闻|足球|电影|音乐|菜谱|吃什么|几点了|什么是|是什么(?:意思|东西|原理)|的?区别|什么原理|原理是|怎么用(?!你|这)|怎么(?:配置|安装|优化|编写|写|实现|学|设计|用.{1,12}(?:写|实现|解析))|如何(?:配置|安装|优化|编写|写|实现|学习|设计)|推荐|我(?:家|的?电脑|的?手机|的?笔记本|妈|爸|老婆|女朋友)|\b(?:write|draft|compose) (?:me )?(?:a|an|some|the)\b|\bscripts?\b|\bpoem|\bjokes?\b|\bweather\b|\bstock\b|\brecipe|\btranslate\b|\btutorial|\bdifference between\b|\bwhat (?:is|are) (?:a|an)\b|\bwhat does .{1,30} mean\b|\bdefine\b|\bhow (?:do|can|should|would|to) (?:i |we |you |one )?(?:install|configure|set ?up|write|rotate|optimi[sz]e|parse|read|use|implement|design|learn|tune|build|make|create|index)\b|\bbest (?:way|practice)|\bmy (?:laptop|computer|phone|router|wife|mac|pc|home|car|cat|dog)\b|\bwho (?:is|are|was|won)\b(?! online| connected)|\bcapital of\b|\bmeaning of\b|\btell me about (?:the history|yourself)/i;

const othersMachines =
  /我(?:家|的?(?:电脑|手机|笔记本|路由器?|平板|电视))|\b(?:my|his|her|your|their) (?:\w+ )?(?:laptop|computer|phone|router|mac|pc|tablet|tv|car|printer|modem)\b/i;

const why =
  /为什么|为啥|为何|怎么回事|咋回事|怎么了|咋了|原因|什么情况|出了什么(?:问题|事)|发生了?什么|(?:哪里|哪儿).{0,4}(?:问题|毛病)|排查|诊断|体检|巡检|定位(?:一下)?|分析(?:一下|下)?|查一?下.{0,6}问题|怎么(?:会|这么|那么|总|老|又|突然)|\bwhy\b|\broot cause\b|\bcauses?d?\b|\breasons?\b|\bwhat(?:'s| is| went| has gone)? wrong\b|\bwhat(?:'s| is)? (?:happening|going on)\b|\bwhat happened\b|\bdiagnos\w*\b|\binvestigate\b|\btroubleshoot\b|\bdebug (?:the|this|why)\b|\bfigure out\b|\bwhat(?:'s| is) the (?:matter|problem|issue)\b/i;

const specifics: readonly [Intent, RegExp][] = [
  [
    "im_status",
    /(?:多少|几个?|哪些|有谁|谁).{0,4}(?:人|用户)?.{0,4}在线|在线(?:的)?(?:人|用户)?(?:数|人数|情况|用户|列表)|死信|慢\s*(?:查询|sql)|(?:智能体|机器人|bot|agent).{0,6}(?:运行|任务|执行).{0,4}(?:记录|状态|情况|次数|统计|历史)|在线.{0,4}(?:多少|几个?|哪些)?个?(?:人|用户)|(?:有人|谁|人|用户).{0,6}在线(?!服务)|(?<![a-z])im ?(?:系统|服务|平台)?(?:的)?.{0,4}(?:状态|情况|概况|怎么样|怎样)|(?:聊天|im|即时通讯|消息)系统.{0,6}(?:状态|情况|概况|怎么样|整体|总体)|\b(?:who(?:'s| is)|how many (?:people|users|members)(?: are)?|users?|people|anyone|anybody)\s*(?:are |is )?(?:currently )?(?:online|connected|signed in|logged in)|\bonline (?:users?|people|count|members)\b|\b(?:users?|people|folks|anyone|anybody|who(?:'s| is)?|members)\b.{0,16}\bonline\b|\bonline\b.{0,12}\b(?:users?|people|folks|count)\b|\bdlq\b|\b(?:chat|im|messaging)\b.{0,10}\b(?:health|status|state|overview|doing)\b|\b(?:agent|bot) run\b|\bdead[- ]?letters?\b|\bslow (?:sql|quer)\w*|\b(?:agent|bot) runs?\b|\b(?:chat|im|messaging) (?:system|platform|service)(?:'s)? (?:status|health|overview|state|doing)\b|\b(?:status|health|state|overview) of (?:the )?(?:chat|im|messaging)\b|\bim status\b/i,
  ],
  [
    "describe",
    /镜像|探针|(?:内存|cpu|资源) ?(?:的)? ?(?:限制|上限|限额|配额|request)|环境变量|(?:上一?[次回]|最近一?次?|最后一?次?)(?:的)?(?:发布|部署|上线|更新|发版)|描述一?下?|配置(?:详情|信息)|(?:滚动|版本)(?:更新|发布)|什么版本|哪个版本|版本号|\bimages?\b|\bprobes?\b|\b(?:memory|cpu|resource)s? (?:limit|request|quota)s?\b|\blimits\b|\benv(?:ironment)?(?: var\w*)?\b|\b(?:last|latest|recent) (?:rollout|deploy\w*|release)\b|\brollouts?\b|\bdescribe\b|\bwhich version\b|\bwhat version\b|\bconfig(?:uration)? of\b/i,
  ],
  [
    "get_alerts",
    /告警|报警|\balert(?:s|ing|ed)?\b|\bpag(?:ing|ed)\b|\balarms?\b|\bfiring\b|\balertmanager\b/i,
  ],
  ["list_pods", /\bpods?\b/i],
  ["list_events", /\bevents?\b|事件/i],
];

const logWords =
  /日志|(?<!(?:can'?t|cannot|not|to|unable to) )\blogs?\b(?![ -](?:in|on|out|into)(?:\b(?! the (?:last|past))))|\blogging\b|\blog ?(?:file|line|entries|output)s?\b|\btail\b|\bstack ?traces?\b|打印|输出了什么|\bprint(?:s|ed)?\b|(?:最后|最近|最新).{0,6}[行]/i;
const listWords =
  /(?:哪些|几个|多少个?|所有|全部|各个?|每个|列出|列一下|列表|清单|一览|有什么|当前|哪个).{0,6}(?:服务(?!器)|组件|进程|模块)|看(?:看|一下|下)服务$|(?:服务|组件|进程|模块)(?:都)?有(?:什么|啥|哪些|多少|几)|(?:服务|组件|进程|模块)(?:们)?.{0,3}(?:列表|清单|一览|状态|有哪些|有几个|数量|概览|情况|表)|\b(?:list|show|which|what|all|every|each|how many|table of|count|status of)\b.{0,24}\b(?:services?|components?|processes)\b|\b(?:services?|components?|process) (?:list|table|status|overview|states?)\b|^services(?: please)?\??$|\b(?:overview|number|roll call|inventory|enumerat\w+|names?|summary)\b.{0,16}\bservices\b|\bany services? (?:stopped|down|dead|missing|offline|not running)\b|\beverything that(?:'s| is) running\b|\bwhat(?: all)?(?:'s| is| are) (?:all )?(?:currently )?(?:running|deployed)\b|\beverything (?:that )?(?:is |'s )?run(?:s|ning)\b/i;
const complaint =
  /慢|卡|挂|打不开|不可用|用不了|收不到|发不(?:出|了)|没收到|丢消息|崩|宕|掉线|断线|断开|无响应|没(?:有)?反应|不响应|不正常|有(?:什么)?问题|出(?:了)?(?:什么|啥)?(?:问题|事|状况|毛病|故障)|登[录陆]?不[上了]|连不上|进不去|刷不出|白屏|不工作|坏了|不行了|不稳定|起不来|\bslow(?:ly|er)?\b|\bstuck\b|\bhang(?:s|ing)?\b|\bhung\b|\bdown\b|\bbroken\b|\bcrash\w*\b|\bdead\b|\bnot (?:work|respond|load|open|start|com)\w*\b|\b(?:can'?t|cannot|can not|unable to|won'?t|doesn'?t|isn'?t|don'?t|didn'?t) (?:\w+ )?(?:connect|open|load|log ?in|sign ?in|send|receive|work|respond|start|get|arrive|see)\w*\b|\bunreachable\b|\bunavailable\b|\bunhealthy\b|\bunresponsive\b|\bproblems?\b|\bissues?\b|\btrouble\b|\blos(?:t|ing) (?:messages?|connection)\b|\blaggy\b|\bflaky\b|\bfrozen?\b|\bnot ok\b|不对劲|\bmisbehav\w*\b|\b(?:looks?|seems?|feels?) (?:sick|bad|wrong|off|slow|dead|stuck|down|broken|weird)\b|\b(?:aren'?t|isn'?t|not) (?:\w+ )?(?:arriv|deliver|send|load|work|respond|connect|reach)\w*\b|\bsomething (?:is |'s |feels |seems |looks )?(?:off|wrong|odd|weird|strange)\b/i;
const stateWords =
  /怎么样|怎样|咋样|还好吗|好吗|正常(?:吗|么|不|吧)?|健康|状态|还活着|活着|在(?:运行|跑)|运行(?:情况|状况|得)|情况|检查|看看.{0,8}(?:服务|系统)|巡检|体检|\bok(?:ay)?\b|\bfine\b|\bhealth\w*\b|\bstatus\b|\balive\b|\brunning\b|\bup\b|\bhow(?:'s| is| are)\b.{0,24}\b(?:doing|going|today|now|feeling|looking)?\b|\bcheck\b|\bworking\b|\beverything\b|\bgood\b|\bstable\b|\bstate\b/i;
const wholeSystem =
  /系统|服务|都|整体|全部|所有|一切|\beverything\b|\ball\b|\bsystem\b|\bstack\b|\bplatform\b|\banything\b/i;

/** Decides what is wanted, in the order in which the labels define it. */
export function decideIntent(found: Found): Decision {
  const { rest, whole, args, restart } = found;
  if (chitChat.test(whole) || takenBack.test(whole)) return strong("unknown");
  if (othersMachines.test(whole)) return strong("unknown");
  const ofRestart = restartIntent(found);
  if (ofRestart) return strong(ofRestart);
  const isOfService = args.service !== undefined && args.service !== "bot";
  if (asksForHelp(whole) && !isOfService && !why.test(whole)) return strong("help");
  if (forbidden.test(rest) && !isAboutThePast.test(rest)) return strong("unknown");
  if (generalKnowledge.test(whole)) return strong("unknown");
  if (why.test(rest)) return strong("diagnose");
  const specific = specifics.find(([, pattern]) => pattern.test(whole))?.[0];
  if (specific) return strong(specific);
  if (args.metric !== undefined || args.messagesCount) return strong("get_metrics");
  if (restart === "count") return strong("get_metrics");
  if (listWords.test(rest) && isBare(args) && !/日志|\blogs?\b/i.test(rest)) {
    return strong("list_services");
  }
  if (isAboutLogs(rest, args)) return strong("get_logs");
  if (listWords.test(rest) && args.service === undefined) return strong("list_services");
  if (complaint.test(rest)) return strong("diagnose");
  if (stateWords.test(rest) && (args.service !== undefined || wholeSystem.test(rest))) {
    return strong("diagnose");
  }
  // Of services in general, and nothing worse is said of them.
  if (anyServices.test(rest) && isBare(args)) return strong("list_services");
  // "健康吗": of nothing in particular, and so of everything.
  if (bareState.test(rest)) return strong("diagnose");
  return { intent: "unknown", isWeak: true };
}

const anyServices =
  /(?:服务(?!器|员|条款)|组件|进程)|\b(?:services|components|processes)\b|\bservice (?:list|table|status\w*|overview|states?)\b/i;

const bareState =
  /^[ ,]*(?:现在|目前|今天)?(?:还|都)?(?:健康|正常|好|稳定)(?:吗|么|不)?[?。!, ]*$|^[ ,]*(?:are|is) (?:we|things|all) (?:ok|okay|good|fine|healthy)[?.!, ]*$|^[ ,]*(?:please )?(?:run |do )?(?:a )?health ?check(?: please)?[?.!, ]*$/i;

function restartIntent({ restart, args, rest }: Found): Intent | undefined {
  switch (restart) {
    case "request":
      // Which one, is for the person to say.
      return args.service === undefined ? "unknown" : "restart_service";
    case "cause":
      return "diagnose";
    case "how":
      return "help";
    case "refusal":
    case "other":
      return asksSomethingElse(args) || logWords.test(rest) ? undefined : "unknown";
    case "count":
      return args.metric === undefined || args.metric === "restarts" ? "get_metrics" : undefined;
    case "none":
      return undefined;
    default:
      return restart satisfies never;
  }
}

function asksSomethingElse(args: Arguments): boolean {
  const { metric, level, include, exclude, limit, messagesCount, previous } = args;
  return [metric, level, include, exclude, limit, messagesCount, previous].some(
    (value) => value !== undefined,
  );
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
