import { compounds, phrases } from "./restart-wordings.ts";

// Nobody is disturbed.
const quiet = [
  "没事|没事的|没事儿|不要紧|没关系|无所谓|放心|到低峰了|到低峰期了|低峰了|低峰期了",
  compounds(
    "|现在|目前|这会儿|此刻|这个点|夜里|半夜|大半夜|凌晨|反正|正好|刚好|趁|趁现在|趁着|趁着现在",
    "没人用|没人在用|没什么人用|没啥人用|没人|没什么人|没啥人|没人在线|没用户|没用户在线|没用户在用|没有用户在线|没流量|没什么流量|没啥流量|没有流量|流量很低|流量低|流量很小|流量小|流量不大|没业务|没什么业务|没负载|负载很低|没人受影响|没影响|没什么影响|影响不大|影响很小|影响有限|不影响业务|不影响用户|是低峰|是低峰期|是业务低峰|是业务低峰期",
    "|了",
  ),
  phrases(
    "|it's|it is|there's|there is|we have|we've got",
    "no traffic|hardly any traffic|almost no traffic|barely any traffic|low traffic|little traffic|very little traffic|no users|nobody online|no one online|nobody on|off-peak|off peak|off-peak hours|quiet|dead quiet|quiet hours|no load|low load",
    "|now|right now|at the moment|at this hour|anyway",
  ),
  phrases(
    "nobody is|nobody's|no one is|no one's",
    "using it|online|on|on it|using it now|online now|connected|affected",
    "|anyway|right now|at the moment",
  ),
  phrases(
    "|the",
    "traffic|load",
    "is low|'s low|is minimal|is near zero|is down to nothing",
    "|now|right now",
  ),
  phrases("low|no|minimal|little|hardly any", "impact|user impact|risk"),
].join("|");

// The hour is the one that was agreed on.
const inWindow = [
  "窗口期到了|窗口期开始了|窗口到了|窗口开始了|窗口开了",
  compounds(
    "|现在是|现在在|现在就在|目前在|目前是|当前是|已经在|已经是|正在|正处于|我们在|我们正在",
    "维护窗口|变更窗口|维护窗口期|变更窗口期|停机窗口|操作窗口|发布窗口",
    "到了|开始了|已开始|开了|已开|打开了|已打开|已经到了|已经开始了",
  ),
  compounds(
    "现在是|现在在|现在就在|目前在|目前是|当前是|已经在|已经是|正处于",
    "维护窗口|变更窗口|维护窗口期|变更窗口期|停机窗口|操作窗口|窗口期|维护期|维护时段|维护时间",
    "|内|里|中|了",
  ),
  phrases(
    "we're in|we are in|we're inside|we are inside|we're within|it's|it is|this is|i'm in|currently in|now in|we're now in|already in|we're already in",
    "the maintenance window|a maintenance window|our maintenance window|the change window|a change window|our change window|the window",
  ),
  phrases(
    "|the|our",
    "maintenance window|change window|window",
    "is open|is open now|is now open|'s open|started|has started|has begun|opened|has opened|just opened|just started|is active",
  ),
].join("|");

// Whoever orders it answers for it.
const answerable = [
  "我看着|我盯着|我在盯着|i'm watching it|i'll watch it|ill watch it|我负责|我担着|我担责|我背锅|算我的|i own it|i'll own it|blame me",
  compounds(
    "|万一",
    "出事|出了事|出什么事|出事情|有事|出问题|出了问题|有问题|有什么问题",
    "|都|全|就|了|了都|了就",
    "我担着|我来担|我担|我担责|我背|我来背|我背锅|我兜着|我兜底|我来兜|算我的|我负责|我来负责|我扛|我扛着|我来扛|找我",
  ),
  compounds(
    "责任|后果|锅|这锅|风险",
    "|都|全",
    "我担着|我来担|我担|我背|我来背|我兜着|算我的|我负责|我来负责|我扛|我来扛|我承担|我来承担|在我",
  ),
  phrases(
    "|it's|this is|it is|that's",
    "on my responsibility|my responsibility|on my head|on me|my call|my decision",
  ),
  phrases(
    "i|i'll|i will|we|we'll",
    "take",
    "full responsibility|responsibility|the responsibility|the blame|the heat",
  ),
].join("|");

// Leave was given, or nobody is against it.
const leave = [
  "我是管理员|不用审批|我跟老大说过了|批下来了|审批过了|审批通过了|已经批准了|确认过了|我确认过了|查了半天没头绪|老板在催|老板催了|客户在催|i'm the admin|im the admin|i am the admin|approval granted|i give up|don't worry about the approval stuff|no objections|no objection|没人反对|没有人反对|没有反对意见",
  phrases(
    "i have|i've got|i've|we have|we've got|have|got|with",
    "approval|the approval|permission|the permission|clearance|sign-off|the ok|the go|the go-ahead|the green light|the all-clear|all approvals|all the approvals",
  ),
  phrases(
    "nobody|no one|no-one",
    "objected|objects|has objected|has objections|minds|is against it|complained about it",
  ),
].join("|");

/**
 * The words by which somebody says that the order may be given: who agreed or knows, under which
 * change, that nobody is disturbed. A word goes in only where it says that this is so: nothing that
 * shall be, no refusal, no question.
 */
export const permissionWords = {
  authority: `${phrases("|the|my|our", "oncall|on-call|on call|oncall engineer|on-call engineer|on-call person|person on call|duty engineer|duty manager|boss|manager|lead|team lead|tech lead|shift lead|supervisor|director|dba|dbas|dba team|sre|sres|sre team|ops|ops team|infra team|platform team|cab|change board|change manager|cto|incident commander|service owner|product owner|approver|approvers|management|leadership")}|the team|our team|my team|the owner|the business|the channel|值班|值班的|值班员|值班人员|值班工程师|值班经理|值班长|值班主管|oncall 的|老板|老大|领导|经理|主管|组长|总监|上级|上头|头儿|负责人|业务|业务方|业务侧|产品|产品经理|运维|运维组|管理员|审批人|变更委员会|变更经理|安全组|架构师|对方|甲方`,
  person: "同学|同事|的同学|的同事|老师们|那位|那里|们|的人|people on call",
  folk: "群里|用户|客户|大家|users|people|everyone|everybody|customers|the customers|all users|the users",
  self: "我|我们这边|我这边|我方|i|we",
  grants: `同意了|也同意了|点头了|点过头了|签字了|签过字了|允许了|允许|答应了|授权|授权了|已授权|已允许|已点头|知道了|知道|知情|已知情|已知晓|知晓|已知悉|知悉|清楚|清楚了|确认了|已确认|认可了|认可|放行了|放行|拍板了|拍板|没意见|没有意见|没异议|无异议|没反对|没问题了|说可以|说可以了|说可以做|说行|说没问题|说 ok|说ok|说 ok 了|说ok了|发话了|ok 了|ok了|同意过了|approved it|approved this|approved that|approves|approves it|approve|ok'd|ok'd it|okayed|okayed it|oked it|agreed to it|agrees|agree|signed off|signed off on it|signed off on this|signed it off|signed it|confirmed it|greenlit|greenlit it|green-lit it|green-lighted it|cleared it|cleared this|authorised it|authorized it|accepted it|consented|${phrases("said|says|say", "ok|okay|yes|go|go ahead|sure|it's ok|it's okay|it's fine|it is ok|it is fine|fine|do it|to go ahead|we can go ahead|i can go ahead")}|${phrases("is|are|'s|am|was", "ok|okay|fine|good|happy|cool|on board", "with it|with this|with that")}|${phrases("is|are|'s", "aware|aware of it|aware of this|in the loop|in the know|on board|in agreement")}|knows|know|knows about it|know about it|knows about this|know about this|knows already|know already|${phrases("gave|has given|have given|gives|gave me|gave us", "the go|the go-ahead|the go ahead|the ok|the okay|the nod|the green light|a green light|a thumbs up|permission|their ok|their blessing|consent|it the green light|it the nod")}|has no objections|have no objections|has no objection|had no objection|had no objections|doesn't mind|don't mind|does not mind`,
  by: "by",
  okFrom: `${phrases("|with|with the|with an|the|an|i have|i have the|i've got|i've got the|i got|i got the|got|got the|got an|have|have the|we have|we have the|we got|we got the|we've got", "ok|okay|approval|go|go-ahead|go ahead|green light|sign-off|permission|all-clear|clearance|consent|blessing|thumbs up", "from")}|${phrases("with", "approval|permission|sign-off|consent", "by")}`,

  paper: `${phrases("|this|my|our", "change|change ticket|change request|change order|change record|change number|change no|ticket|ticket number|ticket no|cr|rfc|approval|maintenance ticket|maintenance request|the change window ticket")}|变更|变更单|变更单号|变更号|变更编号|变更申请|变更申请单|变更工单|变更流程|变更审批|工单|工单号|工单编号|审批|审批单|审批单号|审批流|审批流程|申请单|流程|流程单|单子|单号|手续`,
  per: "按|按照|依|依据|依照|根据|照|照着|参照|遵照|遵|凭|per|as per|according to|in line with|following|under|executing",
  terms: "要求|计划|规定|指示|的要求|里的要求|上的要求|的安排|的内容|的计划|的规定",
  asAgreed:
    "as discussed|as agreed|as we discussed|as we agreed|as discussed earlier|as agreed earlier|as discussed before|as approved|按约定|按之前约定的|按之前说的|按刚才说的|按刚说的|按说好的|按讨论的|按商量好的",
  toward: "向|with",
  iHave:
    "i've|i have|i already|i've already|i have already|i just|i've just|we've|we have|we already|we've already",
  informed: `told|informed|notified|warned|pinged|alerted|checked with|checked it with|checked this with|cleared it with|cleared this with|cleared with|spoke to|spoke with|spoken to|spoken with|talked to|talked with|agreed it with|agreed this with|agreed with|synced with|confirmed with|confirmed it with|discussed it with|discussed this with|coordinated with|coordinated it with|aligned with|announced it to`,
  toldOf:
    "打过招呼了|打了招呼了|打好招呼了|打了招呼|说过了|说了|说好了|讲过了|讲好了|报备过了|报备了|报备好了|已报备|通知过了|通知了|通知到了|通知完了|通知好了|已通知|沟通过了|沟通好了|已沟通|商量过了|商量好了|对齐了|对齐过了|知会过了|知会了|已知会|确认过|确认好了|打过电话了|请示过了|请示了|汇报过了|汇报了|备案了|已备案|备案过了|announced|announced it|announced in the channel|announced it in the channel|announced it in the room|posted in the channel|posted it in the channel|it's announced|it has been announced|announced to everyone|announced it to everyone",
  toldBare: "报备|打招呼|打过招呼|沟通|沟通过|说过|说好|说|通知到|汇报|请示|确认好",
  wereTold: `${phrases("been|has been|have been|'s been|'ve been|were|was|is|are|got", "told|informed|notified|warned|pinged|alerted|briefed|given a heads-up|given a heads up")}|informed already|notified already`,
  cleared:
    "批了|批准了|批过了|已审批|已审批通过|审核通过了|审核过了|已获批|已获批准|获批了|获批准了|批完了|批好了|已批|已批准|已签批|都批了|全批了",
  standing: `${quiet}|${inWindow}|${answerable}|${leave}`,
  passed:
    "审核通过|已通过|通过了|走完了|走过了|走好了|已走完|走完|下来了|过了|已过|已生效|生效了|签完了|是批过的|is approved|was approved|got approved|has been approved|have been approved|'s approved|'s been approved|is signed off|was signed off|went through|came through|is through|is granted|was granted|passed|has passed|is in place|is accepted|was accepted|is authorised|is authorized",
} as const;
