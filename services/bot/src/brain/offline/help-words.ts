/**
 * Whether a text asks about the bot itself: what it can do, how it is asked, examples, commands.
 * Said of the reader ("you", 你) or of asking, never of a service.
 */
export function asksForHelp(text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}

const patterns = [
  /^(?:那|都)?(?:能|可以|会)(?:干|做)(?:些|点)?(?:啥|什么|嘛)|(?:该|要|应该)(?:怎么|如何)问|(?:机器人|助手|你)有(?:什么|啥)用|^(?:怎么|如何|咋)(?:使?用|问)[啊呀呢吗]?[?。]*$|^(?:示例|例子|样例)[?。]*$/,
  /\b(?:tips|advice|guide)\b.{0,12}\b(?:us(?:e|ing)|ask(?:ing)?)\b|\bhow (?:do|can|should) i (?:phrase|word|ask|put) (?:my |a )?questions?\b/i,
  /帮助(?!我)|使用(?:说明|方法|指南|手册)|^(?:请问)?(?:一下)?(?:帮助|功能|命令|指令|用法|求助|说明书?|指南|手册)(?:介绍|列表|大全|说明)?[?。!]*$/,
  /(?:你|您|机器人|助手|这个? ?bot).{0,6}(?:能|会|可以|懂|擅长|支持|负责|知道).{0,8}(?:什么|啥|哪些|干嘛|哪几)/i,
  /(?:能|可以|该)(?:帮我?|给我|问你?|让你|跟你|找你|向你|教我)(?:们)?.{0,6}(?:什么|啥|哪些|干嘛)/,
  /你(?:是(?:干|做)(?:嘛|什么|啥)|有(?:什么|哪些|啥)(?:用|能力|本事|功能|技能|命令))/,
  /(?:^|[,，。 ]|该|要|应该|我|请问|教我)(?<![A-Za-z] )(?:怎么|怎样|如何|咋)(?:样)?(?:用(?:$|[?？])|使用(?:$|[?？])|提问|问你|上手|开始|(?:跟|和|与|向)你|操作你|让你)/,
  /(?:怎么|怎样|如何|咋)(?:样)?(?:使?用)(?:你|这个?(?:机器人|助手|bot|东西)?|它)(?:$|[?？。!吗呢啊])/i,
  /(?:教|告诉)(?:我|我们|一下)?.{0,4}(?:怎么用|用法|如何用)/,
  /(?:举|给|来|有)(?:我|没有)?.{0,3}(?:例子|示例|样例|范例)/,
  /(?:自我)?介绍.{0,4}(?:你|自己|功能)|自我介绍/,
  /(?:有|支持|能用|可用)(?:什么|哪些|啥)(?:的)?(?:能力|功能|命令|指令|用法|问法|说法|玩法|问题)|(?:功能|命令|指令)(?:列表|大全|有哪些|清单)|(?:哪些|什么)(?:命令|指令|功能)/,
  /^\/?help\b[!.? ]*$|\bhelp(?: me)?[?!.]*$|\bhelp (?:me )?(?:get(?:ting)? started|(?:with )?us(?:e|ing) (?:you|this|the bot))|\bneed help (?:with |using )?(?:you|this|the bot)\b/i,
  /\b(?:what|which)\b(?: \w+){0,4}? (?:can|could|do|are|should|may)(?:n't)? (?:you|i|we|this bot|the bot)(?: \w+){0,3}? ?\b(?:do|ask|help|know|answer|offer|say|type|capable|able|for|look up|understand|support|good at|tell me)\b/i,
  /\bwhat (?:can|do) (?:you|i|this bot)\b(?! see| show| find| have on)|\bwhat else can you\b|\bwhat (?:commands|features|questions)\b|\bwhich (?:commands|features|questions)\b|\bwhat(?:'s| is) (?:supported|possible here)\b/i,
  /\b(?:tell me|explain|describe|show me)\b.{0,12}\b(?:what|how) you (?:can |could )?(?:do|work|help)\b|\babout yourself\b|\bintroduce yourself\b/i,
  /^(?:so |hi |hey )?what are you(?: for| good at)?[?.! ]*$/i,
  /\bhow (?:do|can|should|could|would) (?:i|we|one|you) (?:even )?(?:use|talk to|talk with|ask|work with|chat with|interact with|query|operate|start)(?: with)?(?: you| this| the bot| it| questions?)?(?: bot| thing)?[?.! ]*$|\bhow (?:does|do) (?:this|you|it|the bot)(?: bot| thing)? work\b/i,
  /^(?:please )?(?:(?:give|show)(?: me)? )?(?:some |a few |any |an? )?(?:more )?(?:usage|usage examples?|examples?|example questions|sample questions|instructions|manual|man page|user guide|guide|capabilities|features|commands?)(?: please| list)?[?!. ]*$/i,
  /\b(?:list|show|available|your|all)(?: me)?(?: of)?(?: the| your| all)* (?:commands|capabilities|features|skills)\b/i,
];
