import { expect, test } from "vitest";
import { understand } from "./understand.ts";

/** Nearly the phrases of an order, in Chinese. */
const texts = `
gateway 给它重启一下有用吗
要不要给 gateway 重启一下
给 gateway 重启一下会怎样
logic 重启掉了
logic 重启掉了吗
logic 重启掉会丢消息吗
logic 给重启了
logic 被重启了
logic 给重启了一下，还是卡
logic 被人重启了一下
他给 logic 重启了一下
我给 logic 重启了一下
我给 logic 重启一下
我给它重启一下
我来给 logic 重启一下
我先把 logic 重启一下
我去把 logic 重启了
我们先把 logic 重启了
同事把 logic 重启了一下
同事给 logic 重启了
刚给 logic 重启了一遍
已经给 logic 重启一遍了
logic 重启一遍要多久
logic 重启一次要几分钟
logic 重启一把试过了，没用
logic 重启下就好了
logic 重启一下就好了
logic 重启一下就好了吗
logic 重启一下能好吗
logic 重启一下行不行得通
logic 重启一下，行不行啊还是
logic 重启一下要不要紧
logic 重启一下会掉线吗
logic 重启一下试过没有
logic 重启一下是不是就好
建议 logic 重启一下
logic 可能要重启一下
logic 好像要重启一下
logic 估计得重启一下
logic 应该重启一下
logic 最好重启一下
logic 该重启一下了吧
logic 大概重启一下就行
logic 是不是该重启一下
logic 是该重启一下
logic 难道要重启一下
logic 不重启一下吗
logic 不如不重启
logic 别给它重启
logic 别给重启了
logic 不要给重启掉
logic 先别给它重启一下
千万别把 logic 重启掉
把 logic 重启掉之前说一声
把 logic 重启掉的是谁
把 logic 重启掉有什么后果
把 logic 重启一遍的脚本
谁把 logic 重启掉了
谁给 logic 重启了
挨个重启 gateway 和 logic
轮流重启所有服务
统一重启一遍
挨个重启了一遍还是不行
顺手重启了 logic
顺手把 logic 重启了，还是慢
顺便问下 logic 重启过吗
小王：重启 logic
张三: restart logic
群里说：重启 logic
处理方案：重启 logic
方案：重启 logic
结论：重启 logic
建议：重启 logic
下一步：重启 logic
步骤一，重启 logic
操作记录：重启 logic
标题：重启 logic
告警处理：重启 logic
历史：重启 logic
原因：重启 logic
已执行：重启 logic
已完成：重启 logic
重启 logic：已完成
重启 logic：失败
重启 logic，已完成
重启 logic 完成
重启 logic 已执行
驳回重启 logic
拒绝重启 logic
重启 mysql，出问题怎么办
重启 mysql，出了问题你负责
重启 mysql，出了事谁负责
重启 mysql，数据会丢吗
重启 mysql，数据丢了
重启 nats，消息丢了
重启 nats，消息丢不丢
重启 gateway，用户掉线了
重启 gateway，用户会掉线
没别的办法的话重启 gateway
查不出来就重启 gateway
查不出来再重启 gateway
实在不行就重启 gateway
实在不行重启 gateway
实在不行再重启 gateway
实在不行，重启 gateway 行吗
不是 logic，是 gateway 重启了
是 gateway 重启了，不是 logic
说错了，gateway 没重启
说错了，是 gateway 重启了
说错了，不重启 gateway
打错了，不是重启 gateway
打错了，别重启 gateway
搞错了，重启的是 gateway
要重启的是 gateway 吗
要重启的是 gateway 还是 logic
重启的是 gateway 吗
重启的是 gateway
刚才重启的是 gateway
就重启了 gateway 一个
只重启 gateway 行不行
只重启 gateway 够吗
只重启了 gateway
不只重启 gateway
重启一下，就 gateway 没起来
gateway 重启一下，就它没好
别的都重启了，就 gateway 没有
出问题我负责，别重启 mysql
出问题谁负责，重启 mysql
出问题再重启 mysql
出问题就重启 mysql
出问题了，谁重启的 mysql
我负责重启 mysql
我负责，我来重启 mysql
说错了，他重启 gateway
说错了，是他重启 gateway
说错了，是 gateway 重启
说错了，gateway 重启
打错了，重启了 gateway
搞错了，gateway 自己重启
手滑，重启了 gateway
手滑重启了 gateway
口误，gateway 没有重启
不对，gateway 重启了
不对，是 gateway 重启过
不是 logic 是 gateway 重启了
不是 logic 而是 gateway 重启了
不是 logic 而是 gateway 重启
不是重启 logic 而是重启了 gateway
不是重启 logic 是看 gateway 日志
不是 gateway 的问题，重启没用
不是 gateway，别重启
顺便重启了 gateway
顺便重启 gateway 了
顺便把 gateway 重启了
顺手重启了一下 gateway
顺手给 gateway 重启了
也重启了 gateway
也重启过 gateway
gateway 也重启了
gateway 也要重启吗
gateway 也重启一下吗
gateway 也重启一下？
挨个重启完了
逐个重启 gateway 的节点
统一重启时间是几点
给 gateway 重启过了
给 gateway 重启了
给它重启了
给它重启过
gateway 给它重启了
gateway 给它重启过一次
gateway 给它重启一下吗
gateway 给它重启一下？
gateway 给它重启一下有没有用
gateway 把它重启了
谁给它重启一下
谁给 gateway 重启一下
有人给 gateway 重启一下吗
有没有人给 gateway 重启一下
让小王给 gateway 重启一下
叫人把 gateway 重启一下
找人重启一下 gateway
@小王 重启一下 gateway
依据什么重启 gateway
照老样子重启 gateway 行吗
你把 gateway 重启掉了
把 gateway 重启掉了
要不要重启一下 logic，麻烦了
要不要顺手重启一下 logic
logic 好像要重启一下，麻烦了
有空再重启 gateway 吧
只能重启 gateway，麻烦了
重启 gateway 就行了吧，别问了
重启：gateway 失败
执行重启：gateway 已完成
日志我一会儿再看，谁重启了 task
`;

test.each(texts.trim().split("\n"))("%s only looks like an order", (text) => {
  expect(understand(text, null).intent).not.toBe("restart_service");
  expect(understand(text, understand("is the gateway ok?", null)).intent).not.toBe(
    "restart_service",
  );
});
