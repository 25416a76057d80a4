/**
 * Whether a text says nothing beside its arguments but words of somebody who goes on with what was
 * asked before: "and ,?", 「换成 , 的呢」. A word that is in neither list makes it another text, such
 * as 「今晚月色真美」.
 */
export function goesOnOnly(rest: string): boolean {
  return !/[\p{L}\p{N}]/u.test(rest.replace(zhWords, " ").replace(enWords, " "));
}

const zhWords = new RegExp(
  [
    "那么?|再|还有|还是?|然后|接着|接下来|下一个|轮到|顺便|同样|一样|同期|刚才|单独|光|只|就|也|都|更",
    "换|改|调|切|设|缩短|缩小|拉长|拉宽|扩大|放宽|放大|延长|翻倍|加长|往[前后回]?|推|[早晚]一?点|多一?点|少一?点|[成为到至作]",
    "看|查|瞧|瞅|比|来|试|给|帮|请|麻烦|要|想|说|换算|统计|显示|列|一[下眼份个比次遍]|下|我|你|能|可以|可不可以|能不能",
    "时间|范围|窗口|时段|期间|段|整个?|所有|全部|最近|过去|近|从|以来|之后|以后|开始|起|至今|现在|为止|[以之]?内|里面?|左右|大概|大约|差不多",
    "怎么样|怎样|咋样|如何|情况|数据|日志|结果|服务|什么|啥|哪些|多少|几个|有没有|没有|有",
    "打错了|说错了|写错了|不对|不是|应该|抱歉|不好意思|好|行|嗯|哦|是|跟|和|与|对比|比较|[这那个的地得呢吧了吗么啊呀哈嘛呗]",
  ].join("|"),
  "gu",
);

const enWords = new RegExp(
  `\\b(?:${[
    "and|also|ok|okay|so|then|now|next|actually|sorry|oops|no|wait|hm+|um+|well|right|but|or|rather|instead|too|as|either|again|same|thing|as well|likewise",
    "what|how|about|which|any|there|is|was|were|are|did|it|that|this|those|these|them|one|ones|i|we|you|me|us|i'm|it's|let's|let|meant|mean|said|not",
    "for|in|on|over|at|during|within|since|from|of|to|until|till|through|up|back|further|down|with|by|around|roughly|starting|beginning|going",
    "the|a|an|last|past|previous|recent|whole|entire|all|full|more|less|longer|shorter|wider|earlier|later|older|window|range|period|timeframe|time ?span|time|service|data|results?|view|chart|graph|numbers?|logs?",
    "make|set|change|switch|narrow|extend|expand|widen|shorten|stretch|limit|restrict|go|show|give|see|check|look|try|do|get|take|use|want|need|like|compare|compared|only|just|please|thanks|can|could|would|should|maybe|say|double|cover|covering|include|including|zoom|out",
    "s",
  ].join("|")})\\b`,
  "gi",
);
