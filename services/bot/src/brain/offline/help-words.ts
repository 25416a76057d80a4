/**
 * Whether a text asks about the bot itself: what it can do, how it is asked, examples, commands.
 * Said of the reader ("you", 你) or of asking, never of a service.
 */
export function asksForHelp(text: string): boolean {
  if (tellsOthers.test(text)) return false;
  if (listsOurThings.test(text) && !howTo.test(text) && !ofTheReader.test(text)) return false;
  const chinese = inChinese(text);
  return patterns.some((pattern) => pattern.test(text) || pattern.test(chinese));
}

/** "有哪些 command 可以用" with its English words in Chinese, where there is any Chinese. */
function inChinese(text: string): string {
  if (!/\p{Script=Han}/u.test(text)) return text;
  const plain = mixedWords.reduce((said, [pattern, word]) => said.replace(pattern, word), text);
  return plain.replace(/(?<=\p{Script=Han}) +(?=\p{Script=Han})/gu, "");
}

const mixedWords: readonly [RegExp, string][] = [
  [/\bcommands?\b/gi, "命令"],
  [/\b(?:features?|functions?|capabilit(?:y|ies)|abilit(?:y|ies)|skills?)\b/gi, "功能"],
  [/\b(?:examples?|samples?|demos?)\b/gi, "例子"],
  [/\bquestions?\b/gi, "问题"],
  [/\b(?:quer(?:y|ies)|prompts?)\b(?!.*(?:慢|耗时|久))/gi, "问法"],
  [/\busage\b/gi, "用法"],
  [/\b(?:manual|guide|instructions?)\b/gi, "手册"],
  [/\buse\b/gi, "使用"],
  [/\bask\b/gi, "问"],
  [/\bhelp\b/gi, "帮助"],
  [/\bmenu\b/gi, "菜单"],
  [/\blist\b/gi, "列表"],
];

/** A cry for help that says nothing else. */
export function criesForHelp(text: string): boolean {
  return /\bhelp\b|帮助|帮帮?忙|帮帮我|求助|救命|我(?:不会|不懂|不知道)(?:怎么)?(?:用|问|弄|操作|该)|\bi(?:'m| am) (?:new|lost|confused)\b|\bno idea (?:how|what)\b|\bget(?:ting)? started\b|新手|新来的|上手|入门/i.test(
    text,
  );
}

// "What do I tell them": said by somebody whose people cannot work.
const tellsOthers =
  /\bwhat (?:do|should|can|shall|am|are|would) (?:i|we) (?:going to |supposed to |to )?(?:tell|say to|answer|reply to) (?:them|him|her|people|everyone|everybody|(?:the|my|our) \w+|users|customers)\b|\bwhat (?:can|could|should|do) (?:i|we) do (?:about|against|to (?:fix|solve|stop|help|speed|get|make|mend|bring|prevent))\b/i;
// "What services can you see" asks for the services.
const listsOurThings =
  /(?:哪些|几个|多少|什么)(?:个|样的?)?(?:微?服务|组件|进程|pods?|告警|报警|事件|日志|错误|报错|连接|用户|人|镜像|版本)|\b(?:what|which|how many) (?:\w+ )?(?:services?|components?|process(?:es)?|pods?|alerts?|events?|errors?|logs|connections|users|people|image|version)\b/i;
const howTo = /怎么|怎样|如何|咋|\bhow\b/i;
const ofTheReader = /你(?:能|会|可以|支持)|让你|\b(?:commands?|questions?)\b/i;

const reader = "(?:你们?|您|机器人|助手|小助手|这个?(?: ?bot|工具|助手|东西|玩意儿?)|ops-?bot|bot)";
const what = "(?:什么|啥|哪些|哪几|干嘛|干吗|多少|哪方面)";
const how = "(?:怎么|怎样|如何|咋|怎么样|咋样)";
const noun =
  "(?:帮助|功能|命令|指令|用法|求助|说明书?|指南|使用手册|手册|使用(?:说明|方法|指南|手册|帮助|文档|教程|示例)|(?:示例|例子|样例|范例|参考)(?:问题|问法|命令|提问)?|例句|常用(?:问题|问法|命令)|菜单|操作(?:说明|指南|手册)|快速入门|新手(?:指南|教程|引导|入门)|能力|技能|帮助文档|问法|玩法|提示)";
const aids =
  "(?:help|commands?|usage|examples?|instructions?|manual|man ?page|(?:user |quick ?start )?guide|docs|documentation|capabilit(?:y|ies)|features?|skills?|menu|options|cheat ?sheet|tips|hints|functions|abilities|sample (?:questions|queries)|example (?:questions|queries)|quick ?start|onboarding|how-?to)";

const patterns: readonly RegExp[] = [
  new RegExp(
    `${reader}.{0,8}(?:能|会|可以|懂|擅长|支持|负责|知道|提供|能够|干|做|管|查得了|看得到).{0,10}${what}`,
    "i",
  ),
  new RegExp(
    `${reader}(?:的|有|都有|具备|具有|现在有|目前有)+(?:${what})?.{0,3}(?:用|能力|本事|功能|技能|命令|指令|作用|用处|用途|本领|特长|职责)`,
    "i",
  ),
  new RegExp(`${reader}(?:是|到底是|究竟是)?(?:用来|拿来)?(?:干|做|管)(?:嘛|吗|什么|啥)`, "i"),
  new RegExp(
    `(?:能|可以|该|应该|要|还能|都能)(?:帮我?|给我|问你?|让你|跟你|找你|向你|教我|请你|叫你|对你|和你|指望你)(?:们)?.{0,6}${what}`,
  ),
  /^(?:那|都|我|请问|到底|还)*(?:能|可以|会|支持)(?:干|做|查|问|用|看|说|帮忙?)?(?:些|点|到)?(?:啥|什么|嘛|哪些)(?:东西|事情?|问题|内容|操作|功能|命令)?[啊呀呢吗么?。! ]*$/,
  new RegExp(
    `(?:(?<=\\bbot ?)|(?<![A-Za-z] ?))${how}(?:才能|去|来|样|开始|正确)?(?:使?用|玩|使唤|操作|提问|发问|问|上手|开始|入门)(?:你|您|这个?(?:机器人|助手|bot|东西|工具|系统)?|它|机器人|助手|问题)?(?:$|[?？。!,吗呢啊呀哈吧的])`,
    "i",
  ),
  new RegExp(
    `${how}.{0,4}(?:(?:跟|和|与|向|对)你|操作你|让你|叫你|使唤你|指挥你|问你|找你|命令你)`,
  ),
  new RegExp(
    `(?:教|告诉)(?:教|我|我们|一下|下)*.{0,6}(?:${how}|用法|如何)|教(?:教|我|我们|一下|下)+.{0,3}(?:使?用|问|操作)`,
  ),
  // How something is done here; of how it is done elsewhere, other rules know.
  new RegExp(
    `${how}(?:样)?(?:才能|去|来|可以|能)?(?:查看?|看(?!待|起来)|查询|搜索?|获取|拿到?|查到|看到|检查|知道|了解|请求|触发|申请|批准)`,
  ),
  /(?:举|给|来|有)(?:我|没有|几个|一?些|一?点|个|下|两个)*(?:例子|示例|样例|范例|例句|提示|栗子|(?:可以|能)问的)/,
  /(?:自我)?介绍.{0,4}(?:你|您|自己|功能|机器人)|自我介绍/,
  new RegExp(
    `(?:有|支持|能用|可用|提供)(?:${what})(?:的|可用的|能用的)?(?:能力|功能|命令|指令|用法|问法|说法|玩法|用处|用途|操作|帮助)|(?:有|没有?)(?:${what})?(?:可以|能|好|可)(?:拿来)?问的|(?:能|可以|支持)问(?:的)?(?:${what})|${what}(?:的)?(?:命令|指令|功能|用法|问法|操作方式)`,
  ),
  new RegExp(
    `(?:查看|打开|看看?|显示|列出?|给我?|来|要|需要|有|发|求|请求|找)?(?:我|一下|下|个|份|一?些|全部|所有|可用的?|你的|机器人的|没有|一)*${noun}(?:介绍|列表|大全|说明|清单|一览|文档|有哪些|是什么|在哪|吗|么|呢|一?下|发我|给我|看看|看一?下|都有啥|谢谢|吧|呗)*[?。! ]*$`,
  ),
  /^\/?help\b[!.? ]*$|^\/?help(?: me| please| 一下| 下| menu| text| page| needed| wanted)*[?!. ]*$|\bhelp(?: me)?[?!.]*$|\bhelp (?:me )?(?:get(?:ting)? started|understand (?:you|what you)|(?:with )?us(?:e|ing) (?:you|this|the bot))|\bneed (?:some )?help(?: (?:with |using )?(?:you|this|the bot))?[.! ]*$/i,
  /\b(?:what|which)\b(?:'s| is)?(?: \w+){0,4}? (?:can|could|do|does|are|should|may|might)(?:n't)? (?:you|i|we|this (?:bot|thing|tool)|the bot|it|one|ops-?bot)(?: \w+){0,3}? ?\b(?:do|ask|help|know|answer|offer|say|type|capable|able|for|look up|understand|support|good at|tell me|handle|request|check|query|use you)\b/i,
  /\bwhat (?:can|do|could) (?:you|i|this bot|the bot|we)\b(?! see| show| find| have| need| think| mean| run| use)|\bwhat else can\b|\b(?:what|which) (?:kind|sort|type)s? of (?:things|questions|stuff|commands|requests)\b|\b(?:what|which) (?:commands|features|questions|requests|queries|skills)\b|\bwhat(?:'s| is) (?:supported|possible here|in your (?:toolbox|repertoire)|available here|your (?:purpose|job|role|function|deal))\b/i,
  /\b(?:tell me|explain|describe|show me|show|list|say|know|see|wondering)\b.{0,16}\b(?:what|how|things|everything|all) you(?:'re|'d)? (?:can |could |would |are |re )*(?:do|work|help|able|capable|know|support|understand|offer|good|can)\b|\b(?:what|how) (?:you|this bot|the bot|this) (?:can|could|works?|do)\b|\babout yourself\b|\bintroduce yourself\b|\byour (?:commands|capabilities|features|skills|abilities|functions|options|manual|help)\b/i,
  /^(?:so |hi |hey |ok |and )*what are you(?: for| good (?:at|for)| able to do| capable of| here for| meant to do| supposed to do)?[?.! ]*$|\bwhat are you (?:good (?:at|for)|capable of|able to|here for|for|meant|supposed)\b|\bwhy are you here\b/i,
  /\bhow (?:do|can|should|could|would|to|does one|am i supposed to) ?(?:i |we |one |you )?(?:even |best |properly |actually )?(?:use|talk to|talk with|ask|work with|chat with|interact with|query|operate|start|begin|talk|phrase|word|put|command|instruct|address)(?: with| to)?(?: you| this| the bot| it| my| a)?(?: questions?| bot| thing| tool)?(?: properly| here| stuff| things| something)?[?.! ]*$|\bhow (?:does|do) (?:this|you|it|the bot|ops-?bot)(?: bot| thing| tool)? work\b|\bhow (?:this|it|the bot) works\b/i,
  /\bhow (?:do|can|should|could|would|to) ?(?:i |we |one )?(?:see|check|view|read|get|look (?:up|at)|find|search|show|list|query|approve|ask (?:you )?(?:for|about)|make you|have you|let you|tell you|get you)\b/i,
  new RegExp(
    `^(?:(?:please|hi|hey|ok|so|can i|could i|may i|do you|can you|could you|i|we|you|is there|are there|got|have|has|want|need|see|show|give|list|print|display|get|send|me|us|some|a|an|any|few|the|more|all|your|my|available|supported|bot|valid|possible|full|of|to|for|quick|short|usage|what|are|what's|user|about)[ ,]+)*${aids}(?: (?:please|list|here|page|for (?:this bot|you|me|the bot|beginners)|of (?:the bot|yours)|available|supported|on (?:using|how to use) (?:you|this|the bot)|thanks))*[?!. ]*$`,
    "i",
  ),
  /\bexamples? of (?:what|things|questions|stuff|how)\b/i,
  // Of what the writer can put: "some example questions i can ask", "things to try".
  /\b(?:questions?|quer(?:y|ies)|commands?|prompts?|things?|stuff|something|examples?|phrases?|requests?|what)(?: that| which| else)? (?:i|we|one|you|people|users) (?:can|could|might|should|may|would|am able to|are able to) (?:even |possibly |actually |also )?(?:ask|type|say|try|use|send|give you|put|run)\b(?! (?:logic|gateway|task|mysql|nats|them|him|her)\b)/i,
  /\b(?:questions?|quer(?:y|ies)|commands?|prompts?|things?|stuff|what) to (?:ask|type|try out|try|say)(?: (?:you|here|this bot|the bot))?[?.! ]*$|\b(?:good|useful|typical|common|sample|example|suggested|possible) (?:questions?|quer(?:y|ies)|prompts?|commands?|requests?|inputs?|phrases?|phrasings?)\b(?! (?:rate|latency|failed|errors?))/i,
  /\b(?:tips|advice|guide|hints|pointers)\b.{0,12}\b(?:us(?:e|ing)|ask(?:ing)?|work(?:ing)?)\b|\bwalk me through (?:what you|how you|using)\b|\bteach me\b|\bshow me (?:how|around|the ropes)\b/i,
];
