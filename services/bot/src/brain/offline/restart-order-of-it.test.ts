import { describe, expect, test } from "vitest";
import { understand } from "./understand.ts";
import type { Understanding } from "./understanding.ts";

/** What the last of several texts of one person is understood as. */
function after(texts: readonly string[]): Understanding {
  let understood: Understanding | null = null;
  for (const text of texts) understood = understand(text, understood);
  if (!understood) throw new TypeError("nothing was said");
  return understood;
}

describe.each([
  ["gateway 怎么样", "gateway"],
  ["is the gateway ok?", "gateway"],
  ["要不要重启 task", "task"],
  ["logic 最近一小时的报错", "logic"],
])("after %j", (before, service) => {
  test.each([
    "那就重启吧",
    "那重启吧",
    "重启一下",
    "好，重启吧",
    "行，那就重启一下吧",
    "直接重启",
    "帮我重启",
    "给我重启！",
    "麻烦重启下",
    "可以重启一下吗",
    "能把它重启吗",
    "那你把它重启了吧",
    "把它重启了",
    "还是慢，那就重启吧",
    "太慢了重启吧",
    "靠，又挂了，赶紧重启",
    "那就 restart 吧",
    "重启试试",
    "重启它，机器人",
    "then restart it",
    "ok restart it then",
    "then restart please",
    "restart",
    "please give it a restart",
    "go ahead and restart it",
    "ok then let's just bounce it",
    "can you restart it?",
    "would you mind restarting it",
    "still stuck, then restart it",
    "it's leaking memory, restart it",
    "restart it, bot",
    "retsart it plz",
  ])("%j asks for a restart of it", (text) => {
    expect(after([before, text])).toMatchObject({ intent: "restart_service", args: { service } });
  });

  test.each([
    // Questions, doubts and the past.
    "要不要重启",
    "要重启吗",
    "能重启吗",
    "可以重启吗",
    "重启吗",
    "重启？",
    "重启吧？",
    "重启了吗",
    "重启过了吗",
    "已经重启了",
    "重启了",
    "它重启了",
    "它重启",
    "该重启了吧",
    "是不是该重启了",
    "要不重启吧",
    "我觉得可以重启它",
    "它需要重启",
    "重启能好吗",
    "谁重启的",
    "那重启呢",
    "重启不重启",
    "重启好吗",
    "你再重启试试",
    "should we restart it?",
    "restart it?",
    "did it restart?",
    "has it been restarted",
    "it restarted",
    "i restarted it",
    "would restarting it help?",
    "maybe restart it",
    "maybe we should restart it",
    "i think it needs a restart",
    "it should restart",
    "you restart it",
    // No, and not now.
    "别重启",
    "先别重启",
    "那就不重启了",
    "明天再重启吧",
    "don't restart it",
    "i'd rather not restart it",
    "then restart it tomorrow",
    // Conditions.
    "不行就重启吧",
    "不行重启吧",
    "再挂了就重启",
    "还不行，就重启",
    "还是慢的话就重启吧",
    "如果重启会怎样",
    "if it hangs then restart it",
    "restart it if needed",
    "what if we restart it",
    // Words of others.
    "他说“重启吧”",
    "老板说重启吧",
    "日志里说：请重启",
    "> 重启吧",
    'he said "restart it"',
    "they restarted it",
    "```\nrestart it\n```",
    "restart it\nERROR connect ECONNREFUSED",
    // Other things, or more than that.
    "重启电脑吧",
    "那就重启 redis 吧",
    "重启一下那台机器",
    "redis 卡了，重启它",
    "我电脑卡了，重启它",
    "重启其他的",
    "都重启吧",
    "重启它依赖的服务",
    "先停掉再重启",
    "清空队列，重启",
    "重启它顺便把库删了",
    "restart redis, it is stuck",
    "redis is stuck, restart it",
    "my laptop hangs, restart it",
    "it uses redis, restart it",
    "restart them",
    "restart everything",
    "then restart the server",
    "kill it and restart it",
    "restart it and also drop the table",
  ])("%j asks for none", (text) => {
    expect(after([before, text]).intent).not.toBe("restart_service");
  });
});

test.each([
  ["gateway 和 logic 怎么样"],
  ["is gateway slower than logic?"],
  ["gateway 能连上 nats 吗"],
  ["gateway 怎么样", "logic 呢"],
  ["logic logs", "is the gateway ok?"],
  ["系统怎么样"],
  ["is everything ok?"],
  ["gateway 怎么样", "系统怎么样"],
  ["restart gateway and logic"],
])("after %j it is asked which one", (...before) => {
  expect(after([...before, "那就重启吧"]).intent).toBe("unknown");
  expect(after([...before, "then restart it"]).intent).toBe("unknown");
});

test.each(["还是", "重启吧", "再", "那", "ok ", "then restart ", "it is slow, "])(
  "%j, repeated, takes no long time",
  (piece) => {
    const text = `${piece.repeat(900 / piece.length)}重启 restart`;
    const started = performance.now();
    after(["gateway 怎么样", text]);
    expect(performance.now() - started).toBeLessThan(5_000);
  },
);
