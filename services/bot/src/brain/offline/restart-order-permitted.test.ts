import { expect, test } from "vitest";
import { understand } from "./understand.ts";

/** Orders with a word on why they may be given, by the service that is to be restarted. */
const orders = `
nats: 重启下 MQ,已经跟值班打过招呼了
nats: 老板同意了，重启 nats 吧
nats: 值班同意了，重启消息队列
nats: 领导点头了，把 nats 重启一下
nats: ticket OPS-42, please bounce nats
nats: bounce nats please, ticket OPS-42
nats: as agreed with the dba, restart nats
nats: as discussed, restart nats
nats: as discussed please restart nats
nats: 消息队列重启掉吧，已经跟老大说过了
nats: 窗口期到了，重启 nats
nats: 变更窗口开始了，重启 nats
nats: 申请重启 nats，已审批
nats: announced in the channel, restart nats
nats: team's been told, restart nats
nats: told the team, restart nats
nats: everyone knows, bounce nats
nats: nobody objected, restart nats
nats: on my responsibility, restart nats
nats: i take full responsibility, restart nats
nats: my call, restart nats
nats: nats 的变更已经批了，重启吧
nats: 领导都点头了，nats 重启一下
nats: 我跟运维打过招呼了，重启 nats
nats: 和 DBA 沟通好了，重启 nats
nats: change 12345 is approved, restart nats
nats: approved under CHG-555, please restart nats
nats: following CHG-555, restart nats now
nats: restart nats now, CHG-555
nats: restart nats please, the boss knows
nats: the cab said yes, restart nats
nats: we have sign-off, restart nats
nats: i cleared it with oncall, restart nats
nats: i checked with the team lead, please restart nats
nats: on-call gave me the go-ahead, bounce nats
nats: the owner is ok with it, restart nats
nats: customers know, restart nats
nats: we warned the users, restart nats
nats: everyone has been warned, restart nats
nats: we are in the window, restart nats
nats: no traffic right now, restart nats
nats: it's quiet, restart nats
nats: nobody's online anyway, restart nats
nats: please restart nats, the change board has signed off on it
mysql: 按变更单,现在重启 mysql
mysql: 工单 CHG-1024 已批，重启 mysql
mysql: 变更单 CHG0012345 已审批，请重启 mysql
mysql: DBA 那边同意了，重启 mysql
mysql: 跟 DBA 打过招呼了，麻烦重启一下 mysql
mysql: 按照变更计划，重启一下 mysql
mysql: 重启 mysql，出问题我担着
mysql: 责任我来担，重启 mysql
mysql: 备份做完了，重启 mysql
mysql: 已经备份了，重启 mysql 吧
mysql: CAB approved, restart mysql
mysql: CAB approved it, please restart mysql now
mysql: per change CHG-123 restart mysql
mysql: as per CHG0031337, please restart mysql
mysql: restart mysql per CHG-4711
mysql: restart mysql (CHG-4711)
mysql: CHG-4711 approved, restart mysql
mysql: 审批单已通过，现在重启数据库
mysql: 工单已审批通过，请重启数据库
mysql: 按工单 OPS-233 重启数据库
mysql: 参照变更单，现在就把数据库重启了
mysql: 数据库重启一下，变更单 CHG-9
mysql: dba signed off, restart mysql
mysql: dba is ok with it, restart mysql please
mysql: the dba gave the go, restart mysql
mysql: backup's done, restart mysql
mysql: backup is done, please bounce mysql
mysql: maintenance window started, restart mysql
mysql: it's off-peak, restart mysql
mysql: low traffic now, restart mysql
mysql: 凭工单 5521，重启 mysql
mysql: mysql 重启一下，单号 CHG-88123
mysql: 业务方已同意，重启数据库
mysql: 客户已经通知过了，重启 mysql
mysql: 变更审批通过了，把数据库重启一下
mysql: 快照打好了，重启 mysql
mysql: 反正没人用，重启 mysql
mysql: the backup is done, restart mysql please
mysql: backup taken, restart mysql
mysql: snapshot is done, bounce mysql
mysql: i'll take the blame, restart mysql
mysql: my responsibility, restart the database
mysql: 按工单 CHG-31 的要求重启 mysql，谢谢
logic: 已批准，重启 logic
logic: 变更已批准，现在重启 logic
logic: 已报备，重启 logic
logic: 重启 logic，已报备
logic: 根据工单要求重启 logic
logic: 依据变更单 CHG-88 重启 logic
logic: 请重启逻辑服务，变更号 CHG-2024-11
logic: 我授权，重启 logic
logic: 我批准了，重启 logic
logic: 经理批准重启 logic 了，请执行
logic: restart logic pls, oncall is ok with it
logic: ok from oncall, restart logic
logic: oncall said ok, please restart logic
logic: oncall approved, restart logic
logic: approved by oncall, restart logic
logic: approved, restart logic
logic: approved: restart logic
logic: 领导同意重启 logic 了，麻烦执行
logic: 都同意了，重启 logic 吧
logic: 跟大家都说过了，重启 logic
logic: 业务方已知晓，重启 logic
logic: 业务方同意了，现在重启 logic
logic: 运维同意了，重启 logic
logic: 单独重启一下 logic 就好，其他别动
logic: the oncall is aware, restart logic
logic: oncall knows, restart logic
logic: restart logic, oncall knows about it
logic: restart logic please, got approval from the boss
logic: have approval, restart logic
logic: with approval from oncall, restart logic
logic: restart logic - change CHG-77 is approved
logic: change ticket CHG-77, restart logic
logic: under CHG-77, please restart logic now
logic: 值班点头了，麻烦把 logic 重启一下哦
logic: my manager is fine with it, could you bounce logic?
gateway: oncall 已确认，重启网关
gateway: 重启 gateway，oncall 知道了
gateway: 已通知用户，重启 gateway
gateway: 重启网关，用户已经通知到了
gateway: 照流程走过了，重启 gateway
gateway: 同意，重启 gateway
gateway: 影响不大，重启 gateway 吧
gateway: 现在没流量，重启 gateway
gateway: i've told oncall, restart gateway
gateway: restart gateway, i already told oncall
gateway: everyone's been notified, restart gateway
gateway: users have been notified, please restart gateway
gateway: we're in the maintenance window, restart gateway
gateway: maintenance window is open, go ahead and restart gateway
gateway: boss is fine with it, restart gateway
gateway: manager signed off, bounce gateway please
gateway: got the green light, restart gateway
gateway: green light from ops, restart gateway
gateway: 网关要重启一下，已经报备过了，麻烦
gateway: 老大批了，网关重启一下
gateway: 已跟值班报备，请重启网关
gateway: 已获批准，请重启网关
gateway: 单单重启 gateway 就行，谢谢
gateway: 我跟领导请示过了，重启 gateway
gateway: we've informed the customers, please bounce gateway now
task: 重启 task，已经和值班同学说过了
task: 跟值班说好了，重启 task
task: 现在是维护窗口，重启 task
task: 流程走完了，重启 task 吧
task: 审批走完了，麻烦重启 task
task: 低峰期了，重启 task
task: 趁现在没人用，重启 task
task: 通知都没发出来，重启一下 task
task: 没流量了，重启 task 吧
task: 现在没人，重启 task
task: 夜里没人用，直接重启 task
bot: 群里已经通知过了，重启 bot
bot: 重启 bot，有事我担着
bot: 出了事我兜着，重启 bot
bot: 都跟业务方沟通好了，bot 直接重启吧
`;
const rows = orders
  .trim()
  .split("\n")
  .map((line) => /^(\w+): (.+)$/.exec(line)?.slice(1) ?? ["", line]);

test.each(rows)("with leave, a restart of %s is ordered by %s", (service, text) => {
  expect(understand(text ?? "", null)).toMatchObject({
    intent: "restart_service",
    args: { service },
  });
});
