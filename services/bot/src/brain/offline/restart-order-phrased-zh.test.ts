import { expect, test } from "vitest";
import { understand } from "./understand.ts";

/** How people phrase it at night in Chinese, by the service that is to be restarted. */
const orders = `
gateway: gateway 给它重启一下
gateway: 麻烦把网关给重启一下
gateway: 把网关重启一下哈
gateway: 顺便重启下 gateway
gateway: gateway 重启一把看看
gateway: 重启一下网关，谢谢大佬
gateway: gw 重启下
gateway: gateway 重启下，快
gateway: 说错了，是重启 gateway
gateway: 不是 logic，是 gateway，重启一下
gateway: 安排一下 gateway 的重启
gateway: 给 gateway 安排个重启
gateway: 给我把 gateway 重启了
gateway: 来重启一下 gateway
gateway: gateway 来个重启
gateway: 来一次 gateway 重启
gateway: 可以，重启 gateway 吧
gateway: 没什么人用，重启 gateway
gateway: 客户那边炸了，赶紧重启 gateway
gateway: 用户都在骂，快点重启 gateway
gateway: 重启一下，就 gateway
gateway: 【紧急】重启 gateway
gateway: @ops-bot 麻烦重启一下 gateway 服务，谢谢
gateway: 机器人，把网关重启一下
gateway: 机器人帮我重启 gateway
gateway: gateway 给我重启一下
gateway: 求求了，重启下 gateway
gateway: 在？重启下 gateway
gateway: 急急急，网关重启下
gateway: 帮个忙呗，gateway 重启一下
gateway: 拜托拜托，重启下网关
gateway: 执行：重启网关
gateway: 现在执行重启网关
gateway: 可以了，重启网关
gateway: 好了可以重启网关了，执行吧
gateway: 网关，赶紧重启，用户都进不来了
gateway: 大佬们，帮忙把网关重启一下
gateway: 老铁，重启下 gw
gateway: 就只重启 gateway
gateway: 能顺手把 gateway 重启一下吗
gateway: 方便的话顺带重启下 gateway
gateway: 可以帮我重启掉 gateway 吗
gateway: 可不可以给网关重启一下
gateway: 能不能给 gateway 来一次重启
gateway: 麻烦安排重启 gateway
gateway: 请安排 gateway 重启
gateway: 发起 gateway 重启
gateway: 需要你重启一下 gateway
gateway: gateway 需要重启，请处理
gateway: gateway 需要重启一下，麻烦了
gateway: gateway 该重启了，重启吧
gateway: gateway 已经卡了二十分钟了，重启一下
gateway: 网关 CPU 打满，重启一下
gateway: 网关老掉线，重启下看看
logic: logic 重启掉
logic: 帮忙给 logic 重启一下吧
logic: 劳烦将 logic 重启一次
logic: 顺手把 logic 重启一下
logic: 哥，重启下 logic
logic: 逻辑服务重启一下哦
logic: logic 重启一下哦，谢谢
logic: 只重启 logic 一个服务
logic: 安排重启 logic
logic: 搞一下 logic 重启
logic: 重启 logic 一下
logic: 重启 logic 一次
logic: 重启下 logic 这个服务
logic: 日志都看过了，重启 logic 吧
logic: 麻烦重启一下，logic
logic: logic 再给它重启一遍
logic: logic 服务帮忙重启下哈，谢谢
logic: 逻辑服务再重启一次试试
logic: 逻辑服务也重启一下
logic: 就 logic 吧，重启一下
logic: logic 这边重启一下
logic: 只要重启 logic 就行，别的不要动
logic: logic 内存爆了给它重启一下
logic: logic 又没反应了，给重启下
logic: 给 logic 重启一下呗，卡得要死
logic: 逻辑服务又卡死了，劳烦重启一把
logic: 别查了，先把 logic 重启了
logic: 查了半天没结果，重启 logic 吧
logic: 别问了，重启 logic
logic: 发错了，重启 logic
logic: 不对，是 logic，重启一下
task: task 直接给重启了吧
task: 将 task 服务重启
task: 请将 task 服务重启一下
task: 推送服务挂了，赶紧给重启一下
task: 兄弟帮忙重启下推送呗
task: 手动把 task 重启一下
task: 再把 task 重启一下吧
task: 重启下 task 的进程
task: task 的 pod 重启一下
task: 麻烦你赶紧把 task 给重启了
task: task 重启掉，谢谢
task: 别动 nats，把 task 重启一下就行
task: 不用重启 nats，重启 task
task: 不是 nats 是 task，重启一下
task: 推送收不到，把 task 重启下试试
task: 推送停了半小时了，重启 task
task: task 给我重启掉
task: task 先重启一下再说
task: 劳驾，把 task 重启了吧
task: 将推送服务重启掉
task: 顺便也把 task 重启一下吧
task: 先重启 task，日志我一会儿再看
mysql: 数据库给重启一次
mysql: 请执行 mysql 重启
mysql: 请对 mysql 执行一次重启操作
mysql: mysql 重启吧，没事
mysql: mysql 给它重启一次吧
mysql: 打错了，重启 mysql
mysql: 更正：重启 mysql
mysql: 连接池满了，重启一下 mysql
mysql: 慢查询堆满了，重启 mysql 吧
mysql: 对，就是 mysql，重启它
nats: 把 nats 给我重启一遍
nats: mq 重启一下，消费全停了
nats: mq 挂了 重启下 mq
nats: nats 重启掉吧
nats: 对 nats 进行重启
nats: 对消息队列做一下重启
nats: 受累重启下 nats
nats: nats 重启，立刻
nats: nats 重启，马上，谢谢
nats: 实在不行了，重启 nats 吧
nats: nats 给它来个重启
nats: 麻烦重启一下 nats 这个服务哈
nats: 请重启一下 nats 服务，辛苦
nats: 请立即执行 nats 重启
nats: 请求重启 nats
nats: 重启 nats 服务，请操作
nats: 消息队列，重启一下，谢啦
nats: 麻烦重启：nats
bot: bot 先重启一把
bot: 大半夜的，直接重启 bot 吧
bot: 机器人反应好慢，重启一下它
bot: 把 bot 服务重启掉
bot: 辛苦把 bot 重启一下
bot: 辛苦帮忙重启下 bot
bot: bot 不理我了，重启一下吧
bot: 先把 bot 给重启了呗
bot: 机器人死机了，重启机器人
bot: 帮忙把机器人重启一下，它不理我
bot: 机器人傻了，重启一下
bot: 先重启 bot，原因回头再查
bot: 执行重启:bot
`;
const rows = orders
  .trim()
  .split("\n")
  .map((line) => /^(\w+): (.+)$/.exec(line)?.slice(1) ?? ["", line]);

test.each(rows)("a restart of %s is ordered by %s, too", (service, text) => {
  expect(understand(text ?? "", null)).toMatchObject({
    intent: "restart_service",
    args: { service },
  });
});
