import type { ServiceName } from "@resonance/ops-mcp";
import { servicesIn } from "./services.ts";
import { understand } from "./understand.ts";
import type { Understanding } from "./understanding.ts";

/** One of the things that a text asks, with the words that ask it. */
export type Asked = { readonly text: string; readonly understanding: Understanding };

const mostServices = 3;

/**
 * What a text asks: two questions where a word says that another one follows, and the same of each
 * service where several are joined. Everything else is one question, and an order to restart, or
 * what speaks of one, is never taken apart.
 */
export function questionsIn(text: string, previous: Understanding | null): readonly Asked[] {
  const whole = { text, understanding: understand(text, previous) };
  if (speaksOfRestart.test(text) || isPasted.test(text) || text.length > 200) return [whole];
  return twoQuestions(text, previous) ?? sameOfEach(whole) ?? [whole];
}

const speaksOfRestart = /重启|重新|拉起|\b(?:re-?start|reboot|bounc|relaunch|cycl|kick)/i;
// Whatever joins there joins words of somebody else's.
const isPasted = /["“”「」『』`{}\n]|=\S/;

const measures =
  "p\\d\\d|cpu|qps|memory|latency|throughput|connections?|queue|backlog|error rate|outbox|dead letters";
const zhMeasures = "连接数|队列|积压|延迟|内存|死信|发件箱|错误率|失败率|在线|告警|事件|日志|报错";
const joints = [
  /[?？!！。；;]\s*(?=\S)/,
  /[,，、 ]*(?:顺便|另外|还有|以及|同时|外加|然后)(?:再|也|帮我|给我|看看?|查一?下?|看一?下)*\s*/,
  new RegExp(`\\s*(?:和|跟)\\s*(?=(?:${zhMeasures}|${measures}))`, "i"),
  new RegExp(
    `[,;]?\\s+(?:and|plus|also|and also)\\s+(?=(?:how|what|what's|which|who|is|are|any|show|check|list|did|does|why|can you|give|tell|the (?:${measures})|${measures})\\b)`,
    "i",
  ),
];

function twoQuestions(text: string, previous: Understanding | null): Asked[] | undefined {
  for (const joint of joints) {
    const found = joint.exec(text);
    if (!found) continue;
    const asked: Asked[] = [];
    let before = previous;
    for (const part of [text.slice(0, found.index), text.slice(found.index + found[0].length)]) {
      before = understand(part, before);
      asked.push({ text: part, understanding: before });
    }
    const [one, other] = asked;
    if (one && other && isQuestion(one) && isQuestion(other) && differ(one, other)) return asked;
  }
  return undefined;
}

function isQuestion({ understanding: { intent } }: Asked): boolean {
  return intent !== "unknown" && intent !== "help" && intent !== "restart_service";
}

function differ(one: Asked, other: Asked): boolean {
  const key = ({ understanding: { intent, args } }: Asked) =>
    [intent, args.service, args.metric].join(" ");
  return key(one) !== key(other);
}

const and = /^\s*(?:服务)?\s*(?:和|以及|、|&|,|，|and|, ?and)\s*(?:the )?$/i;
// "The connection of gateway and mysql" is one thing.
const isBetween =
  /之间|连接|连不上|断|比|谁|还是|哪个|\b(?:between|connect\w*|reach|which|than|vs|versus)\b/i;

/** "Logs of gateway and logic": the same of each that stands in the row of the first. */
function sameOfEach({ text, understanding }: Asked): Asked[] | undefined {
  const { service } = understanding.args;
  if (service === undefined || !isQuestion({ text, understanding })) return undefined;
  if (isBetween.test(text)) return undefined;
  const named = servicesIn(text);
  const row: ServiceName[] = [];
  for (const [index, one] of named.entries()) {
    const last = named[index - 1];
    const isNext = last === undefined || and.test(text.slice(last.end, one.start));
    if (!isNext) return undefined;
    if (!row.includes(one.name)) row.push(one.name);
  }
  if (row[0] !== service || row.length < 2 || row.length > mostServices) return undefined;
  return row.map((name) => ({
    text,
    understanding: { ...understanding, args: { ...understanding.args, service: name } },
  }));
}
