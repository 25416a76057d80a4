import { serviceOfWord } from "./services.ts";
import type { Utterance } from "./utterance.ts";

export type Filters = {
  readonly include?: string;
  readonly exclude?: string;
};

const quoted = `"[^"]+"|“[^”]+”|「[^」]+」|『[^』]+』|\`[^\`]+\`|(?<![\\w])'[^']+'(?!\\w)|‘[^’]+’`;
const quotedJoin = "\\s*(?:,? ?\\b(?:or|and)\\b|或者?|和|以及|还是|、|,|\\||/)\\s*";
const zhWord =
  "(?:[A-Za-z][\\w./-]*(?: (?!(?:logs?|last|past|today|yesterday|since|in|from|gateway|logic|task|bot|mysql|nats|db|push|please|error|warn)\\b)[a-z][\\w./-]*){1,4}(?=\\s*(?:[的吗么没了过]|$|[,。?!、|或和]|以及|字样|[这那][句个种类]|关键|有|出现|几次|多少))|[^\\s,。?!、;:的吗呢\"'“”「」]+)";
const zhJoin = "\\s*(?:或者?|和|以及|、|\\||\\bor\\b|\\band\\b)\\s*";
// Words of English with one space between are one text, also in a Chinese sentence.
const zhItems = `(?:${quoted}|${zhWord})(?:${zhJoin}(?:${quoted}|${zhWord}))*`;

// "别 restart", "without asking me": what is not to be done, and no text.
const done =
  "(?:重启|重新|re-?start|reboot|bounc|kick|动(?!态)|碰|管|理(?!由)|担心|着急|急|忘|停|关(?!联)|改|吵|催|乱|随便|擅自|再|让|给|去|用|做|搞|弄|那种|这种|那些|那类|了|的|吧|啊)";
const zhExclude = new RegExp(
  `(?:别(?:要|带|含|显示|给我看|看)(?:上|着|包含)?(?!\\s*${done})|不(?:包)?含有?|不带有?|(?<!要)不(?:要|看)(?!\\s*${done})(?:包含|含|带|显示)?|排除掉?|去掉|去除掉?|过滤掉|滤掉|剔除掉?|刨除|刨掉|撇开|除了|除去|忽略掉?|屏蔽掉?|略过|跳过|\\b(?:exclude|skip|ignore|filter|drop|hide|mute|omit|remove)\\s*掉)\\s*:?\\s*(${zhItems})(?:\\s*(?:的|以外|之外)(?:日志|行|记录)?)?`,
  "i",
);
// What is to go is named before it is said that it goes: "带 heartbeat 的去掉".
const zhExcludeBehind = new RegExp(
  `(?:包含有?|含有?|带有|带着?|里面?有|有|提到)\\s*(${zhItems})\\s*的(?:日志|行|那些|那种|内容)?(?:就|都|全部?|统统|先|可以)*(?:去掉|去除|不要|不用|不看|别要|别看|别显示|排除|过滤掉|滤掉|忽略|略过|跳过|剔除|扔掉|省略|屏蔽|除外)`,
);
const gone =
  "(?:就|都|也|全部?|统统|先|可以|请|帮我|给我)*(?:去掉|去除|去了|不要|不用看?|不看|别要|别看|别显示|排除|过滤掉|滤掉|忽略|略过|跳过|剔除|扔掉|屏蔽|exclude\\s*掉?|filter\\s*掉|skip\\s*掉?|drop\\s*掉)";
const latin = `(?:${quoted}|[A-Za-z1-5][\\w.:/-]*(?: [A-Za-z][\\w.:/-]*){0,3})`;
const latins = `(${latin}(?:${zhJoin}${latin})*)`;
// "Aborted connection 那种不要", "把 retry 的去掉": without a word that says it stands in a line.
const zhExcludeKind = new RegExp(
  `(?:[把将]\\s*|(?<=[把将][^,，。]{0,16}(?:日志|logs?)(?:里面?|中)?的?\\s*)|(?:^|[,。;，]\\s*)(?:那|再|还有|但|但是)?\\s*)${latins}\\s*(?:的|(?:那|这)(?:种|类|些|个)的?|之类的?|类的|相关的|字样的?|有关的)\\s*(?:日志|行|内容|记录|报错|东西)?\\s*${gone}|(?:^|[,。;，把将]\\s*)${latins}\\s*(?:都|全部?|统统|就)?\\s*(?:不要(?=$|[,，。了吧])|不看|别要|去掉|排除|过滤掉|滤掉)`,
  "i",
);
const enExcludeKind = new RegExp(
  `\\b(?:hid(?:e|ing)|skip(?:ping)?|ignor(?:e|ing)|exclud(?:e|ing)|filter(?:ing)? out|leav(?:e|ing) out|omit(?:ting)?|mut(?:e|ing)|tak(?:e|ing) out|without|minus|not|except) (?:the |all |any |those |these )*(${latin}(?: (?:or|and) ${latin})*?) (?:ones|lines|entries|noise|spam|stuff)\\b|\\b(?:hid(?:e|ing)|mut(?:e|ing)|strip|suppress|drop|remove|filter out|leave out|skip|get rid of) (?:the |all |any |those )*(${latin})(?= (?:in|from|out of) (?:the |our )?(?:[\\w-]+(?:'s)? )?(?:logs?|output)\\b)|\\b(?:drop|remove|cut|strip|lose|get rid of|tak(?:e|ing) out) (?:the |all |any |those |these )*(${latin}) (?:lines|noise|spam)\\b`,
  "i",
);
// "grep 一下 nats 的 log，slow consumer": a text of its own behind what is searched.
const grepBehind =
  /(?<=(?:\bgrep\b|搜|查|找|过滤)[^,，:。]{0,24}(?:\blogs?\b|日志)(?:(?:里面?|中)?\s*[,，:]|(?:里面?|中)的?|的?里面?的)\s*)(?!(?:the |in )?(?:past|last|since|from|error|errors|warn\w*|please|thanks|today|yesterday|within|only|level|limit|the|in|and|just|over|previous|this)\b)([A-Za-z][\w.:/-]*(?: (?!(?:past|last|since|from|in|over)\b)[A-Za-z][\w.:/-]*){0,3})(?=\s*(?:[,，。?]|$|这|那))/i;
const zhInclude = new RegExp(
  `(?:包含有?|含有?|带有|带着?|(?<!夜)里面?有(?!没)|出现过?了?(?:几次|多少次|几回)?|提到过?(?:几次|多少次|几回)?|匹配|搜索?一?下?|查找|过滤(?!掉)出?|筛选?出?|grep(?!\\s+for\\b|ping)(?:\\s+-\\w+)*|关键[字词]\\s*(?:是|为|:)?)(?:\\s*(?:一?下|一遍|一把))?\\s*:?\\s*(${zhItems})(?:\\s*的(?:日志|行|记录)?)?`,
  "i",
);

const enStop =
  "in|from|over|during|since|for|on|of|at|within|between|last|past|previous|today|yesterday|logs?|lines?|please|and show|but|without|excluding|except|with|level|only|this|tonight|,|\\.(?:\\s|$)|\\?|!|$";
const enItems = `(?:(?:${quoted})(?:${quotedJoin}(?:${quoted}))*|[^\\s,?!]+(?:\\s+(?!(?:${enStop})\\b|(?:${enStop}))[^\\s,?!]+){0,4})`;
const enThose =
  "(?:the |any |all |those )?(?:ones?|lines?|those|entries|messages?|stuff|things?|anything|everything|noise) (?:with|containing|having|about|mentioning|from|like|matching|that (?:contain|have|mention|say|match|are about|has|says|mentions|contains|matches)) ";
const enExcludeLines = new RegExp(
  `\\b(?:drop(?:ping)?|hid(?:e|ing)|remov(?:e|ing)|cut(?:ting)?(?: out)?|strip(?:ping)?(?: out)?|mut(?:e|ing)|suppress(?:ing)?|omit(?:ting)?|throw(?:ing)? (?:away|out)|toss(?:ing)?(?: out)?|leav(?:e|ing) out|filter(?:ing)? out|ignor(?:e|ing)|skip(?:ping)?|exclud(?:e|ing)|without|minus|except(?: for)?|but not|not|no) ${enThose}(?:the )?(${enItems})`,
  "i",
);
const enExclude = new RegExp(
  `\\b(?:without|excluding|exclude|except(?: for)?|but not|omit(?:ting)?|not (?:containing|including|matching|with|mentioning)|ignor(?:e|ing)|minus|leav(?:e|ing) out|other than|filter(?:ing)? out|skip(?:ping)?|(?<=, ?|and |but )no)\\s+(?:the |any )?(?:lines? (?:with|containing) )?(${enItems})`,
  "i",
);
const enInclude = new RegExp(
  `(?<!compared |compare |comparison |(?:since|for|from|around|after|until|till) |(?:what|how|up|wrong|exit|exits|exited|on|happening|deal|matter|story|going|ok|okay|fine|well|good|right|alright|normal|healthy|problems?|issues?|trouble|news|new|off|happy) |(?:compare|compares) (?:that|it|this|them) )\\b(?:with|containing|contains?|matching|mentioning|mentions?(?: of)?|(?:where|when) (?:it|they|that) (?:says?|said)|that (?:says?|said|reads?)|saying|including|includes?|grep(?:ping)?(?: -\\w+)*(?: for)?|search(?:ing)?(?: for)?|look(?:ing)? for|find(?! out| me\\b)|filter(?:ed|ing)?(?: by| for| on)?|having|about|(?<=logs? |lines? |it |them |output )by)\\s+(?:the |a |an |any |either |some |both )?(?:(?:word|text|string|phrase|status(?: code)?|code|keyword)\\s+)?(${enItems})`,
  "i",
);
// Two English texts of any length, joined: "deadlock 或者 lock wait".
const zhChoice =
  /(?:有没有|有无|是否有|(?<!所)有|找|查|搜)\s*((?:[A-Za-z][\w.:/-]*\s?){1,3}(?:\s*(?:或者?|和|还是|、)\s*(?:[A-Za-z][\w.:/-]*\s?){1,3})+)(?=$|[,.?吗的])/;
// "打过 ack timeout 这句": named as something that is written.
const zhNamed =
  /(?:(?:有没有|有无|是否有|有)?(?:打印?|报|写|出现|输出|说|吐)过?|有没有|有无|有|(?:搜|找|查)(?:索|找)?(?:一?下|一遍)?)\s*([A-Za-z][\w.:/-]*(?: [A-Za-z][\w.:/-]*){0,4})\s*(?:这|那)?(?:句话?|一?句|几个(?:字|词)|个?(?:词|单词|字眼|关键[字词])|字样|字眼|之类|这类|这种)/;
// "输出了 heartbeat lost 或 reset 的那些行": said of lines.
const zhWritten = new RegExp(
  `(?:打印?|输出|报|写|刷|吐|抛|出现|记录)(?:了|过|出)(?:的)?\\s*${latins}\\s*的?(?:那|这)?(?:些|几|种|个)?的?(?:行|条|日志|记录|\\blogs?\\b|\\blines?\\b)`,
  "i",
);
const zhExists =
  /(?:日志|\blogs?\b)(?:里面?|中|里头)?\s*((?:[A-Za-z][\w.:/-]*\s?){1,4})(?:有吗|有没有|有不有|多吗|多不多|出现过?了?(?:[吗没么]|几次|多少次|几回))/i;
// Where lines are spoken of it may be of several words: "日志里有没有 slow consumer".
const zhInLines =
  /(?<=(?:日志|\blogs?\b).{0,12})(?:有没有|有无|是否有?|(?<!所)有)(?:出现|看到|提到|打印?|报|写|返回)?过?\s*([A-Za-z][\w.:/-]*(?: (?!(?:in|from|since|last|past|over)\b)[A-Za-z][\w.:/-]*){1,4})(?=\s*(?:$|[,，.。?？吗的了]|[这那]|字样|出现))/i;
// "Search the task logs for X", "does the phrase X appear", "did mysql log X".
const enSearched =
  /(?<=\b(?:search|grep|scan|comb|look|go|dig|filter)(?:ing)?(?: (?:in|through|into|over|the|all|our|of|at))* (?:[\w-]+(?:'s)? )?logs? )for\s+(?:the |a |any )?(?:(?:word|text|string|phrase|keyword) )?(?!(?:the )?(?:last|past|previous|gateway|logic|task|push|db|mysql|nats|bot|any\w*|some\w*|what\w*|signs?|clues?|me|us|a|an|my|our)\b|\d+ )([^\s,?!]+(?: (?!(?:in|from|over|during|since|for|within|last|past|today|yesterday|this|please)\b)[^\s,?!]+){0,4})/i;
const enAppears =
  /\b(?:the|a|this) (?:exact )?(?:word|text(?! messages?)|string|phrase|keyword|term)s? ([^\s,?!]+(?: [^\s,?!]+){0,4}?)(?= (?:appear|show|occur|come|turn|pop|exist|in|anywhere|ever|is|was|been|from|since)\w*\b)/i;
const enInLog =
  /(?<=\b(?:is|are|was|were) there (?:a |an |any |some )?)(?!(?:a|an|any|some|lot|pattern|spike|gap|clue|hint|reason|cause|something|way|more|less|much|one|still|also|really)\b)([A-Za-z][\w.:/-]*(?: (?!(?:in|or)\b)[\w.:/-]+){0,4})(?= in (?:the |our )?(?:[\w-]+(?:'s)? )?logs?\b)/i;
const enLogged =
  /(?<=(?<!\b(?:what|which|how) )\b(?:did|has|does|have) (?:the )?[\w-]+ (?:ever |also )?(?:log(?:ged)?|print(?:ed)?) )(?!(?:any|anything|some|something|more|less|most|much|many|a|an|the|in|at|on|to|out|since|over|last|this|that|it|yesterday|today|when|what|where|while|during|so|too|lots?|off|into|before|after|right|just|until|about|and|or|but|with|back|anywhere|correctly|properly)\b)([A-Za-z][\w.:/-]*(?: (?!(?:in|from|over|during|since|for|within|last|past|today|yesterday|this|please|ever|recently|lately|again)\b)[\w.:/-]+){0,4})/i;
const zhPresence =
  /(?:有没有|有无|是否有|(?<!所)有)(?:出现|看到|提到|打印?|报|写|返回)?过?\s*([A-Za-z][\w.:/-]+)(?=\s*(?:$|[,.?吗的]|这个?(?:词|字|单词|关键)|字样|出现))/;
// Errors in whose text a number of something seems to be asked for.
const knownPhrase =
  /\b(?:too many connections|out of memory|memory (?:limit|cgroup) (?:exceeded|out)|connection pool exhausted|max(?:imum)? connections reached)\b/i;
const wholeQuote = new RegExp(`^(?:${quoted})$`);
const quotedAnywhere = new RegExp(`((?:${quoted})(?:${quotedJoin}(?:${quoted}))*)`);
const statusClass =
  /(?<![\w.])([1-5])xx(?:\s*(?:错误|报错|状态码|errors?\b|responses?\b|status(?:es)?\b|codes?\b|s\b)|(?!\w))/i;
const statusCode =
  /(?<![\w.:])([45]\d\d)(?:\s*(?:错误码?|报错|状态码|errors?\b|responses?\b|status(?:es)?\b|codes?\b|s\b)|(?![\w:]|\.\d|\s*(?:ms|毫秒|秒|分|条|行|个|次|lines?|m\b|min)))/i;
// Before "lines" one number is how many of them, two are what they have.
const statusChoice =
  /(?<![\w.:]|\b(?:last|latest|first|newest|top) |最后|最近|前)([45]\d\d(?:(?:\s*[,/、|]\s*(?:or |and )?|\s+(?:or|and)\s+|\s*(?:或者?|和)\s*)[45]\d\d)+)(?![\w:]|\.\d)/i;
// What programs write when something fails, and people therefore look for.
const knownText =
  /\b(timeout|timed out|time out|connection (?:refused|reset|closed)|refused|econn\w+|deadlock|panic|stack ?traces?|segfault|broken pipe|slow consumer)s?\b|超时|死锁|连接被拒绝|连接重置|拒绝连接/i;

// "panic 或 OOM", "timeout/EPIPE": beside a known text stands another one.
const latinChoice =
  /(?<![\w./-])([A-Za-z\d][\w.-]{2,}(?:(?:\s*(?:或者?|、|\||\/|跟)\s*|\s+or\s+)[A-Za-z\d][\w.-]{2,})+)(?![\w./])/i;

/** Takes the texts that lines must have or must not have. */
export function takeFilters(utterance: Utterance): Filters {
  const exclude =
    utterance.takeIf(zhExcludeBehind, usable) ??
    utterance.takeIf(zhExclude, usable) ??
    utterance.takeIf(zhExcludeKind, usable) ??
    utterance.takeIf(enExcludeLines, usable) ??
    utterance.takeIf(enExcludeKind, usable) ??
    utterance.takeIf(enExclude, usable);
  const include =
    utterance.takeIf(enSearched, named) ??
    utterance.takeIf(enAppears, named) ??
    utterance.takeIf(grepBehind, named) ??
    utterance.takeIf(zhInclude, usable) ??
    utterance.takeIf(enInclude, usable) ??
    utterance.takeIf(quotedAnywhere, usable) ??
    utterance.takeIf(knownPhrase, ([all]) => all) ??
    utterance.takeIf(zhNamed, named) ??
    utterance.takeIf(zhWritten, usable) ??
    utterance.takeIf(zhChoice, usable) ??
    utterance.takeIf(zhExists, named) ??
    utterance.takeIf(zhInLines, named) ??
    utterance.takeIf(enInLog, named) ??
    utterance.takeIf(enLogged, named) ??
    utterance.takeIf(zhPresence, usable) ??
    takeStatus(utterance);
  return {
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
  };
}

/** Takes a text that is known from failures, where nothing else says that it is looked for. */
export function takeKnownText(utterance: Utterance): string | undefined {
  const chosen = utterance.takeIf(latinChoice, (found) =>
    knownText.test(found[0]) ? namedText(found[0].replaceAll("/", "|")) : undefined,
  );
  return chosen ?? utterance.takeIf(knownText, ([all, word]) => word ?? all);
}

function takeStatus(utterance: Utterance): string | undefined {
  const choice = utterance.takeIf(statusChoice, ([, codes]) => codes?.match(/\d+/g)?.join("|"));
  if (choice !== undefined) return choice;
  const found: string[] = [];
  for (;;) {
    const next =
      utterance.takeIf(statusClass, ([, digit]) => `${digit}\\d\\d`) ??
      utterance.takeIf(statusCode, ([, code]) => code);
    if (next === undefined) return found.length === 0 ? undefined : found.join("|");
    found.push(next);
  }
}

// What nobody looks for in lines, by kinds.
const noText = new RegExp(
  `^(?:${[
    // What people do and give: "without asking me", "without my approval".
    "(?:asking|telling|checking|notifying|informing|warning|consulting|pinging|letting|getting|having|needing|waiting|talking|any (?:approval|permission|warning|notice|reason)|(?:my|our|your|his|her|their|a|an|prior|previous|explicit) (?:\\w+ )?(?:approval|permission|consent|ok|okay|go-ahead|say-so|confirmation|knowledge|sign-?off|message)|approval|permission|consent|confirmation|notice)\\b.*",
    // Times.
    "(?:in|over|during|within)(?: the)?|since .*",
    "(?:yesterday|today|now)(?:'s|s)?|\\d+ (?:before|earlier|prior)\\b.*|(?:the )?(?:last|previous|prior) (?:minute|hour|day|week|month|one|period|window)s?|(?:\\w+ ){0,2}(?:minute|hour|day|week)s? (?:ago|before|earlier|prior)(?: (?:that|this|it|then))?|(?:the )?(?:last|past|previous|prior) (?:\\w+ ){0,3}(?:quarter|half|minute|hour|day|week|month)s?\\b.*|(?:\\d{1,2}(?::\\d\\d)? ?(?:am|pm)|\\d{1,2}:\\d\\d|noon|midnight)\\b.*",
    // People and what is ours.
    "(?:my|our|your|their|his|her|its|we|i|you|they|he|she)(?: .*)?|(?:the )?(?:whole )?(?:system|platform|cluster|stack|backend|team|people|customers)",
    // What other rules understand.
    "errors?|warn(?:ing)?s?|debug|info|fatal|problems?|issues?|failures?|exceptions?|it|that|this|them|me|my|you|all|any(?:thing)?|everything|the|a|an|what|how|logs?|lines?|level|p\\d\\d|[qt]ps|cpu|pods?|events?|alerts?|bugs?|sql",
    // What is asked for, not what is written: "find the cause".
    "(?:(?:root|likely|real|actual|true) )?(?:causes?|reasons?|culprits?|sources?|origins?|explanations?|bottle-?necks?|faults?)(?: (?:of|for|behind|why|that)\\b.*)?|(?:what|whatever|why|where|who|whoever|which|whether) .*",
    "(?:一下)?.{0,6}(?:原因|根因|根源|源头|缘由|症结|出处|问题所在|毛病)",
    "错误|报错|异常|警告|告警|问题|日志|一下|消息|(?:什么|哪些|啥|多少|几个?|没有?).*|.*(?:日志|logs?)(?:里面?|中|里头).*|.*有没有.*|所有|级别|过|了|没有?|没|[是怎].*|(?:原则|规则|原理|算法|机制).*|(?:rules?|principles?|algorithms?|semantics)(?: .*)?",
  ].join("|")})$`,
  "i",
);

// Behind a mere "with" or "without" these tell how something is or is done.
const manner =
  /^(?:(?:the |a )(?:re-?start|reboot|bounc)\w*|re-?starting|rebooting|bouncing|their|its|his|all|every|each|no|more|less|high|low|most|status|state|names?)\b/i;
const sayingSo =
  /^(?:containing|contains?|matching|mention|that |where |when |saying|grep|search|look|find|filter|包?含|匹配|搜|查找|过滤|筛|关键|出现|提到)/i;

/** The text of a match as a filter, or undefined when it is no text that somebody looks for. */
function usable(found: RegExpExecArray): string | undefined {
  const text = named(found);
  if (text === undefined || wholeQuote.test((found[1] ?? found[2] ?? found[3] ?? "").trim()))
    return text;
  return !sayingSo.test(found[0]) && manner.test(text) ? undefined : text;
}

/** The same where it is said to be a text. */
function named(found: RegExpExecArray): string | undefined {
  return namedText((found[1] ?? found[2] ?? found[3] ?? found[0]).trim());
}

function namedText(written: string): string | undefined {
  // "/reset|refused/" is a pattern as programmers write one, "/ws" a path.
  const typed = /^\/(.+)\/i?$/.exec(written)?.[1] ?? written;
  // In quotes any text is meant as it stands.
  if (wholeQuote.test(typed)) return typed.slice(1, -1);
  const items = splitItems(typed).map((item) => item.trim());
  const first = items[0] ?? "";
  const words = first.split(/\s+/);
  if (first === "" || items.some((item) => noText.test(item) && !isLevelBeside(item, items, typed)))
    return undefined;
  if (
    !isLevelBeside(first, items, typed) &&
    words.some((word) => /^(?:errors?|warnings?|logs?|p\d\d)$/i.test(word)) &&
    words.length <= 2
  ) {
    return undefined;
  }
  if (serviceOfWord(first) !== undefined) return undefined;
  return items
    .map((item) =>
      item
        .replace(/^([1-5])xx$/i, "$1\\d\\d")
        .replace(/^(timeout|panic|deadlock|[1-5]\d\d)s$/i, "$1"),
    )
    .join("|");
}

/** "Panic or fatal": beside another text the name of a level is one, too. */
function isLevelBeside(item: string, items: readonly string[], typed: string): boolean {
  return (
    levelName.test(item) &&
    /或|\||\bor\b/i.test(typed) &&
    items.some((other) => !noText.test(other) && !/^(?:warnings?|err)$/i.test(other))
  );
}

const levelName = /^(?:error|warn|warning|fatal|info|debug|exception)$/i;

function splitItems(typed: string): string[] {
  return typed
    .split(/\s*(?:或者?|以及|、|\||\s+or\s+|\s+and\s+|(?<=[\w"'”」])\s*[和跟]\s*)\s*/i)
    .map((item) => item.replace(/^["'“「『`‘]|["'”」』`’.]$/g, ""))
    .filter((item) => item !== "");
}
