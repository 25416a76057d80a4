/**
 * Whether the words right around a restart turn it into none: refused, put off, reported, asked
 * about. Each pattern stays within one clause, so that a complaint beside the order does not count.
 */
export function isRefusedOrPutOff(text: string): boolean {
  return zh.some((pattern) => pattern.test(text)) || en.some((pattern) => pattern.test(text));
}

const zhObject = "[^,，。;!?]{0,16}";
const zh = [
  // 「不重启」, 「能不能不重启」, but not 「要不重启一下」 and 「能不能重启」.
  /(?<![能可需该用想要是会行好])(?:不|勿|莫|甭|休)(?:要|再|能|可以?|准|许|得|宜|敢|让|给我|去)*\s*(?:把[^,，。]{1,12})?重启/,
  /(?:能|可以|可)(?:不|别)(?:要|去|再|给我)*\s*(?:把[^,，。]{1,12})?重启/,
  /(?:别|(?<!要)不要|不许|不准|不得|(?<!能)不能|(?<!可)不可|勿)[^,，。;!?不]{0,12}重启(?![^,，。]{0,12}[吗么])/,
  new RegExp(
    `(?:拒绝|反对|避免|暂缓|暂停|推迟|延后|延期|撤回|撤销|停止|防止|阻止|停掉|假装|装作|假设|模拟|不小心|差点|误)${zhObject}重启`,
  ),
  /(?<![不])敢(?:去|再)?\s*重启|敢\s*重启.{0,14}试试/,
  // 「发完版再重启」 is for later, 「再重启一次」 is not.
  /(?:完|了|后|好|行|过|的话)[^,，。;!?]{0,3}(?:你|我|咱们?|我们)?再(?:去|来|给我|帮我)?\s*(?:把[^,，。]{1,12})?重启(?!一次|一遍)/,
  /(?<!可以|方便|有空|行|能)的话[,，]?\s*(?:就|再|请|帮我|给我|你|麻烦)*\s*重启/,
  /(?<![从自到])(?:\d{1,2}|[一二三四五六七八九十两]{1,3})点(?:半|钟|整|\d{1,2}分?)?(?:的时候|左右|准时|再|就|来|帮我|给我|请|去|把)*\s*[\w-]*\s*重启/,
  /(?:脚本|定时任务|程序|系统|运维|同事|他们?|她|cron\w*|k8s|自己)\s*(?:会|要|将|自动|定时|每[天周晚次])+\s*重启/i,
  /重启[^,，。;!?]{0,16}(?:干嘛|干吗|干啥|干什么|做什么|作甚|图什么|凭什么|如果|要是|假如|万一|除非|只要)/,
  /重启[^,，。;!?]{0,16}不是(?:个|什么)?(?:好)?(?:办法|主意|方案|事)/,
  /(?:只有|只要|除非)[^,，。;!?]{0,16}重启/,
  /(?:你|您|大家|你们)(?:觉得|认为|以为)[^,，。;!?]{0,16}重启/,
  new RegExp(
    `重启${zhObject}(?:先等|等等再|先放|先缓|先停|缓一?缓|(?:是|可)?不(?:行|可以|合适|妥|允许|准|许)|使不得|万万不可)`,
  ),
  /重启[^,，。;!?]{0,16}(?:[?,，。;!]\s*(?:还是)?(?:不|别|no|nope|don'?t)|[?,，。;! ]\s*(?:还是)?(?:不要|不用|不行|不了|不必|算了|免了|别))(?:了|吧|啊|呀)*[。!. ]*$/i,
];

const verb = "(?:re-?start|reboot|bounc|relaunch)";
const enObject = "[^,.;:!?，。]{0,40}";
const enThing = "(?: of| on)?(?: the| our)? [\\w-]+(?: service)?";
const en = [
  // "Can't you restart it" asks for it, "not working" says why.
  new RegExp(
    `\\b(?:don'?t|dont|dnt|do not|did(?:n'?t| not)|never|(?:can'?t|cannot|can not|couldn'?t|won'?t|will not)(?! (?:you|we|someone|somebody)\\b)|(?:must|should|may|need|shall|would)(?:n'?t| not)|nobody|no one|refus\\w*|avoid\\w*|stop(?=[ \\w]{0,12} ${verb}\\w*ing\\b| ${verb})|hold off|hold on|cancel|abort|postpone|delay|skip|rather (?:not|you did)|under no|by no means|against|instead of|rather than|without|hands off|forbidden|not allowed|nothing)\\b${enObject}\\b${verb}`,
    "i",
  ),
  new RegExp(`\\b(?:not|no) (?:to |a |an |any |need to |yet )?${verb}`, "i"),
  new RegExp(`\\bno ${verb}`, "i"),
  new RegExp(
    `\\b(?:later|tomorrow|tonight|next (?:week|month|time|sprint)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|in (?:\\d+|an?|half an|a few|ten|five) (?:min|hour|h\\b|m\\b)\\w*|at (?:\\d+ ?(?:am|pm|:\\d\\d|o'?clock)|\\d+:\\d\\d|noon|midnight)|after (?:the|we|i|you|they|it|that|this)|before (?:you|we|i|they)|once (?:the|we|it|they|i)|as soon as|when(?:ever)? (?:the|we|it|they|i))\\b${enObject}\\b${verb}`,
    "i",
  ),
  new RegExp(
    `\\b(?:ask|check with|tell|warn|ping|notify) (?:me|us|him|her|them|everyone|the \\w+)\\b${enObject}\\b(?:before|prior to|about|when)\\b${enObject}\\b${verb}`,
    "i",
  ),
  new RegExp(
    `\\bnot (?:now|yet|today)\\b[^.!?]{0,30}\\b${verb}|\\b${verb}[^.!?]{0,40}\\bnot (?:now|yet|today)\\b|\\b(?:have|had|has) (?:you|we|they|i|anyone|someone)\\b${enObject}\\b${verb}`,
    "i",
  ),
  // Somebody who can, or when you can, is politeness.
  new RegExp(
    `\\b${verb}\\w*${enThing} (?:only )?(?:if|when(?:ever)?|once|after|unless|until|till|as soon as|before|in case)\\b(?! (?:you (?:can|could|have|get|want|like|may|don't mind)|possible|that's))`,
    "i",
  ),
  new RegExp(
    `\\b(?:(?:do|would) you (?:think|reckon|believe|guess)|i wonder|wondering|only|would it help|will it help)\\b${enObject}\\b${verb}`,
    "i",
  ),
  new RegExp(
    `\\b(?:can|could|will|would|does|did|may|might) (?!(?:a|an|another|the|please|kindly|just|you|u|ya|we|i|someone|somebody|anyone|anybody|it be|there|bot|ops-bot|the bot)\\b)(?:the |our )?[\\w-]+(?: service)? ${verb}\\b|\\b${verb}${enThing}? (?:itself|by itself|on its own|自己|自行)`,
    "i",
  ),
  new RegExp(
    `\\b${verb}\\w*${enThing} (?:is|are|was|would be|isn'?t|wasn'?t|didn'?t|doesn'?t|won'?t|wouldn'?t|not|later|tomorrow|tonight)\\b`,
    "i",
  ),
];
