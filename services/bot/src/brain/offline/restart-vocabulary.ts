/**
 * The words of which an order to restart may consist, by what they do in it. A word that is in none
 * of these lists makes a text no order at all, so a word goes in only where it leaves every order an
 * order: no negation, no condition, no other time, nobody else. "A|B" stands for two entries.
 */
export const vocabulary = {
  // To restart, as something to be done.
  verb: "重启|重新启动|重起|重新拉起|重新拉起来|拉起|拉起来|restart|re-start|reboot|bounce|relaunch|cycle|kick|rollout restart",
  done: "restarted|re-started|rebooted|bounced|relaunched",
  doing: "restarting|re-starting|rebooting|bouncing|relaunching",
  manner: "滚动|手动|强制|优雅地|优雅|直接|一键|just|simply|bloody",
  adjective: "rolling|quick|clean|graceful|simple",

  // Questions that only politeness asks.
  ask: `can you|could you|would you|can you maybe|can someone|could someone|would someone|can somebody|could somebody|can anyone|could anyone|can anybody|could anybody|can't you|couldn't you|any chance you could|any chance you can|is it possible to|is it possible for you to|would it be possible to|could it be possible to|would it be possible for you to|i'd appreciate it if you could|i would appreciate it if you could|would you kindly|could you maybe|could you possibly|would you please|could you please|${phrases("i'd be|i would be|we'd be|we would be", "grateful|most grateful|very grateful|so grateful|really grateful|obliged|much obliged", "if you could|if someone could|if somebody could|if you would")}|${phrases("it would be|it'd be|that would be", "great|lovely|nice|good|wonderful|helpful|awesome", "if you could|if someone could")}|${phrases("could|may|might|can", "i|we", "trouble|bother|ask", "you|someone", "to")}|${phrases("i was wondering|i wonder|wondering|was wondering|i am wondering|i'm wondering", "if|whether", "you could|someone could|somebody could|you might")}|${phrases("would|could|will", "you|someone", "be", "so kind as|so good as|kind enough|good enough|so kind|able", "to")}|${phrases("do you think|do you suppose", "you could|someone could")}`,
  could: "能不能|能否|可不可以|可否",
  // These ask politely only beside another polite word: "can we restart logic please".
  may: "能|可以|方便|can we|could we|will you|won't you|方不方便|您看方不方便|你看方不方便|您看能不能|你看能不能|您看可不可以|您看能否|你看能否",
  you: "你|您",
  polite:
    "please|kindly|help|help me|help us|请|麻烦|劳驾|拜托|烦请|有劳|求|帮忙|帮我|帮我们|帮|替我|替我们|请你|请您|麻烦你|麻烦您|有空帮忙|有空帮我|do me a favor and|do me a favour and|be so kind as to|劳烦|劳烦您|劳烦你|烦劳|恳请|求你|求您|拜托你|拜托您|帮个忙|帮下忙|帮帮忙|搭把手|受累|please be so kind as to|please be so good as to|please be good enough to|be so good as to|be good enough to|be kind enough to",
  assist: "协助|配合|代为|操作|处理",
  effort: "辛苦|辛苦你|辛苦您",
  forMe: "for me|for us|给我|给我们|给咱",
  wish: "我想|我要|我想请你|想请你|想麻烦你|我需要你|需要你|希望你|希望您|i want to|i need to|i would like to|i'd like to|i want you to|i need you to|i'd like you to|i would like you to|need you to|want you to|let's|let us|申请",
  we: "咱们|咱|我们",
  hurry: "already|赶紧|赶快|快点|快点儿|尽快|抓紧",
  quick: "快",
  swift: "速速|火速|速度|立即马上",
  now: "rn|现在|现在就|马上|立刻|立即|立马|这就给我|now|right now|right away|asap|immediately|quickly|real quick|urgently|at once|straight away",
  first: "先|首先|first",
  more: "再|再次",
  wellThen: "那|那就|那么|不如|干脆|also|go ahead and|go and|ahead and",
  so: "so",
  next: "then",
  suggest: "还是",
  perhaps: "要不",
  needs: "要|该|得|需要|needs|needs to be|need to",
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
  only: "only|只|仅|仅仅|只用|只需|单独",
  instead: "instead|rather",
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
  make: "do|do a|trigger|perform|initiate|issue|kick off|start|run|execute|request|requesting|go ahead with|proceed with|go for|执行|发起|进行|做|来|搞|弄",
  serve: "来个|来一个|来一次|来一下|做个|做一次|做一下|搞个|搞一次",
  get: "get|let's get",
  askGet:
    "can we get|could we get|can i get|could i get|can you get|could you get|can we have|can i have|could we have|could i have",
  mind: "try|assist with|help with|help by|assist by|assist in|help in",
  askMind: "would you mind|do you mind|mind|any chance of|any chance you could try",
  a: "a|an|another",

  // Behind it.
  soft: "一下|下|一下下|一下儿|一把|一哈|一波",
  once: "一次|一遍|一回",
  off: "掉",
  ba: "吧|呗",
  particle: "哈|啊|呀",
  le: "了",
  ma: "吗|么|不|嘛",
  okay: "行吗|好吗|可以吗|行不行|好不好|可以不|行么|好么|成吗",
  again: "again|once more|one more time",
  tryIt: "试试|看看|再说",
  when: "when you can|if you can|if possible|at your earliest convenience|mate|at your convenience|at your leisure|at their earliest convenience|if you don't mind|if you do not mind|if it isn't too much trouble|if it's not too much trouble|if it is not too much trouble|if that's ok|if you please|if you would|when possible|when convenient|as soon as possible|as soon as you can",

  // What stands beside it.
  greeting:
    "hi|hey|hello|yo|dear|morning|good morning|good evening|hi team|hey team|hi all|hi there|hey there|你好|您好|嗨|嘿|大家好|sorry|sorry to bother|sorry to bother you|sorry to bug you|sorry to bug you at 3am|sorry to wake you|sorry to bother you again|sorry for the late ping|不好意思|打扰了|打扰一下|excuse me|but|@|大哥|哥|老哥|兄弟|大佬|老师|各位|bro|man|guys|team|folks|good afternoon",
  agree:
    "好|好的|好吧|行|行吧|嗯|嗯嗯|没问题|对的|是的|确认|ok|okay|yes|yeah|yep|yup|sure|alright|all right|right|go on|fine|well|great|cool|in that case",
  heard: "同意|收到|明白|明白了|agreed|approved|got it|understood|decision made",
  thanks:
    "谢谢|谢了|多谢|谢谢了|谢谢你|谢谢啦|感谢|辛苦了|麻烦了|麻烦你了|麻烦您了|拜托了|cheers|thanks|thank you|thanks a lot|thanks in advance|many thanks|ty|tia|🙏",
  urgent:
    "急|很急|紧急|急急急|十万火急|在线等|快快快|别等了|等不了了|别磨叽了|赶紧的|立刻马上|urgent|emergency|it's urgent|this is urgent|can't wait|cannot wait|do it|do it now|go ahead|go|不管了|别的先不管|别等|don't wait|no questions",
  // Only before an order, where they mean that enough was tried; behind it they may take it back.
  gaveUp:
    "算了|不等了|不查了|算了不查了|不用查了|不用再查了|别查了|先别查了|不管三七二十一|没别的办法了|没办法了|没招了|没辙了|别看日志了|先别看日志了|不看日志了|日志不看了|not waiting any longer|not waiting any more|not waiting anymore|forget it|forget the logs|forget the metrics|never mind|never mind the logs|never mind the metrics|skip the logs|skip the checks|don't bother checking|no need to check|no time to check|enough|enough is enough|that's enough|out of ideas|nothing else helps|nothing else helped",
  swear: "靠|我去|我靠|操|妈的|唉|哎|ugh|damn|shit|fuck|oh god|omg|screw it|fuck it|whatever",
  standing:
    "我是管理员|不用审批|出事算我的|出事我负责|我负责|我跟老大说过了|i'm the admin|im the admin|i am the admin|老板同意了|老大同意了|领导同意了|领导批了|批下来了|审批过了|审批通过了|已经批准了|没人在用|没人用|没人用了|确认过了|我确认过了|我看着|我盯着|我在盯着|i have approval|i've got approval|approval granted|change is approved|change approved|the change is approved|nobody is using it|nobody's using it|i'm watching it|i'll watch it|ill watch it|i give up|查了半天没头绪|老板在催|老板催了|客户在催|without asking|don't worry about the approval stuff",

  // Why: that something is wrong. Only words that say how it is, never what shall be done when.
  bad: "卡|卡死|卡住|卡顿|僵|不回|不回消息|不消费|消费不动|响个不停|堆成山|报警|爆表|顶不动|没声音|没人接|连不上新连接|卡爆|慢|挂|挂掉|崩|崩溃|死|死掉|宕|宕机|宕掉|瘫|瘫痪|炸|凉|跪|假死|无响应|没响应|没反应|没动静|没回应|不响应|不动|不工作|不正常|不行了|卡得不行|慢得不行|不好使|连不上|登不上|登录不了|打不开|发不出|发不出去|发不了|收不到|不通|断|掉线|堵|堵住|堵死|积压|有问题|出问题|出错|异常|坏|满|打满|爆|爆满|泄漏|泄露|飙高|飙|太高|太大|太多|太慢|超时|oom|502|503|504|500|stuck|slow|sluggish|maxed out|isn't consuming|not consuming|stopped consuming|isn't delivering|stopped delivering|stopped working|stopped responding|stopped answering|isn't replying|not replying|no replies|no answer|no answers|jammed|clogged|backed up|stalled|stalling|down|dead|dying|hung|hangs|hanging|frozen|unresponsive|broken|crashing|crashed|leaking|leaks|toast|borked|flaky|not responding|not answering|not working|not healthy|not reachable|isn't responding|isn't answering|isn't working|doesn't respond|doesn't answer|doesn't work|does not respond|unreachable|unavailable|unhealthy|acting up|timing out|out of memory|oomkilled|leaking memory|eating memory|eating cpu|driving me nuts|can't reach|cannot reach|can't send|can't send messages|cannot send messages|can't log in|cannot log in|can't login|can't connect|cannot connect|nobody can log in|nobody can connect|nobody can send messages|nobody can send|no one can log in|no one can connect|no response|僵死|僵住|抽风|不理人|不理|没人理|发不出来|发不出消息|收不到消息|收不到推送|收不到通知|登不进|登不进去|登不上去|进不去|连不进|连不上去|用不了|跑不动|转圈|白屏|罢工|掉链子|顶不住|扛不住|撑不住|失联|离线|不可用|没起来|崩掉|崩了|挂死|死机|死锁|半死不活|泄露严重|locked up|wedged|gone|offline|lagging|laggy|choking|degraded|a mess|on fire|in a bad state|in bad shape|misbehaving|not loading|not connecting|not sending|not delivering|not processing|won't start|won't respond|won't load|keeps crashing|keeps dying|crashlooping|spinning|deadlocked|overloaded|melting|going crazy|500s|502s|503s|high|full|nobody gets notifications|nobody gets messages|nobody can connect to it|can't use it|can't use the chat|acting weird|unstable|涨|暴涨|猛涨|狂涨|climbing|growing",
  unmended: "还是不行|没好|没恢复|起不来|not getting better|no better|no luck",
  // Who says so may go on with what they say: only a comma ends that.
  said: "报错|一直报错|投诉|骂|在骂|抱怨|反馈|催|complaining|complain|failing|fails|errors|error|erroring",
  // Behind an order it tells what came of it.
  failed: "failed",
  who: "消费者|告警|慢查询|新连接|群里|群里问它|问它|consumer|consumers|connection|the consumer|the consumers|a consumer|replies|alerts|用户|客户|大家|消息|内存|连接|连接数|队列|延迟|页面|日志|users|people|everyone|everybody|customers|nobody|messages|notifications|memory|connections|the queue|the customers|all users|all day|推送消息|网站|网页|web|推送通知|通知|消费|延迟高|cpu|the site|the website|the app|clients|logins|sends|latency|memory usage|日志里|日志里面|日志中|log|the log|the logs|its log|its logs|memory use|cpu usage",
  degree:
    "anybody|anyone|to anybody|to anyone|那边|这边|那头|这头|又|一直|好像|似乎|已经|都|全|全都|太|很|真|老|老是|总是|越来越|彻底|完全|死死|也|在|是|着|看来|看起来|感觉|i think|seems|seems to be|looks|looks like|is|are|was|been|has been|have been|has|is being|'s|they're|totally|completely|really|very|super|too|once again|keeps|kept|for ages|for an hour|for hours|forever|always|pretty|quite|badly|有点|有些|突然|忽然|刚刚|莫名|半天了|好久了|一会了|严重|大量|suddenly|somehow|a bit|kind of|since this morning|since lunch|since midnight|since last night|since the deploy|since the release|after the deploy|after the release|after the update|凌晨|半夜|大半夜|一晚上|一整晚|for a while|for minutes|老在|keep|over and over|again and again|all the time|constantly|nonstop|non-stop|every minute|every few seconds|every few minutes|all morning|all night",
  // What it says, with the words that it says.
  prints:
    "打印|打|刷|刷屏|报|抛|吐|返回|提示|显示|全是|都是|printing|prints|logging|logs|throwing|throws|spitting|spits|spitting out|spamming|spams|saying|says|showing|shows|returning|returns|giving|gives|reporting|reports|getting|gets|seeing|see|full of|answers with|answering with",
  rise: "涨到|飙到|升到|冲到|达到|爆到|快到|到|at|hit|hits|reached|up to",
  // What was done before, after which it is to be restarted.
  news: "刚发完版|刚发布完|刚部署完|刚更新完|发完版了|发布完了|部署完了|部署好了|更新完了|发版完了|刚改完配置|改完配置了|配置改好了|配置改完了|配置更新了|配置更新好了|配置已更新|配置已经更新了|配置换好了|新配置好了|deploy 完了|deploy 好了|镜像更新了|新镜像推好了|config's updated|config is updated|the config is updated|the config's updated|config map's updated|the config map is updated|config changed|the config has changed|the new config is in|the new config is in place|the new image is in place|the new image is up|i changed the config|i've changed the config|i updated the config|i've updated the config|we updated the config|we've updated the config",
  purpose: `让新配置生效|让配置生效|使配置生效|让新的配置生效|让它重新读|让它重新读配置|让它重新读一下配置|让它重新加载|让它重新加载配置|让它重读配置|让它读新配置|重新加载配置|加载新配置|读新配置|释放内存|释放一下内存|清一下内存|${phrases("to|so it|so that it|so it can|so that it can", "pick up|picks up|load|loads|reload|reloads|read|reads|re-read|apply", "the new config|the config|its config|the new settings|the changes|the change|the new image|the new certificate")}|so it picks it up|so that it picks it up|to free memory|to free up memory|to free its memory|to release memory|to reconnect|so it reconnects`,
  namely: "就是|说的是|我是说|我说的是|i mean",
  still: "还|仍|仍然|依然|依旧|still",
  because: "because|since|cause|coz|as|given that|seeing that|因为|由于",
} as const;

/** All that can be said with one part of each: "A|B" and "C|D" are "A C|A D|B C|B D". */
function phrases(...parts: readonly string[]): string {
  return parts
    .map((part) => part.split("|"))
    .reduce((begun, words) => begun.flatMap((one) => words.map((word) => `${one} ${word}`)))
    .join("|");
}
