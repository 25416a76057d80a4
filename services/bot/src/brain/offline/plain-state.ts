import { takeService } from "./services.ts";
import { Utterance } from "./utterance.ts";
import { takeWindow } from "./windows.ts";

/**
 * Whether a text asks how something is and nothing beyond that, so that what a diagnosis looks at
 * answers it: "is gateway ok", 系统怎么样. One word that no such question has makes it another.
 */
export function asksPlainState(text: string): boolean {
  const utterance = new Utterance(text);
  utterance.correctSpelling();
  takeWindow(utterance);
  takeService(utterance);
  const words =
    utterance.rest
      .toLowerCase()
      .replace(zhPlain, " ")
      .match(/[\p{L}\p{N}'’]+/gu) ?? [];
  return words.every((word) => enPlain.has(word.replaceAll("’", "'")));
}

const zhPlain =
  /怎么样|怎样|咋样|如何|怎么回事|咋回事|怎么了|咋了|什么情况|啥情况|不?正常|健康|状态|状况|情况|还好|良好|不?稳定?|可用|活着|存活|运行|在跑|恢复|挂掉?|崩溃?|宕机?|死掉?|起来|没事|有事|不对劲?|出|哪里|哪儿|哪些|哪个|谁|什么|啥|问题|异常|故障|毛病|整个|整体|系统|服务|所有|全部|一切|各个|都|现在|目前|当前|刚才|刚刚|最近|到底|究竟|是不是|是否|有没有|还是|还|已经?|没有?|有|不|好|行|吗|么|嘛|呢|吧|啊|呀|了|的|着|过|又|再|在|是|个|给|帮我?|帮忙|请|麻烦|看看?|瞧瞧?|查查?|检查|全面|体检|巡检|诊断|排查|分析|一?下|做|说说?|告诉|我们?|你们?|这|那|兄弟|大家|它|被|自己|为什么|为啥|重启|[要需得用]|必要/g;
const enPlain = new Set(
  `is are am was were be been being isn't aren't it it's its that's there a an the our we us i me my you
  your of in on with for to at and or so but now still currently right today again already just all any
  anything anyone everything every something each one thing things service services system stack whole
  overall how how's hows what what's whats why which who where do does did doing done going gone has have
  had can could would will please pls hey hi hello ok okay fine well good great healthy unhealthy health
  status state check checkup up down dead alive running run runs ran work works working normal normally
  stable wrong problem problems issue issues trouble fault faults broken crash crashed crashing crashes
  died dies dying restart restarts restarted restarting reboot bounce bounced need needs needed should
  necessary recovered back happened happening happen on's tell show give take
  look at see if whether or not yes diagnose diagnosis investigate anybody everybody feel feeling looks
  seem seems keep keeps yet really bad weird off about shape report summary`
    .split(/\s+/)
    .filter((word) => word !== ""),
);
