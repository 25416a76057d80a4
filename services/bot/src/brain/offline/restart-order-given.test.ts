import { expect, test } from "vitest";
import { vocabulary } from "./restart-vocabulary.ts";
import { understand } from "./understand.ts";

/** What people type when something is down, by the service that they want restarted. */
const orders = `
gateway: gateway 又卡死了，赶紧重启
gateway: pls bounce gateway asap
gateway: 网关重启下
gateway: restart the gateway service now
gateway: gateway's dead, bounce it
gateway: could we get gateway restarted please
gateway: do a rolling restart of gateway please
gateway: @ops-bot 重启 gateway
gateway: ops-bot, bounce the gateway please
gateway: 劳驾重启一下网关
gateway: 给网关来个重启
gateway: yes, restart gateway
gateway: ok go ahead and restart gateway
gateway: sure, bounce gateway
gateway: gateway 内存爆了，重启吧
gateway: 可以帮忙重启下 gateway 吗？
gateway: 能麻烦你重启一下 gateway 吗
gateway: gateway 502 了，重启一下
gateway: bounce gw
gateway: kick the gateway
gateway: restart gatway
gateway: gateway 卡得不行，重启一下行吗
gateway: 还是重启一下 gateway 吧
gateway: 重启 gateway，谢谢
gateway: 您好，麻烦重启一下 gateway，谢谢
gateway: restart gateway pod please
gateway: urgent: restart gateway
gateway: 紧急！重启 gateway
gateway: 重启网关吧，用户都连不上了
gateway: nobody can log in, please restart gateway now
gateway: gateway keeps crashing, can you restart it?
gateway: 快重启网关！！
gateway: request: restart gateway
gateway: so please restart gateway for me
logic: logic挂了，重启一下吧
logic: any chance you could restart logic
logic: hey can u restart logic plz
logic: logic down, restart logic asap!!
logic: i need you to restart logic
logic: I need logic restarted right now
logic: 请重启 logic 服务，谢谢！
logic: logic 服务没反应了，请帮忙重启一下，谢谢
logic: 立刻重启 logic
logic: 马上给我重启 logic！！！
logic: 再重启一次 logic
logic: restart logic again
logic: 帮我 restart 一下 logic 谢谢
logic: 想请你重启一下 logic
logic: logic 一直报错，重启吧
logic: would you be so kind as to restart logic
logic: would you mind restarting logic?
logic: mind bouncing logic for me?
logic: restrat logic please
logic: logic 好像死了，重启下吧
logic: 辛苦重启一下 logic
logic: hi team, please restart logic, thank you
logic: morning! can you restart logic please?
logic: 执行重启 logic
logic: kindly restart the logic service
logic: users can't send messages, restart logic
logic: can you please bounce logic real quick
logic: trigger a restart of logic
logic: 咱们重启一下 logic 吧
logic: logic 麻烦重启一下哈
task: 麻烦把推送服务重启一下谢谢
task: can someone restart task? it's stuck
task: task is not responding, please restart it
task: 重启task
task: 重启一下 task 服务呗
task: 好的，那就重启 task 吧
task: 推送一直卡着，重启一下推送
task: the task service is stuck, bounce it asap please
task: please could you restart task, thanks
task: could you restart task for us when you get a chance
task: 拜托重启下 task
task: task 又不动了 重启下
task: 可不可以重启一下 task 呀
task: 我要重启 task
mysql: 快点 restart mysql
mysql: 数据库卡住了，帮忙重启下数据库
mysql: need a restart of mysql
mysql: 对 mysql 做一次重启
mysql: db is hanging, restart it please
mysql: mysql能重启下不
mysql: reboot the db please
mysql: 先把 mysql 重启了吧
mysql: mysql 连接满了，重启吧
nats: nats 重启一下，消息都堵住了
nats: pls give nats a quick restart
nats: 消息队列麻烦重启一下
nats: 能不能把 nats 重启一下？
nats: plz restart nats, thx
nats: let's restart nats
nats: now restart nats
nats: 需要重启一下 nats，麻烦了
bot: 把机器人重启一下
bot: restart bot
bot: 麻烦重启下bot
`;
const asked = orders
  .trim()
  .split("\n")
  .map((line) => /^(\w+): (.+)$/.exec(line)?.slice(1) ?? ["", line]);

test.each(asked)("a restart of %s is ordered by %s", (service, text) => {
  expect(understand(text ?? "", null)).toMatchObject({
    intent: "restart_service",
    args: { service },
  });
});

test.each([
  ["bot restart it", "gateway"],
  ["bot is stuck, restart it", "bot"],
  ["gateway can't reach nats, restart nats", "nats"],
  ["logic，麻烦重启一下", "logic"],
  ["ok thanks, now restart it please", "gateway"],
])("%s is about %s after a question about gateway", (text, service) => {
  expect(understand(text, understand("is the gateway ok?", null))).toMatchObject({
    intent: "restart_service",
    args: { service },
  });
});

test.each(["gateway can't reach nats, restart it", "restart gateway and logic", "restart it"])(
  "%s leaves open which one",
  (text) => {
    expect(understand(text, null).intent).toBe("unknown");
  },
);

test("each word of the vocabulary does one thing in an order", () => {
  const words = Object.values(vocabulary).flatMap((list) => list.split("|"));
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
});
