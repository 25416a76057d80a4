import type { ServiceName } from "@resonance/ops-mcp";
import type { Language } from "../../language.ts";
import { noEndText, runsForText } from "./render/no-end.ts";
import type { Toolbox } from "./toolbox.ts";

/** For how long what was asked about has run, where the text asks that; empty for another. */
export async function lookAtUptime(
  asked: string,
  service: ServiceName | undefined,
  language: Language,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  if (!asksUptime.test(asked)) return "";
  return runsForText(await tools.call("list_services", {}, signal), service, language);
}

/** That nothing has ended by itself, where the text asks why something did; empty where it has. */
export async function lookAtEnds(
  asked: string,
  service: ServiceName | undefined,
  language: Language,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  if (!asksAfterEnd.test(asked)) return "";
  return noEndText(await tools.call("list_services", {}, signal), service, language);
}

// When it restarted, and for how long it has run, is the same question.
const asksUptime =
  /(?:什么时候|啥时候|几点|何时|几时|哪天|多久前).{0,10}(?:重启|启动|起)|重启.{0,6}(?:什么时候|啥时候|几点|何时|多久|时间)|(?:上次|最近一次|最后一次).{0,6}重启|(?:运行|跑|启动|开)了?.{0,3}(?:多久|多长)|\buptime\b|\b(?:when|what time|how long ago)\b.{0,40}\b(?:re-?start|reboot|bounc|start)\w*|\b(?:re-?start|reboot)\w*\b.{0,16}\b(?:when|what time|how long ago)\b|\b(?:last|latest|most recent)\b.{0,24}\b(?:re-?start|reboot|bounc)\w*|\b(?:how long|since when)\b.{0,30}\b(?:up|run\w*|alive)\b/i;
const asksAfterEnd =
  /重启|崩|宕|挂(?:过|了)|退出|\b(?:re-?start|reboot|crash)\w*|\b(?:died|dies|went down|exited)\b/i;
