import { simplified } from "./simplified.ts";

/**
 * The same text in the forms that rules know: ordinary width, simplified characters, apostrophes
 * and words in full. What stands in quotes keeps its words, for somebody looks for them.
 */
export function plainWording(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[’‘`´](?=(?:s|t|re|ve|ll|d|m)\b)/gi, "'")
    .replace(/[\u200b-\u200f\ufeff]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .split(/("[^"]+"|“[^”]+”|「[^」]+」|『[^』]+』|`[^`]+`|(?<!\w)'[^']+'(?!\w))/)
    .map((part, index) => (index % 2 === 1 ? part : rewrite(part)))
    .join("");
}

function rewrite(text: string): string {
  let plain = simplified(text);
  for (const [pattern, words] of rewritings) plain = plain.replace(pattern, words);
  return plain;
}

const rewritings: readonly [RegExp, string][] = [
  [/\b(what|how|who|where|when|why|that|there|here)s\b(?!')/gi, "$1's"],
  [
    /\b(won|can|don|doesn|isn|aren|didn|haven|hasn|hadn|couldn|shouldn|wouldn|wasn|weren)t\b/gi,
    "$1't",
  ],
  [
    /\b(?:im|i am)(?= (?:new|not|trying|seeing|getting|having|looking|here|curious|wondering)\b)/gi,
    "i'm",
  ],
  [/\b(you|we|they)re\b(?= )/gi, "$1're"],
  [/\bw\/o\b/gi, "without"],
  [/\bw\/(?=\s)/gi, "with"],
  [/\b(?:pls|plz|plss|pl[ez]ase|pleas|plese|plox)\b/gi, "please"],
  [/\b(?:thx|thnx|tks|tnx)\b/gi, "thanks"],
  [/\bu\b(?!\/)/gi, "you"],
  [/\bur\b/gi, "your"],
  [/\br\b(?= (?:you|we|there|all|they|the)\b)/gi, "are"],
  [/\bgimme\b/gi, "give me"],
  [/\blemme\b/gi, "let me"],
  [/\bwanna\b/gi, "want to"],
  [/\bgonna\b/gi, "going to"],
  [/\b(?:wat|wut|wht|whta|waht)\b/gi, "what"],
  [/\bhwo\b/gi, "how"],
  [/\brn\b/gi, "right now"],
  [/\b(?:ppl|peeps|pepole|poeple)\b/gi, "people"],
  [/\b(?:yday|ystd|yest|yesterdy|yesteday|yestarday)\b/gi, "yesterday"],
  [/\b(?:tdy|2day|tday)\b/gi, "today"],
  [/\bb4\b/gi, "before"],
  [/\bprev\b/gi, "previous"],
  // Times, also right behind a figure: "2hrs". Who writes "the HR" means people.
  [/(?<![a-z])(?<!\b(?:the|our|from|with|to|by) )hr(s?)\b/gi, "hour$1"],
  [/(?<![a-z])wk(s?)\b/gi, "week$1"],
  [/(?<![a-z])mth(s?)\b/gi, "month$1"],
  [/(?<=\d ?)(?:mn|mns|mnts?|mni|mnis|mim|mims|nims?)\b/gi, "min"],
  [/(?<=\d ?)(?:hs|hors?|huors?|hous|huor)\b/gi, "hours"],
  [/(?<=[\d几多十半一二两三四五六] ?)分[种中](?!之|部)/g, "分钟"],
  [/(?<=[\d几多十半一二两三四五六] ?个?)小[是事](?=$|[的内里以之前,。 ])/g, "小时"],
  [/\b(?:halp|hlp|hepl)\b/gi, "help"],
  [/\bqtr\b/gi, "quarter"],
  [/\b(?:to|2)nite(s?)\b/gi, "tonight$1"],
  [/\bnite(s?)\b/gi, "night$1"],
  [/\b2moro\b/gi, "tomorrow"],
  // Possessives without their apostrophe: "last nights outage", "yesterdays errors".
  [
    /\b((?:this|last|yesterday) (?:morning|afternoon|evening|night)|yesterday|today|tonight)s\b(?!')/gi,
    "$1's",
  ],
  [
    /\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)s(?= (?:\w+ )?(?:errors?|logs?|alerts?|warnings?|events?|outage|incident|crash|failure|mess|deploy|release|latency|traffic|numbers)\b)/gi,
    "$1's",
  ],
  [
    /\b(task|gateway|logic|mysql|nats|bot)s(?= (?:own )?(?:logs?|memory|cpu|errors?|latency|connections?|image|limits?|probes?|uptime|version|status|health|state)\b)/gi,
    "$1's",
  ],
  [/\bthru\b/gi, "through"],
  [/\b(?:sup|wass?up|wazz?up)\b(?= (?:with|w\/))/gi, "what's up"],
  [/\bfrm\b/gi, "from"],
  [/\btht\b/gi, "that"],
  [/\b(?:teh|hte)\b/gi, "the"],
  [/\bshw\b/gi, "show"],
  [/\bany ?1\b/gi, "anyone"],
  // What an input method offers for the same sounds.
  [/(?<![每今明昨节假生])日(?:至|制|治|质)(?!今|少|于|疗|理|量|度)|日子(?=里|$|[,。 ])/g, "日志"],
  [/重(?:其|器|气|期|齐)(?=$|[一下吧,。 A-Za-z])|从启|从起(?=$|[一下吧,。 A-Za-z])|重动/g, "重启"],
  [/报(?:措|挫|搓)|抱错/g, "报错"],
  [/告(?:井|景|净)/g, "告警"],
  [/报(?:井|景)/g, "报警"],
  [/服(?:物|雾)(?=器|列表|状态|$|[,。 有挂])/g, "服务"],
  [/网管(?=$|[的挂慢卡重日报有怎是,。 ])/g, "网关"],
  [/推宋|退送/g, "推送"],
  [/罗辑|逻缉|逻揖/g, "逻辑"],
  [/(?<![推分]|点击|打开|网页)链接(?=数|量|情况|有多少|多少|$)|(?<=多少个?|几个|长)链接/g, "连接"],
  [/对列/g, "队列"],
  [/再线/g, "在线"],
  [/镜象/g, "镜像"],
  [/内纯|内村/g, "内存"],
  [/延(?:持|吃)/g, "延迟"],
  [/(?<=错误|报错|失败|成功|出错)[律绿]/g, "率"],
  [/[鸡机]压(?=$|[多了情严吗有的,。 ?])/g, "积压"],
  [/吞土/g, "吞吐"],
  [/查寻/g, "查询"],
  [/镜[向相](?=$|[是版的,。 ?])/g, "镜像"],
  [/[碳探叹](?:真|侦)(?=$|[是配的,。 ?])|碳针/g, "探针"],
  [/网官/g, "网关"],
  [/[逻罗]集/g, "逻辑"],
  [/[珍真]断/g, "诊断"],
  [/队咧/g, "队列"],
  [/言迟/g, "延迟"],
  [/内寸/g, "内存"],
  // What the same things are called elsewhere.
  [/[纪记]录档|日志档/g, "日志"],
  [/讯息/g, "消息"],
  [/伫列/g, "队列"],
  [/记忆体/g, "内存"],
  [/资料库/g, "数据库"],
  [/闸道器?/g, "网关"],
  [/映像档?|映象/g, "镜像"],
  [/逾时/g, "超时"],
  [/当机/g, "宕机"],
  [/丛集/g, "集群"],
  [/连线(?=数|量|$|[有多的])/g, "连接"],
  [/使用者/g, "用户"],
  [/警示/g, "告警"],
  [/(?<=几个?|多少|谁|有人|人|用户)(?:在?线上)/g, "在线"],
  [/重新开机|重开机|重新开启/g, "重启"],
];
