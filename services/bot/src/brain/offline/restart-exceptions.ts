/**
 * What is no order to restart now, although it is worded like one: conditions, other times, reports
 * of the past, questions about what would happen, and things that are none of the services.
 */
export function isNoPlainOrder(text: string): boolean {
  return zh.some((pattern) => pattern.test(text)) || en.test(text);
}

const zh = [
  // 丢不丢, 在不在: a question, unless it is a polite one.
  /重启.{0,20}(?:是不是|会不会|(?![好行可能成])(\p{Script=Han})不\1|有(?:啥|没有)|几分钟|多久|大概|对吧|怎么|咋|用英文|坏处|好处|区别)/u,
  /(?:是不是|是否|要是|等.{1,12}再|等.{1,12}了就|每[天周晚次月小].{0,4}|定[时期].{0,3}|自动.{0,2}|除了.{1,14}都?)重启|(?:是不是|等|每[天周晚次月]).{1,14}重启/,
  /重启.{0,14}(?:前(?:先|要|得|后)|之前|那台|这台|机器(?!人)|节点|主机|起不来|还是(?:别|不|慢|卡|没)|没用)|重启(?:.{0,10}[,，]?\s*)?(?:算了|还是算)/,
  // Somebody has done it, or did they: without 帮 and with 了.
  /(?:(?<![帮给替为])我|他|她|有人|同事|小\p{Script=Han}|谁|昨[天晚]|刚才?|已经?|是不是|老板)(?:刚才?|已经|昨天|又)*把.{1,16}重启了(?![吧呗它])/u,
  /(?:昨[天晚]|上周|前天|刚才?|早上).{0,3}重启了|重启了\s*(?:[一二三两几\d]+[次回]|(?:gateway|logic|task|bot|mysql|nats|网关|逻辑|推送|数据库|机器人|消息队列)(?![吧呗]))/i,
  /[把将].{1,14}的\s*(?!服务|进程|容器|实例|pod)[^,，。]{1,10}重启/i,
];

const en =
  /\b(?:except|all but|everything but|unless|whenever|until|every (?:night|day|hour|week|time)|dry[- ]run|pretend|simulate|myself|if (?:it|needed|necessary|that|they|the|anything|things|possible)|once it|when it)\b|\b(?:i will|i'll|i'm (?:going|about) to|we (?:could|should|might|may|will)|we'll|you (?:could|should|might)) (?:\w+ )?(?:re-?start|reboot|bounce)\b|\b(?:re-?start|reboot|bounce) (?:the )?[\w-]+(?:'s)? (?:host|node|machine|vm|box|runs)\b|\b(?:re-?start|reboot|bounce) (?:the )?(?:server|host|node|machine|box|vm) (?:that|where|which|of|gateway|logic|task|mysql|nats)\b|\b(?:my|his|her|their) (?:local|own)\b|\bon (?:my|his|her|their)\b|\bwith (?:more|less|debug|a new|new|another|different|higher|lower)\b|\b(?:to|at) (?:version|v\d)/i;
