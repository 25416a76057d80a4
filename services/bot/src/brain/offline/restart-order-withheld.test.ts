import { expect, test } from "vitest";
import { understand } from "./understand.ts";

/** The lines of a list, each a text as somebody types it. */
function lines(list: string): string[] {
  return list
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

// Written before it was looked at what the rules make of them.
test.each(
  lines(`
  restart logic. no wait, don't
  重启 logic，算了
  restart task once the deploy is done
  restart gateway? hmm not sure
  if logic hangs again, restart it
  logic 再挂就重启
  before restarting mysql take a backup
  is it safe to restart logic?
  重启 mysql 安全吗
  did someone restart gateway
  logic restarted by itself at 3am
  gateway 凌晨三点自己重启了
  restart logic after lunch
  午饭后重启 logic
  restart gateway at midnight
  零点重启网关
  don't restart logic yet
  先不忙重启 logic
  hold off on restarting gateway
  alice will restart logic
  小李会重启 logic
  张三说要重启 logic
  运维群里让重启 logic
  boss says restart logic
  "restart logic"
  “重启 logic”
  > restart gateway
  the runbook says restart logic
  手册上说重启 logic 就行
  restart logic or task?
  重启 logic 还是 task
  how do you restart logic
  怎么重启 logic
  如何优雅地重启 gateway
  what's the command to restart nats
  why restart logic
  为啥要重启 gateway
  should I restart logic
  要不要重启 mysql 啊
  is a restart of task required
  who's restarting gateway
  谁又把 logic 重启了
  logic restart count today
  今天 logic 重启了几回
  restart times of gateway
  how often does task restart
  restart all services
  全部重启
  restart the server
  重启服务器
  restart my pc
  重启我的电脑
  restart redis
  重启 nginx
  restart gateway on staging
  重启预发环境的 gateway
  restart the gateway in the test cluster
  restart logic with the new config
  用新配置重启 logic
  stop logic and restart mysql
  先停 gateway 再重启 logic
  delete the queue and restart nats
  清掉队列再重启 nats
  restart gateway then scale it to 3
  重启 gateway 并扩到 3 个
  will a restart of gateway drop connections
  重启网关会断线吗
  重启 logic 会影响发消息吗
  how long does a mysql restart take
  重启一次 mysql 多久
  last restart of bot
  上次重启 bot 是啥时候
  was nats restarted yesterday
  nats 昨天重启过没
  I already restarted logic
  我已经把 logic 重启了
  刚重启了 gateway，还是不行
  just restarted gateway, still slow
  restarting logic didn't help
  重启 logic 也不管用
  logic keeps restarting
  logic 一直在重启
  gateway 老是重启，怎么回事
  why does gateway keep restarting
  restart loop in task
  thinking about restarting mysql
  在考虑重启 mysql
  might need to restart gateway
  可能得重启 gateway
  maybe restart logic?
  或许该重启 logic 了
  I would restart gateway if I were you
  如果是我就重启 gateway
  can logic be restarted without downtime
  logic 能不停机重启吗
  can users restart logic
  普通用户能重启 logic 吗
  who is allowed to restart mysql
  谁有权限重启 mysql
  do I need approval to restart gateway
  重启 gateway 要谁批
  cancel the restart of logic
  取消对 logic 的重启
  undo the gateway restart
  never mind restarting gateway
  不用重启 gateway 了，好了
  gateway 好了，不用重启
  gateway recovered, no restart needed
  no need for a restart of logic anymore
  wait with the restart of task
  等我说了再重启 task
  let me restart gateway
  我自己重启 gateway
  I'll bounce logic in a minute
  一会我去重启 logic
  待会重启一下网关
  周五重启 mysql
  restart mysql on friday
  tomorrow restart gateway
  remind me to restart logic tomorrow
  提醒我明天重启 logic
  wake me up if logic restarts
  logic 重启了告诉我
  tell me when gateway has been restarted
  重启 gateway 的时候通知我
  notify bob before the gateway restart
  grep restart in logic logs
  logic 日志里有没有 restart
  show restart events of gateway
  看看 gateway 的重启事件
  explain the restart of logic
  restart logic is what he typed
  他敲的是重启 logic
  I typed restart gateway by mistake
  我不小心重启了 gateway
  joke: why did the gateway restart
  restart gateway lol just kidding
  重启 gateway，开玩笑的
  please do not under any circumstances restart nats
  请勿重启 nats
  you must never bounce mysql
  mysql 千万动不得，别重启
  don't restart it, just tell me why sends are slow
  别重启，告诉我发消息为啥慢
  instead of restarting gateway look at its logs
  与其重启 gateway 不如看看日志
  restart gateway or rollback?
  only restart logic when I say so
  restart logic every hour
  每小时重启一次 task
  restart logic until it works
  restart gateway, unless someone is online
  没人在线的话重启 gateway
  whenever task lags restart it
  restart gateway without asking anyone next time
  下次 gateway 挂了直接重启
  after the restart logic is slow
  logic is restarting now
  logic 正在重启
  do we have to restart gateway after changing env
  改完环境变量要重启 gateway 吗
  restart logic has no effect
  what would happen if we restart nats
  restart logic = bad idea
  重启 logic 真不是个好主意
  my friend asked me to restart his mysql
  帮我朋友重启他的 mysql
  restart gateway for what
  logic 重启完了吗
  gateway 重启好了没
  等下重启 gateway
  gateway 今天要重启吗
  晚高峰别重启 gateway
  要是 task 还卡，就把它重启
  logic 起不来，重启都没用
  重启了 logic 也没恢复
  重启 mysql 得谁点头
  重启之后 gateway 正常了
  重启 gateway 是最后的手段
  能重启 nats 的只有管理员
  重启 gateway 这活儿交给夜班
  刚才那次 gateway 重启是你干的吗
  为了不重启 logic 还能怎么办
  除了重启 gateway 还有别的办法吗
  不到万不得已不重启 mysql
  我同意重启 gateway，但要等到下班
  gateway 重启一般多久
  重启 gateway 有点慌
  restart of gateway scheduled for 2am
  gateway will be restarted tonight
  are you going to restart logic
  was it you who restarted logic
  restart gateway only as a last resort
  i wouldn't restart mysql now
  restarting mysql is the last thing i want
  can we avoid restarting logic
  is anyone planning to restart gateway
  gateway restart complete
  gateway restart in progress
  restart gateway: yes or no?
  let me know if gateway needs a restart
  ok but who restarts logic
  please wait with restarting gateway
  please make sure nobody restarts gateway
  please don't let anyone restart mysql
  please check if logic needs a restart
  please tell me how to restart logic
  can you tell me whether logic was restarted
  can you restart gateway later
  can you restart gateway or not
  could you restart gateway if it fails again
  would you restart gateway in my place
  would you say restart gateway is right
  just asking, can restarting gateway hurt
  if only someone would restart gateway
  restart gateway and lose all sessions? no thanks
  restart logic instead of gateway? no
  you said restart gateway would help
  my plan: restart gateway
  step 1: restart gateway
  TODO restart gateway
  note to self: restart gateway
  restart gateway ✗
  restart gateway??
  logic? restart?
  restart logic, then what
  restart gateway, they say
`),
)("%s orders no restart", (text) => {
  expect(understand(text, null).intent).not.toBe("restart_service");
});

// Of words that are all in the vocabulary.
test.each(
  lines(`
  gateway 异常重启
  gateway 异常重启一次
  gateway 崩溃重启
  gateway 超时重启
  gateway 重启啦
  gateway 马上重启
  gateway 已经卡死，又重启
  重启 gateway 速度
  重启一下 gateway，还是不行
  重启了一下 gateway
  重启 gateway，好了
  重启 gateway，卡住了
  gateway 挂了就重启
  gateway 挂了再重启
  gateway 挂了，再重启一下
  gateway 挂了，重启了
  logic 报错：重启 gateway
  logic 报错 重启 gateway
  用户投诉重启 gateway
  谢谢帮我重启 gateway
  你把 gateway 重启了
  gateway 给重启了
  gateway 能不能重启
  gateway 能重启吗
  我们重启 gateway
  能不能重启
  stuck gateway restart
  crashed gateway restart
  the gateway restart
  not ok, gateway restart
  gateway is stuck then restart gateway
  error: restart gateway
  users complain restart gateway
  restart gateway is stuck
  restart gateway, still stuck
  restart gateway, right?
  can gateway restart
  you restart gateway
  we need to restart gateway
  gateway needs a restart
  will you restart gateway
`),
)("%s orders none either", (text) => {
  expect(understand(text, null).intent).not.toBe("restart_service");
  expect(understand(text, understand("is the gateway ok?", null)).intent).not.toBe(
    "restart_service",
  );
});
