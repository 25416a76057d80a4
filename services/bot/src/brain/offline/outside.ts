import { isTakenBack } from "./taking-back.ts";
import { isVenting } from "./venting.ts";

/** Said to be polite, or to take back what was said: nothing is asked. */
export function asksNothing(text: string): boolean {
  return (
    (chitChat.test(text) && !/^bot\W*$/i.test(text)) ||
    isTakenBack(text) ||
    smallTalk.test(text) ||
    isVenting(text)
  );
}

/** Of machines and people that are none of ours. */
export function isAboutOthers(text: string): boolean {
  return (othersThings.test(text) || devices.test(text)) && !ourUsers.test(text);
}

/** An order that changes or reveals more than a restart does. */
export function isForbidden(text: string): boolean {
  if (secrets.test(text)) return true;
  const said = text.replace(anotherSpan, " ");
  return (
    [zhOrder, enOrder, enApart, mixedOrder].some((order) => order.test(said)) &&
    !isAboutThePast.test(text)
  );
}

/** What is asked of the world, of programming or of how things work in general. */
export function isGeneralKnowledge(text: string): boolean {
  return zhGeneral.test(text) || zhTheory.test(text) || enGeneral.test(text);
}

const chitChat =
  /^(?:你好|您好|嗨|嘿|哈[喽啰]|早上好|早安|早啊?|晚上好|下午好|中午好|午安|晚安|谢谢?|谢了|多谢|感谢|辛苦|再见|拜拜|好的?|行|收到|明白|知道了|了解|嗯+|哦+|哈+|呵+|没问题|ok|okay|hi|hello|hey|yo|thanks?|thank you|cheers|ty|bye|good (?:morning|night|evening|afternoon|job|work)|well done|cool|great|nice|perfect|awesome|lol|haha|yes|no|yep|nope|got it|understood|sure|morning|[,.!?~ 啊呀了吧你您啦哈哦呢]|大家|各位|there|bot|you|all|everyone|team|mate|a lot|so much|very much|again)+$/i;
const smallTalk =
  /\bhow are (?:you|u)\b|\bhow(?:'s| is) (?:it going|life|your day)\b|\bare you (?:there|a (?:robot|human|bot|person)|real|alive|human|ok)\b|\b(?:i|we) (?:love|like|hate|miss) (?:you|this)\b|\byou(?:'re| are| rock)\b(?! (?:able|capable|supposed|good (?:at|for)|for))|\bwho (?:are you|made you|built you|wrote you)\b|^(?:在吗|在么|在不在|在不)[?。!]*$|你(?:是谁|叫什么|几岁|真|好(?:棒|厉害|聪明|笨|烦|可爱)|太|是(?:真人|人|机器人吗))/i;

const othersThings =
  /我(?:家|妈|爸|老婆|老公|女朋友|男朋友|儿子|女儿|同学|的?(?:电脑|手机|笔记本|路由器?|平板|电视|车|猫|狗|博客|网站|个人))|邻居|隔壁|(?:别人|朋友|客户|对方|他们?|她们?)(?:家|公司)?的(?:电脑|手机|服务器|路由器|机器|网站|集群|系统)|别的公司|其他公司|\b(?:my|his|her|your|their|neighbou?r(?:'s)?|friend'?s?|mom'?s?|mum'?s?|dad'?s?|wife'?s?|office'?s?|somebody'?s|someone'?s|customer'?s|client'?s) (?:\w+ ){0,2}(?:laptop|computer|phone|iphone|router|mac|macbook|pc|tablet|ipad|tv|car|printer|modem|fridge|watch|console|blog|website|cluster|server|nas|wi-?fi|xbox|playstation)\b|\b(?:aws|google|github|facebook|twitter|netflix|amazon|microsoft)(?:'s)?\b/i;
const devices =
  /路由器|打印机|洗衣机|冰箱|空调|电视机?|扫地机|热水器|宽带|光猫|windows ?(?:系统|电脑|更新)|\b(?:routers?|printers?|laptops?|iphones?|ipads?|xbox|playstation|smart ?tv|toaster|fridge|modem|macbook|raspberry pi|coffee machine|windows (?:pc|laptop|update))\b/i;
const ourUsers = /手机(?:端|上|版)|\bon (?:their|my|the) (?:phones?|mobiles?|laptops?)\b/i;

const secrets =
  /(?:密码|口令|密钥|私钥|凭证|令牌|秘钥)(?!错误|不对|失败|过期)|\b(?:passwords?|passwd|credentials?|secrets?|private keys?|api[ -]?keys?|access tokens?|ssh keys?|root access|connection strings?)\b(?! (?:error|mismatch|wrong|rejected))/i;
const changes =
  "(?:删(?:除|掉|了|光|干净)?|清(?:空|理|除|掉|一?下|干净|了)|停(?:掉|止|用|了|一?下|机)|关(?:闭|掉|了|一下|机|停)|干掉|杀(?:掉|死|了)?|扩(?:容|到|一?下|成)?|缩(?:容|到|一?下|成)?|加(?:到|个?副本|机器|节点|内存|资源|配置|cpu|一?个)|减(?:到|少副本)|回(?:滚|退)|下(?:线|架|掉)|禁(?:用|掉|言|止)|封(?:禁|掉|了|号)?|踢(?:掉|出|下线|了)?|升级|降级|还原|(?:退[回到]|[换切调改滚倒]回|回到)(?=.{0,12}(?:版|镜像|代码|发布|配置|上[一个次周]|之前|以前|旧|老))|(?<!上次|最近|何时|时候|谁|怎么)(?:部署|发布|上线)(?!时间|记录|历史|是|了)|执行(?!情况|状态|记录|次数|结果|得)|修改|改(?:[成为](?!最近|过去|近|今|昨|前|\\d|半|一|两|只|看)|一?下|掉|个|密码|配置)|重置|重装|迁移|备份|恢复(?!了|没|吗)|截断|注销|销毁|切(?:到|换|流)|摘(?:掉|除)|挂起|暂停|熔断|限流|降配|打(?:补丁|包)|安装|卸载|插入|更新(?!时间|记录|是|了)|导出|合并|丢弃|重放|抹掉|格式化|登录(?:到|进)|进入?(?:容器|到|一下)|连(?:上|到)?(?:容器|服务器))(?!的|是|在|的?(?:详情|信息|情况|状[态况]|配置|进度|版本|时间|记录|历史|日志|次数|参数|方式|位置|怎么样))";
const zhOrder = new RegExp(
  `(?:把|将|给).{1,24}(?:${changes}|停|关|杀|删|清)(?:了|掉|吧|一?下|空|$)|把.{1,20}(?:${changes})|(?:^|[,。!;；~ ]|帮我?|帮忙|请|给我|直接|能不能|能否|可以|可不可以|麻烦|立刻|马上|赶紧|现在|先|全部|我要|我想|想|需要|快|并且?|顺便|然后|同时|后)\\s*(?:你|您|都|全部?|一键|手动)?\\s*(?:${changes})|(?:${changes})(?:一?下|掉|吧|了吧)[。! ]*$|进(?:到|入)?.{0,12}(?:shell|终端|命令行|容器里?|bash)|(?:开|打开|给).{0,10}(?:shell|终端|命令行|权限)`,
  "i",
);
// In English an order begins its clause, behind politeness at most.
const enOrder =
  /(?:^|[,.;:!?] ?|\b(?:please|and|then|to|you|i|we|let's|just|now|also|should|can|could|would|will|ok|okay|hey|kindly|immediately|go|ahead|or|by|quickly|mind) )(?:drop|delet(?:e|ing)|remov(?:e|ing)|truncate|wipe|purge|flush|clear(?:ing)?|erase|shut ?down|stop(?:ping)?|kill(?:ing)?|terminat(?:e|ing)|scal(?:e|ing)|roll(?:ing)? ?back|rollout undo|revert|upgrad(?:e|ing)|downgrade|deploy(?:ing)?|redeploy|exec(?:ute)?|ssh|run|disable|enable|ban|block|kick(?! off)|reset|modify|chang(?:e|ing)|edit|set|update|patch|migrate|drain|cordon|pause|resume|grant|revoke|evict|mute|silence|ack(?:nowledge)?|install|uninstall|rename|rotate|insert|create|resize|nuke|destroy|detach|unplug|archive|export|dump|replay|requeue|move|add|apply|rebuild|switch (?:off|on|to)|turn (?:off|on)|take (?:down|offline)|bring down|log ?in ?to|attach to|connect to|get (?:me )?into|give me (?:root|admin|write|shell))\s+(?!of\b|in\b|(?:a |the |some )?(?:quick |full )?(?:health|diagnos|check))(?=\S)|\b(?:take|bring) (?:the |our )?[\w-]+(?: service)? (?:down|offline)\b|\bturn (?:the |our )?[\w-]+(?: service)? off\b|\bshut (?:the |our )?[\w-]+(?: service)? down\b|\bscale[- ]?(?:up|down|out|in)\b|\b(?:shell|bash|terminal|root|admin) (?:access|into|in|on)\b|\brm -rf\b|\bkubectl (?:exec|delete|scale|edit|apply|patch|drain|cordon)\b|\b(?:drop|truncate) table\b|\bopen (?:me )?a (?:shell|terminal)\b|\bmore replicas\b/i;
// "Logic rollback 到上个版本": the verb is English, what stands around it Chinese.
const mixedOrder =
  /\b(?:roll ?back|stop|kill|delete|drop|truncate|scale|flush|drain|evict|upgrade|downgrade|deploy|redeploy|purge|wipe|shutdown|revert|disable|reset)\s*(?:一?下|掉(?!了)|到|回到?|成|吧|给我)|[把将给][^,，。]{1,20}\b(?:roll ?back|stop|kill|delete|drop|truncate|scale|flush|drain|evict|upgrade|downgrade|redeploy|purge|wipe|shutdown|revert|disable)\b|(?:^|[,。 ])(?:帮我?|帮忙|请|给我|能不能|可以|麻烦|立刻|马上|赶紧|现在|先|直接)+\s*(?:roll ?back|stop|kill|delete|drop|truncate|scale|flush|drain|evict|upgrade|downgrade|redeploy|purge|wipe|shutdown|revert|disable)\b/i;
// "Roll logic back": the particle stands behind what it is done to.
const enApart = new RegExp(
  "(?:^|[,.;:!?] ?|\\b(?:please|and|then|to|you|we|let's|just|now|also|should|can|could|would|will|go|ahead) )(?:" +
    [
      "roll(?:ing)? (?:\\S+ ){1,4}back\\b",
      "(?:bring|put|take|switch|set|move|get|go|chang\\w+|fall|reset) (?:\\S+ ){0,4}back (?:to|on|onto) .{0,24}\\b(?:versions?|releases?|images?|builds?|tags?|deploy\\w*|revisions?|commits?|config\\w*|code|v?\\d[\\d.]*)\\b",
      "(?:scale|shut|spin|power|tear|wind|bring|take) (?:\\S+ ){1,3}(?:down|offline|out of service)\\b",
      "(?:turn|switch|power) (?:\\S+ ){1,3}(?:off|on)\\b",
      "(?:wipe|clean|clear|flush) (?:\\S+ ){1,3}(?:clean|out|away)\\b",
      "undo (?:the|that|this|our|my|last|latest|yesterday|today|it)",
    ].join("|") +
    ")",
  "i",
);
// "缩短到 10 分钟", "change it to 200 lines": what is changed is the question.
const anotherSpan =
  /(?:[缩扩加减放拉调改增延换][短小大宽长展充加少到成]?)(?:到|成|为|至)?\s*(?:最近|过去|近|前)?的?\s*(?:\d+|[一二两三四五六七八九十半百]+)\s*个?(?:分钟|小时|钟头|天|周|星期|礼拜|月|行|条)|\b(?:set|chang(?:e|ing)|mov(?:e|ing)|updat(?:e|ing)|switch|resize|scale|add) (?:it |that |this |the (?:window|range|limit) )?(?:back |up |down |out )?(?:to |by )?(?:the )?(?:last |past )?(?:\d+|an?|one|two|three|five|ten|half an?) ?(?:more )?(?:m|min|minutes?|h|hrs?|hours?|d|days?|weeks?|lines?)\b/gi;
const isAboutThePast =
  /为什么|为啥|为何|怎么回事|怎么会|原因|没(?:有)?(?:恢复|清|停)|\bwhy\b|\bwhat (?:caused|happened)\b|\b(?:was|were|has been|have been|got|did|who|when|has|keeps?|does|doesn't|won't|can't|cannot|couldn't|unable|users? can|people|isn't|aren't|not)\b|被.{0,4}(?:删|停|关|杀)|(?:上次|最近一次|什么时候|谁|有没有|是不是|是否).{0,8}(?:部署|发布|更新|升级|上线|发版|删|停|关|清|改|备份)/i;

const zhGeneral =
  /^(?:k8s|kubernetes|请问|那|里|的|中| )*(?:pod|死信(?:队列)?|jetstream|nats|mysql|websocket|容器|k8s|kubernetes|探针|outbox|发件箱|p99|qps|消息队列|慢查询)\s*(?:到底|究竟)?(?:是|指)(?:什么|啥)(?:东西|玩意儿?)?[?啊呀呢。 ]*$|(?:用|拿) ?(?:go|c|r|js|ts|node|shell|bash|awk|sed|grep)(?![a-z]).{0,4}(?:怎么|如何|写|读|实现)|(?:写|编|画)(?:一?[个段份首篇张]|点|封)|代码|脚本|正则|算法|快排|链表|(?:^|[^\w])(?:python|java|golang|rust|php|c\+\+|excel|redis|kafka|nginx|react|vue|linux|git)(?!\w)|教程|面试|翻译|诗|笑话|故事|唱|天气|股[票价]|基金|汇率|新闻|足球|篮球|世界杯|比赛|电影|音乐|歌|游戏|菜谱|做菜|吃(?:什么|啥|饭|了吗)|喝什么|午饭|晚饭|几点了|星期几|几号|放假|请假|加班|工资|机票|高铁|外卖|快递|星座|减肥|旅游|房价|彩票|生日|什么是(?!原因)|(?:什么|啥)叫|\bjournalctl\b|是什么(?:意思|东西|原理|概念)|(?:用|拿)?(?:英语|英文|中文|日语|日文|法语|德语|粤语)(?:里|中)?(?:怎么|咋|如何|该怎么)(?:说|讲|写|表达|念)|怎么(?:念|拼写?|发音)|啥意思|什么意思|的?区别|(?:有|什么|啥)不同|哪个好|原理|怎么用(?!你|这|$|[啊呀呢?])|(?:python|java|grep|awk|sed|vim|docker|kubectl|sql) ?[\w ]*怎么用|(?:怎么|如何|怎样|咋)(?:配置(?!的)|安装|优化|编写|写|实现|学|设计|建|搭建?|部署|升级|备份|调优|打(?:印)?日志|监控|防|解析|连接到|选|做到|理解|用.{1,12}(?:写|实现|解析|过滤))|推荐|科普|论文|历史(?:故事|人物)|\d+\s*[+*×x/]\s*\d+|等于几|等于多少/i;
// "讲讲 mysql 联合索引的最左匹配原则": how it works is told by books, how it is by the tools.
const theory =
  "(?:原则|规则|原理|语义|算法|机制|范式|隔离级别|理论|概念|协议|规范|设计模式|架构思想|优缺点|数据结构|底层|源码)";
const zhTheory = new RegExp(
  `(?:讲|说|聊|谈|介绍|解释|科普|普及|了解|学)(?:讲|说|聊|谈|解|一?下|一讲|一说)?[^,，。]{0,24}${theory}|(?:匹配|路由|淘汰|复制|重试|选主|一致性)${theory}|最左(?:前缀|匹配)|${theory}(?:是(?:什么|啥|怎)|怎么|如何|有哪些)`,
);
const enGeneral =
  /\bjournalctl\b|\b(?:write|draft|compose|generate|code|sing|draw|paint) (?:me |us )?(?:a|an|some|the|my)\b|\bscripts?\b|\bpoems?\b|\bjokes?\b|\bstory\b|\bweather\b|\bstocks?\b|\bbitcoin\b|\brecipes?\b|\b(?:for|eat|have|cook|make|order) (?:\w+ )?(?:dinner|lunch|breakfast)\b|\bmovies?\b|\bfootball\b|\bworld cup\b|\btranslat(?:e|ion)\b|\btutorials?\b|\bdifferences? between\b|\bpros and cons\b|\b(?:vs|versus) (?:kafka|rabbitmq|postgres|redis|docker)\b|\bwhat (?:is|are|does) (?:a|an)\b|\bwhat(?:'s| is) (?:a|an|your (?:name|favou?rite)|the (?:capital|meaning|population|time|date|square root)|love)\b|\bwhat does (?!.{0,30}\b(?:run|use|print|log|say|report|show)\b).{1,30} (?:mean|do|stand for)\b(?! you)|\bwhat (?:day|time|year) is\b|\bdefine\b|\bexplain (?:how|what|the (?:concept|theory|difference|idea)|to me (?:how|what)|(?:me )?(?!why|what you|how you)\w+ (?:replication|index\w*|sharding|streams?|jetstream|pods?|containers?)|jetstream|nats|mysql|kubernetes|docker|websockets?|grpc)\b|\b(?:in|with|using) (?:python|java|javascript|typescript|go|golang|rust|php|ruby|bash|c\+\+|node(?:\.?js)?|nginx|excel|pandas|awk|sed)\b|\b(?:python|javascript|typescript|golang|rust|java|php|nginx|kafka|rabbitmq|redis|postgres\w*|react|excel)\b|\bhow (?:do|can|should|would|to|does one) ?(?:i |we |you |one |people )?(?:install|configure|set ?up|write|rotate|optimi[sz]e|parse|implement|design|learn|tune|build|make|create|index|cook|fix my|backup|back up|shard|scale|deploy|migrate|secure|monitor|debug)\b|\bbest (?:way|practice|tool|movie|book|database)s?\b|\bwho (?:is|are|was|won|invented|wrote|created|makes)\b(?! (?:online|在线|connected|on\b|signed|logged|using|here|active|affected|around|there|in chat|in the chat))|\bcapital of\b|\bmeaning of\b|\btell me (?:about (?:the history|nats|mysql|kubernetes|docker)|a )|\brecommend\b|\bsql (?:query|statement) (?:to|for|that)\b|\bregex\b|\bhomework\b|\bhow (?:does|do) (?!this\b|it\b|you\b|the bot\b|restart|a restart)(?:\w+ ){1,3}works?\b|\d+\s*[+*/]\s*\d+|\bi(?:'d| would)? love\b/i;
