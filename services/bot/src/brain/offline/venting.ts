import { asksWhy, complains } from "./health-words.ts";
import { servicesIn } from "./services.ts";

/**
 * Whether somebody only speaks of themselves: how tired they are, how late it is, how they like
 * their work. What else is said must neither ask nor speak of what runs here.
 */
export function isVenting(text: string): boolean {
  const others = text.replace(zhVent, " , ").replace(enVent, " , ");
  if (others === text || servicesIn(text).length > 0) return false;
  return !zhOurs.test(others) && !enOurs.test(others) && !complains(others) && !asksWhy(others);
}

const zhFeeling = "累|困|饿|烦|气|忙|郁闷|无聊|开心|难过|难受|心累|崩溃|倒霉|惨|丧|爱你";
const zhVent = new RegExp(
  [
    "(?:累|困|饿|烦|气|热|冷|忙|郁闷|无聊|吵|急|愁|难受)(?:死(?:我|人|了)*|坏了|疯了|爆了|得要(?:死|命))",
    `(?:我|好|很|太|真|有点|快)+(?:${zhFeeling})(?:啊|了|呀|哦)*`,
    "(?:我|快|真|真的|要)*受不了[了啦]*",
    "(?:不想|懒得|好想|想|该|只想)(?:再|去|回)*(?:上班|下班|睡觉?|家|休息|辞职|躺平|起床|加班|放假|摸鱼|哭|死)",
    "(?:还|都|一夜|整晚|一晚上?|昨晚|通宵)*没(?:有)?(?:睡|吃|合眼|休息|下班)(?:好|饱|着|够|觉|饭|过)?",
    "还在(?:上班|加班|值班|公司)|加班(?:到[^,，。]{0,6}|中|了)?|被(?:叫|吵|喊)(?:起来|醒)",
    "(?:恨|讨厌|烦)(?:透)?(?:死)?(?:了)?(?:周|星期|礼拜|上班|加班|值班|人生)(?:[一二三四五六日天](?!\\S))?",
    "(?:今天|今晚|今早|这周|这班)(?:真|好|太|可)(?:是)?(?:倒霉|累|烦|难|惨|背)",
  ].join("|"),
  "g",
);

const enFeeling =
  "tired|bored|hungry|thirsty|sad|happy|sleepy|exhausted|knackered|miserable|grumpy|annoyed|stressed|depressed|fed up|burn(?:t|ed) out|dead inside|lonely|drunk|(?:sick|tired) of (?:this|it|everything|work|my job|being on call|mondays)|done(?: with (?:this|today|life|everything|work|it all))?";
const enLife =
  "(?:being )?on[- ]?call|life|work|mondays?|(?:my|this|the) (?:job|life|shift|week|day|night|month|year)";
const enVent = new RegExp(
  [
    `\\bi(?:'?m| am| was|'?ve been| have been)(?: (?:just|so|very|really|too|getting|feeling|kinda|a bit|\\w+ly|\\w+ing))* (?:${enFeeling})\\b`,
    `\\bi (?:\\w+ )?(?:hate|loathe|despise|regret|love) (?:everything|everyone|everybody|people|it all|computers|being (?:on call|awake|here)|\\w+days|${enLife})\\b`,
    "\\bi (?:\\w+ ){0,2}(?:want|need|'d like)(?: to)? (?:go home|go to (?:bed|sleep)|sleep|cry|die|quit|scream|(?:a |an |some |my |more |another )*(?:sleep|coffee|beer|drink|holiday|vacation|nap|day off|raise|new job|hug|bed))\\b",
    "\\bi (?:can'?t|cannot|could(?:n'?t)?) (?:even )?(?:sleep|cry|any ?more|scream|take (?:this|it)(?: any ?more)?)\\b",
    "\\bwhy (?:am|was) i (?:\\w+ ){0,2}(?:awake|up|here|doing this|working|alive|on call)\\b",
    "\\b(?:fml|kill me|shoot me)\\b(?: now)?",
    `\\b(?:${enLife}) (?:\\w+ )?(?:sucks?|is (?:\\w+ )?(?:hell|killing me|the worst|awful|terrible|endless))\\b`,
    "\\bwhat an? (?:\\w+ )?(?:night|day|week|morning|shift|life)\\b",
    "(?:^|\\bi(?:'?ve| have)? )been (?:up|awake|here|working|at (?:it|work)|on call)(?: since| for| all)\\b",
    "\\bhaven'?t (?:slept|eaten|been home|had (?:any )?(?:sleep|coffee))\\b",
    "\\bcan'?t believe (?:that )?it'?s (?:\\w+ )?(?:\\w+day|\\d+ ?[ap]m)\\b",
  ].join("|"),
  "gi",
);

const zhOurs =
  /系统|服务|消息|页面|网页|网站|日志|报错|错误|告警|报警|数据库|队列|连接|延迟|线上|生产|用户|客户|大家|重启|[吗么?]|看|查|有没有|什么|啥|怎么|咋|哪|几个|多少|列/;
const enOurs =
  /\b(?:is|are|was|were|does|did|do|can you|could you|show|check|list|any|how|what|which|who|where|give|tell|look|see|find|grep|logs?|errors?|systems?|services?|servers?|prod\w*|sites?|pages?|paged|messages?|alerts?|pods?|chat|users?|customers?|latency|queues?|cpu|memory|connections?|restart\w*|help|commands?)\b|\?/i;
