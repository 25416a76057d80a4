/** Whether the cause of something is asked for. */
export function asksWhy(text: string): boolean {
  return why.test(text);
}

/** Whether something is said to be wrong. */
export function complains(text: string): boolean {
  return zhComplaint.test(text) || enComplaint.test(text);
}

/** Whether something is said to have failed, by people rather than in a log. */
export function complainsOfFailure(text: string): boolean {
  return /(?:登[录陆]|发送?|发消息|加载|打开|连接|上传|推送|接收|注册)(?:总是|一直|老是|又|都|经常|偶尔)?失败(?!的?(?:记录|日志|次数|率|数))|\b(?:sends?|sending|logins?|logging in|sign-?ins?|messages?|uploads?|everything|it|deliver\w+)\b.{0,12}\b(?:is|are|keeps?|always|all|just)? ?fail(?:s|ing)\b/i.test(
    text,
  );
}

/** Whether it is asked how something is. */
export function asksState(text: string): boolean {
  return zhState.test(text) || enState.test(text);
}

/** Whether everything is meant rather than one part. */
export function meansEverything(text: string): boolean {
  return /系统|服务|都|整体|总体|全部|全局|所有|一切|大家|平台|环境|线上|生产|集群|各方面|后端|后台|\b(?:everything|every thing|all|system|stack|platform|anything|things?|we|us|cluster|app|site|website|production|prod|environment|env|backend|infra\w*|whole|overall|it all|stuff)\b/i.test(
    text,
  );
}

/** A question after how everything is that names nothing: "健康吗", "are we ok". */
export function isBareState(text: string): boolean {
  return bareState.test(text);
}

const why =
  /为什么|为啥|为何|为嘛|因为(?:什么|啥)|怎么回事|咋回事|怎么一回事|怎么搞的|(?:怎么|从?哪里?|咋)(?:来的|产生的?|造成的?|出现的|冒出来)|咋搞的|咋整的|怎么了|咋了|咋啦|怎么啦|原因|根因|元凶|罪魁|出了?(?:什么|啥)(?:问题|事|状况|毛病|故障|情况)|发生了?(?:什么|啥)|(?:什么|啥)问题(?:导致|引起)|谁的[锅错]|谁的问题|怪谁|根源|症结|源头|问题所在|问题的?出处|导致|引起|(?:哪里|哪儿|哪块|哪个环节).{0,4}(?:有?问题|毛病|不对|故障|出错)|问题(?:到底|究竟|是)?(?:出)?在(?!线)(?:哪|谁|什么|啥|.{1,12}还是)|排查|诊断|体检|巡检|把脉|定位(?:一下|下)?|分析(?:一下|下)?|查一?下.{0,8}问题|(?:怎么|咋)(?:会|这么|那么|那样|总|老|又|突然|一直|忽然|都|还|不|没|连|崩|挂|卡|慢|死|掉|断|停|变|起不)|\bwhy\b|\bhow come\b|\broot[- ]?causes?\b|\bcauses?d?\b|\bcausing\b|\breasons?\b|\bwhat(?:'s| is| are| went| has gone| did go| goes| could be)? ?(?:so |going )?wrong\b|\bwhat(?:'s| is| has| have| else)? (?:just )?changed\b|\b(?:what|where) (?:should|do|shall) (?:i|we) (?:look(?: at)?|check|start|do|begin) (?:first|looking)\b|先(?:看|查)(?:什么|啥|哪)|从哪(?:里|儿)?(?:开始)?(?:查|看)|有(?:什么|啥|哪些|没有)(?:变化|改动|变动)|(?:变|改)了(?:什么|啥|哪些)|\bwhat(?:'s| is| has been| was| just| has just)? (?:happening|going on|happened|breaking|killing|broke|making|slowing|blocking|holding up|hurting|ailing|behind|led to|triggered)\b|\bdiagnos\w*\b|\binvestigat\w*\b|\btroubleshoot\w*\b|\bdebug (?:the|this|why|what)\b|\b(?:figure|find) out (?:what|why)\b|\bwhat(?:'s| is| are) the (?:matter|problems?|issues?|trouble|deal|story)\b|\blook into\b|\bget to the bottom\b|\bto blame\b|\bculprits?\b|\b(?:find|track|hunt) (?:down )?(?:what|whatever|who|where)\b|\bsource of (?:the |this |that |our )?(?:problems?|trouble|issues?|errors?|delays?|outage|slow\w*)\b|\bbottle-?necks?\b|瓶颈|\bexplain (?:the|this) (?:spike|drop|slow|outage|error|crash|latency|high|sudden|jump)|\bpost-?mortem\b/i;

const zhComplaint =
  /\boom\b|oom(?:了|杀|kill)|被 ?oom|证书.{0,6}(?:过期|到期|失效)|慢|卡(?!片|号)|挂|崩|宕|炸|瘫|死(?!信|锁|活)|断(?:了|开|线|网|连|断)|(?:一直|老是?|总是?|经常|频繁)断|满[了没]|爆满|乱序|重复|掉线|掉了|打不开|不可用|不能用|没法|无法|用不|收不|没收到|没到|送不到|(?<!看|想|听|找|查)[传出过刷推到](?:不[出过]去|不出来)|[出过]不去|到不了|不(?:更新|刷新|同步)(?![的吗])|要等?(?:半天|好久|很久|老半天)|发不|丢(?:了|消息|信|数据|失|包)|[没无不]响应|没(?:有)?(?:反应|动静|回应|回复|声音)|不(?:动了?|理|回|搭理)(?:$|我|人|话|应|[,。 了])|不(?:回复?|发|收)(?:消息|信|我|人)|不工作|不正常|不(?:太|大|怎么)?(?:对劲?|稳定?|通|灵|行|好使|好用|健康)(?!吧$)|[录陆登连上进开起跟]不(?:[上了去来]|进去)|坏|爆炸|翻车|塌|趴窝|完蛋|玩完|嗝屁|爬(?!虫|取|山)|蜗牛|龟速|拉[胯垮]|犯病|不给力|喘(?!息)|磨[蹭叽]|拖沓|掉链子|闹(?:脾气|情绪)|装死|半死不活|没眼看|时好时坏|断断续续|忽快忽慢|迟钝|不争气|(?:噶|嘎|寄)了(?=$|[,，。!！?？ ])|幺蛾子|岔子|乱子|(?:出|有|没)(?:了|点|什么|啥|没有?|大|些|毛)*(?:问题|故障|毛病|事故|状况|岔子|异样|麻烦)|出(?:了)?事|问题(?:吗|么|不|没|啊|$)|故障|奇怪|诡异|加载不|白屏|黑屏|转圈|起不来|没起来|没启动|没跑|拉不起|抽风|吃力|罢工|歇菜|凉了|跪了|趴|顶不住|扛不住|撑不住|受不了|没了|失联|离线|离谱|抖动|波动|飘|闪退|闪断|报废|失灵|失败|超负荷|爆了|打满|堵|投诉|抱怨|反馈|吐槽/;
const enComplaint =
  /\boom(?:-?kill\w*)?\b|\b(?:disk|disks|storage|volume)\b.{0,12}\bfull\b|\b(?:certs?|certificates?|tls)\b.{0,16}\bexpir\w+|\b(?:messages?|msgs?|anything|data) (?:(?:is|are|being|getting|got|get|was|were) )*lost\b|\b(?:not|n't|isn't|aren't|won't|don't|doesn't|nothing(?: is|'s)?|none(?: of them)? (?:is|are)) (?:being )?(?:go|goes|going|come|comes|coming|get|gets|getting) (?:through|across|out|anywhere)\b(?! (?:of|to|the|a|my|our|your|here|there|tonight|today)\b)|\b(?:messages?|notifications?|pushes|replies|logins?|nothing) (?:are|is|do|does)?(?:n't| not)? ?(?:coming|come|comes|getting) in\b(?<=n't.{0,10}|not.{0,10}|nothing.{0,14})|\b(?:slow\w*|sluggish\w*|snail|stuck|hang(?:s|ing)?|hung|down(?!load|stream| to| time)|downtime|broken?|broke|break(?:s|ing)|crash\w*|dead|dying|dies|died|fail(?:s|ing|ed|ure)?|unreachable|unavailable|unhealthy|unresponsive|unstable|unusable|unwell|problems?|problematic|issues?|trouble\w*|incidents?|outages?|degrad\w+|laggy|lagging|lags|flaky|flapping|frozen|froze|freez\w+|weird\w*|strange\w*|odd|abnormal|unusual|funny|acting|misbehav\w*|sick|off|wrong|bad|badly|worse|poorly|suffering|struggl\w+|chok\w+|losing|missing|offline|timing out|timed out|times out|time out|spinning|forever|ages|too long|crawl(?:s|ing|ed)?|on (?:its|his|her|their) (?:knees|last legs)|molasses|treacle|drag(?:s|ging|ged)(?! (?:and|&))|shaky|wobbl\w+|asleep|grind(?:s|ing)? to|creep(?:s|ing)|hobbl\w+|wheez\w+|cough\w*|sneez\w*|iffy|dicey|jittery|choppy|bumpy|comatose|half[- ]dead|sputter\w*|gasping|thrashing|hiccup\w*|stutter\w*|moody|cranky|intermittent\w*|erratic\w*|wedged|jammed|clogged|deadlocked|lock(?:ed|s|ing) up|seized(?: up)?|maxed out|fubar|croaked|ded|bonkers|berserk|crash-?loop\w*|kaput|borked|busted|toast|wonky|hosed|screwed|glitch\w*|stall\w*|overload\w*|overwhelmed|melting|on fire|panick\w*|blank|white screen|unable|useless|disconnect\w*|complain\w*|report(?:s|ing|ed)? (?:that|problems)|bug|buggy|delayed|late|garbage|sucks?|janky|unhappy|gone|vanish\w*|disappear\w*|silent|went quiet|flatlin\w*|misses|(?:messages?|notifications?|everything)\b.{0,20}\b(?:twice|double)|duplicat\w+|(?:out of|in the wrong) order|(?:bl(?:ew|ows?|own|owing)|f(?:ell|alls?|allen|alling)) (?:up|over|apart|out|to pieces|flat)|keel(?:s|ed|ing)? over|(?:went|gone|going|goes) (?:bang|boom|pop|haywire|sideways|south|dark|wild|belly[- ]up|pear[- ]shaped|nuts|crazy|bananas|bust|kaput|up in (?:smoke|flames))|(?:im|ex)plod(?:e[sd]?|ing)|tank(?:s|ed|ing)|melt(?:s|ed)|collaps(?:e[sd]?|ing)|crater(?:s|ed|ing)|bit the dust|gave (?:out|up the ghost)|c(?:onk|rapp)ed out|(?<=\bdid (?:\w+ ){1,3})(?:break|fail|give out)|pack(?:s|ed) up|die|choked|bork(?:s|ing)|kicked the bucket|(?:took|taken|brought|knocked) (?:\w+ ){1,3}(?:out|over)|suspicious|fishy|concern\w*|worr(?:y|ied|ying)|attention|upset|red|ill|limping|stopped|stops)\b|\bnot (?:\w+ )?(?:work|respond|load|open|start|com|ok|okay|happy|good|well|right|reach|arriv|deliver|send|connect|healthy|running|up|answer|reply|behav)\w*\b|\b(?:can'?t|cannot|can not|won'?t|doesn'?t|isn'?t|aren'?t|don'?t|didn'?t|couldn'?t|never|hasn'?t|haven'?t|no longer) (?:even |seem to |always |be |been |get |really |any ?more )*(?:\w+ )?(?:connect|open|load|log|sign|sen[dt]|receiv|work|respond|start|get|arriv|see|answer|reply|reach|deliver|join|post|type|chat|use|access|come|boot|right|ok|good|happy|run)\w*\b|\blos(?:t|e|es|ing) (?:any |some )?(?:messages?|connections?)\b|\bno ?(?:one|body)(?:'s| is)? (?:can|able|gets?|receiv\w+|see\w*)\b|\bno (?:response|reply|answer|replies|messages|signal)\b|\bdo(?:es|ing)?(?:n't)? (?:any|no)thing\b|\bnothing (?:\w+ )?(?:works?|loads?|happens|arrives|comes|goes|gets|sends)\b|\btak(?:es|ing) (?:so |too |very |really )?(?:long|forever|ages)\b|\bdrop(?:s|ping|ped)\b|\bnot (?:going|getting|coming) (?:through|out|in|across)\b|\b(?:wtf|wth)\b/i;

const zhState =
  /怎么样|怎样|咋样|怎么着|如何|还好|好吗|好不好|好着|好了[吗没么]|正常|健康|状态|状况|情况|活着?(?!跃)|存活|在(?:运行|跑|线吗)|运行|检查|巡检|体检|还行|行不行|行吗|没事|稳|可用|能用|通不通|通吗|撑得?住|顶得?住|扛得?住|还在(?:吗|么|不)|看(?:看|一?下)|瞅|瞧|起来了|恢复了?[吗没么]?|ok|OK|良好/;
const enState =
  /\b(?:ok(?:ay)?|fine|well|health\w*|status|alive|running|run|up|uptime|good|great|stable|state|check\w*|working|work|works|doing|going|looking|holding|how(?:'s| is| are| does| did| about)|everything|all right|alright|operational|available|reachable|responsive|responding|behav\w+|happy|sane|green|smooth(?:ly)?|normal(?:ly)?|condition|shape|feeling|feel|sanity|situation|recovered|back|there|coping|keeping up|functional|functioning|look(?:s)? at|performing|performance|living|breathing|clean|all clear)\b/i;

const bareState =
  /^[ ,]*(?:现在|目前|今天|线上|到底|究竟|这|那|又|是|他妈|特么|靠|唉|我去)*(?:个|的)?(?:什么|啥|什麼)(?:个)?(?:情况|状况|鬼|毛病|幺蛾子)(?:了|啊|呀|呢|嘛|这是|现在)*[?。!, ]*$|^[ ,]*(?:现在|目前|今天|当前|最近|大家|那|请问|所以)*(?:还|都|一切|整体)?(?:健康|正常|好|稳定?|行|ok|没事|没问题|没毛病|恢复)(?:着|了)?(?:吗|么|不|吧|嘛|没|不好|不正常)*[?。!, ]*$|^[ ,]*(?:全面|整体|统一|做个?|再|帮我|帮忙|请|来个?|进行|系统)*(?:全面)?(?:检查|体检|巡检|自检)(?:一?下|一遍|一轮)?[吧。! ]*$|^[ ,]*(?:看看?|检查|瞧瞧?)?(?:一?下)?(?:情况|状况|现状|健康状[况态]|健康|状态)(?:如何|怎么样|怎样|吧|呢)?[?。! ]*$|^[ ,]*(?:so |hey |hi )?(?:are|is) (?:we|things?|all|it|that|prod|production)(?: all| still)? (?:ok|okay|good|fine|healthy|well|green|alright|up|alive|stable|normal)(?: now| today| again| still)*[?.!, ]*$|^[ ,]*(?:how(?:'s| is| are) (?:things|it all|everything|we|stuff|prod|production|the situation|it)(?: (?:doing|looking|going|today|now|right now|over there|holding up))*|all (?:ok|okay|good|fine|well|green|clear|systems go)|everything (?:ok|okay|good|fine|alright|running|up|green|well)|still (?:ok|alive|up|good)|status(?: please| report| check| update)?|health|sup)[?.!, ]*$|^[ ,]*(?:please |can you |could you )?(?:run |do |perform )?(?:a |the |some )?(?:quick |full )?(?:health|status|sanity|system)(?: |-)?(?:check(?:s|up)?|report|overview)?(?: please| now)?[?.!, ]*$/i;
