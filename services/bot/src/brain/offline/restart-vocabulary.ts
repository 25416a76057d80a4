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
  ask: "can you|could you|would you|can you maybe|can someone|could someone|would someone|can somebody|could somebody|can anyone|could anyone|can anybody|could anybody|can't you|couldn't you|any chance you could|any chance you can|is it possible to|is it possible for you to|would it be possible to|could it be possible to|would it be possible for you to|would you be so kind as to|could you be so kind as to|would you be kind enough to|may i ask you to|can i ask you to|could i ask you to|i'd appreciate it if you could|it would be great if you could|i would appreciate it if you could|i'd be grateful if you could|would you kindly|could you maybe",
  could: "能不能|能否|可不可以|可否",
  // These ask politely only beside another polite word: "can we restart logic please".
  may: "能|可以|方便|can we|could we|will you|won't you",
  you: "你|您",
  polite:
    "please|kindly|help|help me|help us|请|麻烦|劳驾|拜托|烦请|有劳|求|帮忙|帮我|帮我们|帮|替我|替我们|请你|请您|麻烦你|麻烦您|有空帮忙|有空帮我|do me a favor and|do me a favour and|be so kind as to",
  assist: "协助|配合|代为|操作|处理",
  effort: "辛苦|辛苦你|辛苦您",
  forMe: "for me|for us|给我|给我们|给咱",
  wish: "我想|我要|我想请你|想请你|想麻烦你|我需要你|需要你|希望你|希望您|i want to|i need to|i would like to|i'd like to|i want you to|i need you to|i'd like you to|i would like you to|need you to|want you to|let's|let us|申请",
  we: "咱们|咱|我们",
  hurry: "already|赶紧|赶快|快点|快点儿|尽快|抓紧",
  swift: "快|速速|火速|速度|立即马上",
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
  when: "when you can|when you get a chance|when you have a moment|when you get a minute|if you can|if possible|at your earliest convenience|mate",

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
  bad: "卡|卡死|卡住|卡顿|僵|不回|不回消息|不消费|消费不动|响个不停|堆成山|报警|爆表|顶不动|没声音|没人接|连不上新连接|卡爆|慢|挂|挂掉|崩|崩溃|死|死掉|宕|宕机|宕掉|瘫|瘫痪|炸|凉|跪|假死|无响应|没响应|没反应|没动静|没回应|不响应|不动|不工作|不正常|不行了|卡得不行|慢得不行|不好使|连不上|登不上|登录不了|打不开|发不出|发不出去|发不了|收不到|不通|断|掉线|堵|堵住|堵死|积压|有问题|出问题|出错|异常|坏|满|打满|爆|爆满|泄漏|泄露|飙高|飙|太高|太大|太多|太慢|超时|oom|502|503|504|500|stuck|slow|sluggish|maxed out|isn't consuming|not consuming|stopped consuming|isn't delivering|stopped delivering|stopped working|stopped responding|stopped answering|isn't replying|not replying|no replies|no answer|no answers|jammed|clogged|backed up|stalled|stalling|down|dead|dying|hung|hangs|hanging|frozen|unresponsive|broken|crashing|crashed|leaking|leaks|toast|borked|flaky|not responding|not answering|not working|not healthy|not reachable|isn't responding|isn't answering|isn't working|doesn't respond|doesn't answer|doesn't work|does not respond|unreachable|unavailable|unhealthy|acting up|timing out|out of memory|oomkilled|leaking memory|eating memory|eating cpu|driving me nuts|can't reach|cannot reach|can't send|can't send messages|cannot send messages|can't log in|cannot log in|can't login|can't connect|cannot connect|nobody can log in|nobody can connect|nobody can send messages|nobody can send|no one can log in|no one can connect|no response|僵死|僵住|抽风|不理人|不理|没人理|发不出来|发不出消息|收不到消息|收不到推送|收不到通知|登不进|登不进去|登不上去|进不去|连不进|连不上去|用不了|跑不动|转圈|白屏|罢工|掉链子|顶不住|扛不住|撑不住|失联|离线|不可用|没起来|崩掉|崩了|挂死|死机|死锁|半死不活|泄露严重|locked up|wedged|gone|offline|lagging|laggy|choking|degraded|a mess|on fire|in a bad state|in bad shape|misbehaving|not loading|not connecting|not sending|not delivering|not processing|won't start|won't respond|won't load|keeps crashing|keeps dying|crashlooping|spinning|deadlocked|overloaded|melting|going crazy|500s|502s|503s|high|full|nobody gets notifications|nobody gets messages|nobody can connect to it|can't use it|can't use the chat|acting weird|unstable",
  unmended: "还是不行|没好|没恢复|起不来|not getting better|no better|no luck",
  // Who says so may go on with what they say: only a comma ends that.
  said: "报错|一直报错|投诉|骂|在骂|抱怨|反馈|催|complaining|complain|failing|failed|fails|errors|error|erroring",
  who: "消费者|告警|慢查询|新连接|群里|群里问它|问它|consumer|consumers|connection|the consumer|the consumers|a consumer|replies|alerts|用户|客户|大家|消息|内存|连接|连接数|队列|延迟|页面|日志|users|people|everyone|everybody|customers|nobody|messages|notifications|memory|connections|the queue|the customers|all users|all day|推送消息|网站|网页|web|推送通知|通知|消费|延迟高|cpu|the site|the website|the app|clients|logins|sends|latency|memory usage",
  degree:
    "又|一直|好像|似乎|已经|都|全|全都|太|很|真|老|老是|总是|越来越|彻底|完全|死死|也|在|是|着|看来|看起来|感觉|i think|seems|seems to be|looks|looks like|is|are|was|been|has been|have been|has|is being|'s|they're|totally|completely|really|very|super|too|once again|keeps|kept|for ages|for an hour|for hours|forever|always|pretty|quite|badly|有点|有些|突然|忽然|刚刚|莫名|半天了|好久了|一会了|严重|大量|suddenly|somehow|a bit|kind of|since this morning|since lunch|since midnight|since last night|since the deploy|since the release|after the deploy|after the release|after the update|凌晨|半夜|大半夜|一晚上|一整晚|for a while|for minutes",
  still: "还|仍|仍然|依然|依旧|still",
  because: "because|since|cause|coz|因为|由于",
} as const;
