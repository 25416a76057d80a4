import { permissionWords } from "./restart-permission-words.ts";
import { compounds, phrases } from "./restart-wordings.ts";

/**
 * The words of which an order to restart may consist, by what they do in it. A word that is in none
 * of these lists makes a text no order at all, so a word goes in only where it leaves every order an
 * order: no negation, no condition, no other time, nobody else. "A|B" stands for two entries.
 */
export const vocabulary = {
  ...permissionWords,

  // To restart, as something to be done.
  verb: "重启|重新启动|重起|重新拉起|重新拉起来|拉起|拉起来|restart|re-start|reboot|热重启|冷重启|软重启|硬重启|重拉|bounce|relaunch|cycle|kick|recycle|power-cycle|power cycle|powercycle|hard restart|soft restart|force restart|force-restart|hard reboot|rollout restart",
  done: "restarted|re-started|rebooted|bounced|relaunched|recycled|power-cycled|cycled|kicked",
  doing:
    "restarting|re-starting|rebooting|bouncing|relaunching|recycling|power-cycling|cycling|kicking",
  turn: "turn|switch|power",
  offAndOn:
    "off and on|off and on again|off and back on|off and back on again|off then on|off then on again|off then back on",
  giving: "giving",
  manner: "滚动|手动|人工|强制|优雅地|优雅|直接|一键|just|simply|bloody",
  // Without a name, of more than one.
  each: "轮流|逐个|挨个|依次|逐一|逐台|分批|统一|分别|挨个儿|one by one|one after the other|in turn",
  adjective:
    "rolling|quick|clean|graceful|simple|good|proper|swift|nice|little|fresh|plain|hard|soft|gentle",

  // Questions that only politeness asks.
  ask: `might you|can you maybe|can someone|could someone|would someone|can somebody|could somebody|can anyone|could anyone|can anybody|could anybody|couldn't you|any chance you could|any chance you can|is it possible to|is it possible for you to|would it be possible to|could it be possible to|would it be possible for you to|i'd appreciate it if you could|i would appreciate it if you could|would you kindly|could you maybe|could you possibly|would you please|could you please|${phrases("can|could", "one of you|any of you|someone on call|somebody on call|anyone on call|anybody on call|someone around|anyone around|somebody around|whoever is on call|whoever's on call|somebody here|someone here|anyone here", "|please|maybe")}|would somebody|could you just|can you just|can you go ahead and|could you go ahead and|can you quickly|could you quickly|${phrases("is|are", "anyone|anybody|someone|somebody", "able to|around to|free to|available to")}|${phrases("appreciate it|appreciated|i'd really appreciate it|would appreciate it|i'd love it|grateful|much appreciated", "if you could|if someone could|if somebody could|if you would")}|${phrases("hoping|i hope|i'm hoping|i was hoping|was hoping", "you can|you could|someone can|someone could|somebody could")}|${phrases("i'd be|i would be|we'd be|we would be", "grateful|most grateful|very grateful|so grateful|really grateful|obliged|much obliged", "if you could|if someone could|if somebody could|if you would")}|${phrases("it would be|it'd be|that would be", "great|lovely|nice|good|wonderful|helpful|awesome", "if you could|if someone could")}|${phrases("could|may|might|can", "i|we", "trouble|bother|ask", "you|someone", "to")}|${phrases("i was wondering|i wonder|wondering|was wondering|i am wondering|i'm wondering", "if|whether", "you could|someone could|somebody could|you might")}|${phrases("would|could|will", "you|someone", "be", "so kind as|so good as|kind enough|good enough|so kind|able", "to")}|${phrases("do you think|do you suppose", "you could|someone could")}`,
  could: "能不能|能否|可不可以|可否",
  // These ask politely only beside another polite word: "can we restart logic please".
  may: "能|可以|方便|can we|could we|方不方便|您看方不方便|你看方不方便|您看能不能|你看能不能|您看可不可以|您看能否|你看能否",
  askYou: "can you|could you|would you|can't you",
  willYou: "will you|won't you",
  // Only with thanks or praise behind it: "if you could restart task that would be great".
  ifYouCould: "if you could|if someone could|if somebody could",
  great: `${phrases("that would be|that'd be|it would be|it'd be|i'd be|would be", "great|lovely|nice|good|wonderful|helpful|awesome|grateful|perfect|appreciated|much appreciated|really appreciated|super helpful|amazing")}|i'd appreciate it|much appreciated|i'd be very grateful|i'd owe you one|you'd save my night`,
  you: "你|您",
  polite: `please|kindly|help|help me|help us|请|麻烦|劳驾|拜托|烦请|有劳|求|帮忙|帮我|帮我们|帮|替我|替我们|请你|请您|麻烦你|麻烦您|求求了|求求你|求求您|求求|拜托拜托|请务必|帮把手|搭个手|帮个手|行行好|有空帮忙|有空帮我|do me a favor and|do me a favour and|be so kind as to|劳烦|劳烦您|劳烦你|烦劳|恳请|求你|求您|拜托你|拜托您|帮个忙|帮下忙|帮帮忙|搭把手|受累|please be so kind as to|please be so good as to|please be good enough to|be so good as to|be good enough to|be kind enough to|pretty please|please please|do us a favour and|do us a favor and|do me a solid and|${phrases("be|please be|would you be|could you be|can you be", "a dear|a star|a pal|a hero|an angel|a darling|a good bot|so good|so nice|nice", "and")}`,
  assist: "协助|配合|代为|操作|处理",
  effort: "辛苦|辛苦你|辛苦您",
  forMe: "for me|for us|给我|给我们|给咱",
  // "Someone please restart logic"
  someone: "someone|somebody|any of you|one of you",
  wish: "我想|我要|我想请你|想请你|想麻烦你|我需要你|需要你|希望你|希望您|i want to|i need to|i would like to|i'd like to|i want you to|i need you to|i'd like you to|i would like you to|need you to|want you to|let's|let us|申请|i need someone to|i need somebody to|need someone to|i want someone to|i'd like someone to|looking for someone to",
  we: "咱们|咱|我们",
  hurry: "already|赶紧|赶快|快点|快点儿|尽快|抓紧",
  quick: "快",
  swift: "速速|火速|速度|麻溜|麻利|麻溜地|第一时间|尽早|立即马上",
  now: "rn|现在|现在就|马上|立刻|立即|立马|这就给我|now|right now|right away|asap|immediately|quickly|real quick|urgently|at once|straight away",
  first: "先|首先|first",
  more: "再|再次",
  along: "顺手|顺便|顺带|顺带手|一并|也|一起|一块|一块儿",
  wellThen:
    "那|那就|那么|不如|干脆|also|go ahead and|go and|ahead and|please go ahead and|proceed to",
  so: "so",
  next: "then",
  suggest: "还是",
  perhaps: "要不",
  // No rule has a place for these: 要不要 is not 要不 and 要.
  doubt: "要不要|要不要再|只能|只好|只会|不得不|才能|才要|才会|should i|should we|shall i|shall we",
  needs: "要|该|得|需要|needs|needs to be|need to",
  // Only where "do it" follows.
  ought:
    "must|should|has to|ought to|must be|should be|has to be|ought to be|could use|could do with|wants|is due|is due for|is overdue for|is begging for|is crying for|is asking for",
  want: "i want|i need|i'd like|need|want",

  // When those who do it have time, which is no time of the restart's own.
  whenFree: `方便的话|方便时|方便的时候|有空|有空的话|有空的时候|得空|得空的时候|有时间的话|如果方便|如果方便的话|要是方便|要是方便的话|${phrases("when|whenever", "you|someone", "get|have|find", "a moment|a minute|a second|a sec|a chance|a free moment|a free minute|time|the time|a spare minute")}`,

  // What is to be left as it is, beside what is restarted.
  spare:
    "别动|别碰|别管|别理|不用动|不用管|不用碰|不要动|不要碰|不需要动|不需要管|甭动|甭管|别重启|不要重启|不用重启|不是|不是要|not|not the|don't touch|do not touch|don't restart|do not restart|forget|no need to touch|ignore",
  handsOff: "hands off|keep your hands off|keep hands off|stay away from|stay off|leave",
  alone: "alone|be|running|out of it",
  rest: "the rest|anything else|everything else|the others|others|any other|别的|其他|其它|其余|其他的|其它的|其余的|别的服务|其他服务|其它服务|其余服务",
  nothing: "nothing else|and nothing else|nothing more",
  only: "only|只|仅|仅仅|只用|只需|只要|单独|单单|光|就只|只需要|只要求|solely",
  justOne: "一个|一个服务|这一个|这一个服务|这个就行|一个就行|一个就好|一个就够了",
  instead: "instead|rather",
  but: "but|而是",
  enough: "就行|就好|就行了|就可以了|就可以|即可|就够了|就成",

  // What is restarted. The services' names come from the table of services.
  it: "它|这个|那个|it|it's|its|that's|this|that|this one|that one|该服务|这个服务|那个服务|这服务|此服务|the service|this service|that service|这个进程|那个进程",
  all: "everything|all|all services|all of them|all pods|全部|全部服务|所有|所有服务|所有的服务|全部的服务",
  noun: "服务|service",
  part: "进程|实例|容器|pod|process|instance|container|deployment",
  the: "the|our|我们的|咱们的|咱的|线上的|线上|这个叫|叫|the damn|the bloody|the stupid",
  of: "的|of|on|for",
  and: "和|跟|与|以及|还有|、|and|&|plus",
  take: "把|将",
  to: "给|对",
  give: "give",
  make: "do|do a|trigger|force|perform|initiate|issue|kick off|start|run|execute|request|requesting|go ahead with|proceed with|go for|执行|发起|进行|做|来|搞|弄|整|安排",
  serve:
    "来个|来一个|来一次|来一下|做个|做一次|做一下|搞个|搞一次|搞一下|搞一把|搞一个|整个|整一个|整一下|来一把|来一遍|来次|来下|安排个|安排一个|安排一次|安排一下|给个|给一个|给一次",
  get: "get|let's get",
  have: "have|let's have",
  askGet:
    "can we get|could we get|can i get|could i get|can you get|could you get|can we have|can i have|could we have|could i have|can we please get|could we please get|can i please get|could i please get|can we please have|could we please have|can i please have|could i please have|can we just get|could we just get",
  mind: "try|assist with|help with|help by|assist by|assist in|help in",
  askMind: "would you mind|do you mind|mind|any chance of|any chance you could try",
  a: "a|an|another",

  // Behind it.
  soft: "一下|下|一下下|一下儿|一把|一哈|一波",
  once: "一次|一遍|一回",
  off: "掉",
  ba: "吧|呗",
  particle: "哈|啊|呀",
  // 「gateway 重启哦」 tells of it.
  oh: "哦|噢|喔|哟|呐|哒|咧",
  le: "了",
  ma: "吗|么|不|嘛",
  okay: "行吗|好吗|可以吗|行不行|好不好|可以不|行么|好么|成吗",
  again: "again|once more|one more time",
  tryIt: "试试|看看|再说",
  when: "when you can|if you can|if possible|at your earliest convenience|at your convenience|at your leisure|at their earliest convenience|if you don't mind|if you do not mind|if it isn't too much trouble|if it's not too much trouble|if it is not too much trouble|if that's ok|if you please|if you would|if you'd be so kind|if you would be so kind|when possible|when convenient|as soon as possible|as soon as you can",

  // What stands beside it.
  greeting:
    "hi|hey|hello|yo|dear|morning|good morning|good evening|hi team|hey team|hi all|hi there|hey there|你好|您好|嗨|嘿|大家好|sorry|sorry to bother|sorry to bother you|sorry to bug you|sorry to bug you at 3am|sorry to wake you|sorry to bother you again|sorry for the late ping|不好意思|打扰了|打扰一下|excuse me|@|good afternoon",
  agree:
    "好|好的|好吧|行|行吧|嗯|嗯嗯|没问题|对的|是的|确认|ok|okay|yes|yeah|yep|yup|sure|alright|all right|right|go on|fine|well|great|cool|in that case|好了|好嘞|好滴|得嘞|妥|妥了",
  title:
    "大哥|哥|老哥|兄弟|大佬|老师|各位|哥们|哥们儿|老铁|大神|姐|小姐姐|亲|bro|man|guys|team|folks|dude|pal|buddy|friend|my friend|friends|mate|大佬们|各位大佬|兄弟们|哥们们|大家伙|小伙伴们",
  slip: "说错了|打错了|打错字了|搞错了|弄错了|写错了|发错了|看错了|记错了|我说错了|我打错了|我搞错了|口误|手滑|手滑了|更正|更正一下|纠正一下|错了|不对|no|nope|nah|wrong|wrong one|wrong service|wrong name|my mistake|my bad|typo|correction|oops|whoops|scratch that|sorry wrong one|i misspoke",
  meant: "i meant|i mean|我是说|我说的是|我的意思是",
  there:
    "在吗|在么|在不|在不在|在嘛|在没在|有人吗|有人么|有人在吗|有人在么|anyone there|anyone here|anybody there|anyone around|anyone awake|anybody awake|you there|are you there|you awake|在?|在不?|在么?",
  heard:
    "同意|批准|准了|confirmed|permission granted|收到|明白|明白了|agreed|approved|got it|understood|decision made",
  thanks:
    "谢谢|谢了|多谢|谢谢了|谢谢你|谢谢啦|感谢|辛苦了|麻烦了|麻烦你了|麻烦您了|拜托了|cheers|thanks|thank you|thanks a lot|thanks in advance|many thanks|ty|tia|🙏|谢啦|谢谢大佬|谢谢哥|感谢感谢|多谢了|please and thank you|much obliged|thank you so much|thanks so much|thanks a bunch|thx|thanks mate",
  urgent:
    "急|很急|紧急|急急急|十万火急|在线等|快快快|别等了|等不了了|别磨叽了|赶紧的|立刻马上|urgent|emergency|it's urgent|this is urgent|can't wait|cannot wait|do it|do it now|go ahead|go|不管了|别的先不管|别等|don't wait|no questions|go for it|just do it|please do it|just go|hurry up|快点吧|快点啊|快快|火烧眉毛|救命|救急|sos|no time to lose|pronto|stat",
  // Only before an order, where they mean that enough was tried; behind it they may take it back.
  gaveUp:
    "算了|不等了|不查了|算了不查了|不用查了|不用再查了|别查了|先别查了|不管三七二十一|没别的办法了|没办法了|没招了|没辙了|别看日志了|先别看日志了|不看日志了|日志不看了|not waiting any longer|not waiting any more|not waiting anymore|forget it|forget the logs|forget the metrics|never mind|never mind the logs|never mind the metrics|skip the logs|skip the checks|don't bother checking|no need to check|no time to check|enough|enough is enough|that's enough|out of ideas|nothing else helps|nothing else helped|查了半天查不出来|查了半天没结果|查了半天没查到|查了半天没查出来|查了半天也没查出来|查了一圈没发现|查了一圈没结果|查不出来了|没时间查了|没空查了|来不及查了|懒得查了|懒得看了|日志都看过了|日志看过了|日志看完了|该查的都查了|能试的都试了|都试过了|什么都试过了|实在没办法了|实在没招了|实在没辙了|先恢复再说|先恢复业务|恢复业务要紧|恢复要紧|先止血|先救急|别问了|别问为什么|不用问为什么|不废话了|别废话|废话少说|i don't care why|don't care why|i don't care|don't care|i don't care what it takes|don't ask|don't ask why|don't ask questions|no more questions|no more debugging|no more digging|no more waiting|we tried everything|we've tried everything|i tried everything|i've tried everything|tried everything|tried everything else|nothing works|nothing else works|nothing works anymore|nothing helps|nothing is working|i have no idea what's wrong|i have no idea what's wrong with it|no idea what's wrong|no idea what's wrong with it|no idea why|i have no idea|i have no idea why|no idea|can't find the cause|can't find anything|i can't find anything|can't figure it out|i can't figure it out|couldn't find anything|couldn't find the cause|can't see why|stop looking|stop investigating|no time for that|no time for this|no time|we have no time|enough debugging|enough digging|out of options|no other option|no other way|never mind the queries|never mind why",
  // What is put off is the question, not the restart.
  askLater: `${compounds("日志|报错|监控|指标|原因|根因|问题|", "我|我们|", "一会儿|一会|回头|待会|待会儿|稍后|之后|晚点|明天|天亮", "再看|再查|再翻|再分析")}|${compounds("原因|根因|问题|为什么", "以后再查|再慢慢查|回头再说|以后再说")}|回头再查原因|以后再查原因|the cause can wait|${phrases("i'll|we'll|i can|we can|let's", "look into it|find out why|investigate|debug it|find the cause|dig into it", "later|tomorrow|afterwards|in the morning")}`,
  swear:
    "靠|我去|我靠|操|妈的|唉|哎|ugh|damn|shit|fuck|oh god|omg|screw it|fuck it|whatever|大半夜的|大晚上的|深更半夜的|天哪|天啊|服了|真服了|无语|我真服了|bloody hell|for god's sake|for heaven's sake|jesus|argh|gah|crap|come on|dammit|damn it",

  // Why: that something is wrong. Only words that say how it is, never what shall be done when.
  bad: "卡|卡死|卡住|卡顿|僵|不回|不回消息|不消费|消费不动|响个不停|堆成山|报警|爆表|顶不动|没声音|没人接|连不上新连接|卡爆|慢|挂|挂掉|崩|崩溃|死|死掉|宕|宕机|宕掉|瘫|瘫痪|炸|凉|跪|假死|无响应|没响应|没反应|没动静|没回应|不响应|不动|不工作|不正常|不行了|卡得不行|慢得不行|不好使|连不上|登不上|登录不了|打不开|发不出|发不出去|发不了|收不到|不通|断|掉线|堵|堵住|堵死|积压|有问题|出问题|出错|异常|坏|满|打满|爆|爆满|泄漏|泄露|飙高|飙|太高|太大|太多|太慢|超时|oom|502|503|504|500|stuck|slow|sluggish|maxed out|isn't consuming|not consuming|stopped consuming|isn't delivering|stopped delivering|stopped working|stopped responding|stopped answering|isn't replying|not replying|no replies|no answer|no answers|jammed|clogged|backed up|stalled|stalling|down|dead|dying|hung|hangs|hanging|frozen|unresponsive|broken|crashing|crashed|leaking|leaks|toast|borked|flaky|not responding|not answering|not working|not healthy|not reachable|isn't responding|isn't answering|isn't working|doesn't respond|doesn't answer|doesn't work|does not respond|unreachable|unavailable|unhealthy|acting up|timing out|out of memory|oomkilled|leaking memory|eating memory|eating cpu|driving me nuts|can't reach|cannot reach|can't send|can't send messages|cannot send messages|can't log in|cannot log in|can't login|can't connect|cannot connect|nobody can log in|nobody can connect|nobody can send messages|nobody can send|no one can log in|no one can connect|no response|僵死|僵住|抽风|不理人|不理|没人理|发不出来|发不出消息|收不到消息|收不到推送|收不到通知|登不进|登不进去|登不上去|进不去|连不进|连不上去|用不了|跑不动|转圈|白屏|罢工|掉链子|顶不住|扛不住|撑不住|失联|离线|不可用|没起来|崩掉|崩了|挂死|死机|死锁|半死不活|泄露严重|locked up|wedged|gone|offline|lagging|laggy|choking|degraded|a mess|on fire|in a bad state|in bad shape|misbehaving|not loading|not connecting|not sending|not delivering|not processing|won't start|won't respond|won't load|keeps crashing|keeps dying|crashlooping|spinning|deadlocked|overloaded|melting|going crazy|500s|502s|503s|high|full|nobody gets notifications|nobody gets messages|nobody can connect to it|can't use it|can't use the chat|acting weird|unstable|涨|暴涨|猛涨|狂涨|climbing|growing|停了|停摆|停止响应|停止消费|全停了|没消费|没发出来|没发出去|没收到|没送到|没推送|没有响应|没有反应|好慢|好卡|巨慢|巨卡|贼慢|贼卡|不理我|不回我|不搭理|堆满|涨满|撑爆|打挂|打爆|打不通|连不通|访问不了|登不了|发不动|不推了|不干活|不转了|哑了|歇菜|嗝屁|完蛋|雪崩|夯住|hang 住|hang住|hang 死|hang死|screaming|yelling|shouting|angry|furious|going mad|losing it|waiting|affected|locked out|red|all red|going off|ringing|blowing up|exploding|weird|being weird|acting strange|acting funny|acting up again|odd|confused|useless|tits up|belly up|kaput|fubar|bust|busted|hosed|shot|not happy|unhappy|sick|struggling|crawling|barely moving|barely responding|swapping|thrashing|timing out again|dropping connections|dropping messages|losing messages|losing connections|refusing connections|rejecting connections|not accepting connections|eating all memory|eating all the memory|out of connections|out of file descriptors|piling up|filling up|at its limit|at the limit|throwing errors|throwing 500s|throwing 502s|throwing 503s|throwing 504s|卡得要死|卡得不行了|卡出翔|进不来|进不来了|傻|傻掉|dead in the water|not coming back|not coming up|not starting|not recovering|won't come up|won't come back|won't recover|refuses to start|refuses connections|不干活了|不吭声|没人应",
  unmended: "还是不行|没好|没恢复|起不来|not getting better|no better|no luck",
  // Who says so may go on with what they say: only a comma ends that.
  said: "报错|一直报错|投诉|骂|在骂|抱怨|反馈|催|complaining|complain|failing|fails|errors|error|erroring",
  // Behind an order it tells what came of it.
  failed: "failed",
  who: "消费者|告警|慢查询|新连接|群里问它|问它|consumer|consumers|connection|the consumer|the consumers|a consumer|replies|alerts|消息|内存|连接|连接数|队列|延迟|页面|日志|nobody|messages|notifications|memory|connections|the queue|all day|推送消息|网站|网页|web|推送通知|通知|消费|延迟高|cpu|the site|the website|the app|clients|logins|sends|latency|memory usage|日志里|日志里面|日志中|log|the log|the logs|its log|its logs|memory use|cpu usage|连接池|线程池|反应|响应|接口|推送量|健康检查|探针|会话|socket|pager|pagers|my pager|the pager|phones|phone|my phone|the phone|dashboard|dashboards|the dashboard|the dashboards|support|health check|health checks|the health check|the backlog|queue|backlog|requests|sessions|sockets|the logins|pushes|the messages|the clients|its memory|its cpu|the cpu|the memory|监控|大盘",
  place: "那边|这边|那头|这头",
  be: "是",
  just: "就",
  // Whoever is not sure of a reason may order all the same, but not who is not sure of the leave.
  hedge: "好像|似乎|看来|看起来|感觉|i think|seems|seems to be|looks|looks like",
  degree:
    "anybody|anyone|to anybody|to anyone|又|一直|已经|都|全|全都|太|很|真|老|老是|总是|越来越|彻底|完全|死死|在|着|is|are|was|been|has been|have been|has|is being|'s|they're|totally|completely|really|very|super|too|once again|keeps|kept|for ages|for an hour|for hours|forever|always|pretty|quite|badly|有点|有些|突然|忽然|刚刚|莫名|半天了|好久了|一会了|严重|大量|suddenly|somehow|a bit|kind of|since this morning|since lunch|since midnight|since last night|since the deploy|since the release|after the deploy|after the release|after the update|凌晨|半夜|大半夜|一晚上|一整晚|for a while|for minutes|老在|keep|over and over|again and again|all the time|constantly|nonstop|non-stop|every minute|every few seconds|every few minutes|all morning|all night|已|实在|一个劲|一个劲地|基本|差不多|几乎|快要|完全都|still just|at all|anymore|any more|any longer|nearly|almost|basically|practically|currently|again now|right after the deploy",
  // What it says, with the words that it says.
  prints:
    "打印|打|刷|刷屏|报|抛|吐|返回|提示|显示|全是|都是|printing|prints|logging|logs|throwing|throws|spitting|spits|spitting out|spamming|spams|saying|says|showing|shows|returning|returns|gives|reporting|reports|getting|gets|seeing|see|full of|answers with|answering with",
  rise: "涨到|飙到|升到|冲到|达到|爆到|快到|到|at|hit|hits|reached|up to",
  // What was done before, after which it is to be restarted.
  news: `刚发完版|刚发布完|刚部署完|刚更新完|发完版了|发布完了|部署完了|部署好了|更新完了|发版完了|刚改完配置|改完配置了|配置改好了|配置改完了|配置更新了|配置更新好了|配置已更新|配置已经更新了|配置换好了|新配置好了|deploy 完了|deploy 好了|镜像更新了|新镜像推好了|config's updated|config is updated|the config is updated|the config's updated|config map's updated|the config map is updated|config changed|the config has changed|the new config is in|the new config is in place|the new image is in place|the new image is up|i changed the config|i've changed the config|i updated the config|i've updated the config|we updated the config|we've updated the config|备份做完了|备份做好了|备份好了|备份完了|备份完成了|备份已完成|已备份|已经备份了|已经备份过了|已经备份好了|备份过了|数据备份好了|数据已备份|数据备份完了|刚备份完|备份做过了|快照打好了|快照打完了|流量切走了|流量已经切走了|流量切完了|流量摘了|流量已经摘了|配置改了|配置已经改了|配置改过了|新版本推好了|证书换好了|证书更新了|证书换了|参数改好了|参数改完了|开关打开了|${phrases("|the|a|our", "backup|backups|snapshot|dump", "is done|'s done|done|is complete|is finished|finished|has finished|completed|is taken|taken|is ready|was taken|is there|is safe|went fine")}|${phrases("i|we|i've|we've|i just|we just", "took|taken|made|have", "a backup|a snapshot|a dump|backups")}|it's backed up|it is backed up|everything is backed up|everything's backed up|all backed up|backup's done|the backup's done|backups are done|the snapshot's done|traffic is drained|traffic's drained|the traffic is drained|it's drained|traffic is moved|the cert is renewed|the certificate is renewed|the new cert is in|the new cert is in place|the new certificate is in place|the fix is in|the fix is deployed`,
  purpose: `让新配置生效|让配置生效|使配置生效|让新的配置生效|让它重新读|让它重新读配置|让它重新读一下配置|让它重新加载|让它重新加载配置|让它重读配置|让它读新配置|重新加载配置|加载新配置|读新配置|释放内存|释放一下内存|清一下内存|${phrases("to|so it|so that it|so it can|so that it can", "pick up|picks up|load|loads|reload|reloads|read|reads|re-read|apply", "the new config|the config|its config|the new settings|the changes|the change|the new image|the new certificate")}|so it picks it up|so that it picks it up|to free memory|to free up memory|to free its memory|to release memory|to reconnect|so it reconnects`,
  namely: "就是|说的是",
  still: "还|仍|仍然|依然|依旧|still",
  because: "because|since|cause|coz|as|given that|seeing that|因为|由于",
} as const;
