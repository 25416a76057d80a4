import { expect, test } from "vitest";
import { understand } from "./understand.ts";

/** Who agreed, which change it is, that nobody is disturbed: told, asked, awaited or refused. */
const texts = `
等值班同意了再重启 gateway
值班同意了就重启 gateway
值班同意重启 gateway 了吗
值班还没同意重启 gateway
值班不同意重启 gateway
老板同意了吗？同意了就重启 gateway
老板同意重启 gateway 了
老板没同意，重启 gateway 先等等
领导批了再重启 logic
领导没批，别重启 logic
变更单批了吗，批了重启 logic
变更单还没批，先不重启 logic
变更单 CHG-123 要重启 logic 吗
变更单 CHG-123 里写着重启 logic
变更单里为什么要重启 logic
按变更单什么时候重启 mysql
按变更单今晚重启 mysql
按变更单明天重启 mysql
按变更单，三点重启 mysql
按变更单是不是该重启 mysql
工单说要重启 nats
工单里让重启 nats
工单 OPS-42 是谁提的，重启 nats 那个
工单 OPS-42：nats 昨晚重启
谁批准重启 nats 的
谁批的工单重启 nats
如果工单批了，重启 nats
要是老板同意了，就重启 nats
跟值班说一声，重启 nats 前
先跟值班打招呼再重启 MQ
跟值班打过招呼了吗，重启 MQ
跟值班打过招呼再重启 MQ
还没跟值班打招呼，MQ 先别重启
值班刚重启了 MQ
值班让我重启 MQ
值班说重启下 MQ
值班说已经重启 MQ 了
值班同学在重启 MQ
值班会重启 MQ
通知值班重启 MQ
让值班重启 MQ
叫 DBA 重启 mysql
请 DBA 重启 mysql
DBA 同意了，他来重启 mysql
DBA 同意了，他会重启 mysql
跟 DBA 说重启 mysql
DBA 说重启 mysql 就好
备份做完了吗？做完重启 mysql
备份做完再重启 mysql
备份没做完别重启 mysql
没备份，能重启 mysql 吗
维护窗口内再重启 task
维护窗口什么时候，重启 task
到维护窗口了再重启 task
不在维护窗口，重启 task 要审批吗
没人用的时候重启 task
等没人用了重启 task
现在没人用，能重启 task 吗
现在没流量，重启 task 会影响谁
低峰期再重启 task
低峰期重启 task
流量低了就重启 task
统一重启 gateway 会影响登录吗
顺便问下，重启 logic 要审批吗
重启 logic 已获批准了吗
重启 logic 的审批通过了吗
重启 logic 审批中
重启 logic 审批没通过
重启 logic 待审批
重启 logic 需要谁同意
重启 logic 用跟值班说吗
重启 logic，值班知道吗
重启 logic，值班不知道
重启 logic，值班不同意
重启 logic，老板不让
重启 logic，值班说不行
重启 logic，值班说等等
重启 logic，值班说的
值班：重启 logic
老板：重启 logic
运维：请重启 logic
工单：重启 logic
变更内容：重启 logic
变更已执行，重启 logic
变更已完成，重启 logic 了
已批准重启 logic
老板批准了重启 logic
批准重启 logic
同意重启 logic
我同意重启 logic
审批重启 logic
谁同意了重启 logic
我没同意，重启 logic 不行
责任我来担，但别重启 logic
出问题谁担着，重启 mysql
重启 mysql，没备份
重启 gateway，影响大吗
影响大吗，重启 gateway
影响不大的话重启 gateway
影响不大就重启 gateway
影响大，别重启 gateway
领导都点头了吗，nats 重启一下
领导点头才能重启 nats
只有领导点头了才重启 nats
领导点头之前别重启 nats
领导点头了，nats 已经重启了
领导点头了，nats 昨晚重启的
领导点头，小王重启 nats
领导点头的话重启 nats
领导点头后重启 nats
变更批了之后重启 nats
变更已批，今晚重启 nats
变更已批，等通知重启 nats
变更已批，由值班重启 nats
变更已批，值班重启 nats
变更已批，值班来重启 nats
变更已批，nats 重启中
变更已批，nats 重启了
变更已批，nats 还没重启
变更已批，nats 什么时候重启
变更已批，要重启 nats 吗
变更已批，是不是可以重启 nats 了
变更已批，可以重启 nats 了吗
变更已批，谁来重启 nats
变更已批，重启 nats 失败
变更已批，重启 nats 超时
变更已批，再重启 nats
变更已批再重启 nats
已报备再重启 nats
已报备，再重启 nats
已通知用户再重启 gateway
已通知用户：23点重启 gateway
已通知用户要重启 gateway
通知用户重启 gateway
通知用户，重启 gateway
先通知用户，再重启 gateway
备份好了再重启 mysql
备份好了，再重启 mysql
备份好了就重启 mysql
备份好了才能重启 mysql
备份好了吗？重启 mysql
现在没人用吗，重启 mysql
没人用再重启 mysql
没人用了再重启 mysql
没人用了，再重启 mysql
没人用的话，重启 mysql
没人敢重启 mysql
没人重启 mysql
没人重启过 mysql
没人同意重启 mysql
没人同意，重启 mysql
没人反对就重启 mysql
没影响吗，重启 mysql
影响不大吧，重启 mysql
影响不大吧？重启 mysql
我担着，小李重启 mysql
我授权他重启 mysql
我授权谁重启 mysql
我批准了吗，重启 mysql
我同意，重启 mysql 需要你同意吗
我不同意，重启 mysql
我们同意重启 mysql
分批重启要多久
找值班重启一下 gateway
联系值班重启 gateway
联系值班，重启 gateway
@值班 重启 gateway
值班，重启一下 gateway
值班同学，麻烦重启一下 gateway
运维，重启 gateway
dba，麻烦重启 mysql
老板，重启 gateway 吗
老板问，重启 gateway 吗
老板问能不能重启 gateway
老板问重启 gateway 了没
老板要求重启 gateway
老板要重启 gateway
老板想重启 gateway
老板让你重启 gateway
老板同意重启 gateway
老板批了重启 gateway
老板批了重启 gateway，还没做
老板批准了 gateway 的重启
可以重启 gateway 吗，值班同意了
能重启 gateway 吗，值班没意见
值班没意见，要不要重启 gateway
值班没意见，该不该重启 gateway
值班没意见，只能重启 gateway
值班没意见的话重启 gateway
按变更单要重启 gateway 吗
按变更单不用重启 gateway
按变更单别重启 gateway
按变更单重启过 gateway 了
按变更单重启了 gateway
按变更单 gateway 重启
按变更单 gateway 已重启
按变更单，gateway 重启
按变更单，gateway 已经重启
按变更单谁重启 gateway
按变更单 CHG-12 gateway 重启了
根据工单，重启 gateway 失败了
根据工单，gateway 需要重启
根据工单，gateway 要重启一下
根据工单 gateway 昨天重启
值班批了没，重启 gateway
没人同意了，重启 logic
老板好像同意了，重启 logic
值班似乎知道，重启 logic
`;

test.each(texts.trim().split("\n"))("%s gives no leave and no order", (text) => {
  expect(understand(text, null).intent).not.toBe("restart_service");
  expect(understand(text, understand("is the gateway ok?", null)).intent).not.toBe(
    "restart_service",
  );
});
