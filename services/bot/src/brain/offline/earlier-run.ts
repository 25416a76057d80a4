import type { Utterance } from "./utterance.ts";

const thing = "(?:容器|实例|pod|进程|那次运行|运行|container|instance)";
const ended = "(?:崩溃?掉?|挂掉?|死掉?|宕机?|退出|重启|oom|被杀|炸)";

const patterns: readonly RegExp[] = [
  new RegExp(`${ended}(?:了)?(?:之|以)?前(?:的|那)?(?:个|次)?${thing}?`, "i"),
  new RegExp(
    `(?:[上前](?:面|边)?(?:一|那)?|之前(?:的)?那?一?|先前(?:的)?那?|刚才那?)[个次]?的?\\s*${thing}`,
    "i",
  ),
  new RegExp(`(?:老|旧)的?\\s*${thing}|${ended}(?:了)?的(?:那|上)?[个次]?${thing}`, "i"),
  /\b(?:previous|prior|old|older|earlier|former|last|dead|crashed|killed|terminated|exited) (?:container|instance|incarnation|run)\b/i,
  // The service stands between, and is left for its own rule: "the old logic container".
  /\b(?:previous|prior|old|older|earlier|former|dead|crashed|killed|terminated|exited)(?= (?:[\w-]+ )?(?:container|instance|incarnation)\b)|\b(?:previous|prior|old|former)(?= (?:[\w-]+ )?pod(?:'s)?\b.{0,12}\blogs?\b)|\blast(?= [\w-]+ (?:container|instance)\b)/i,
  /\bbefore(?= (?:the )?[\w-]+ (?:last |service )*(?:crash\w*|died|went down|fell over|blew up|got killed|was killed|exited|oom\w*))/i,
  // "Previous logs", as kubectl calls them.
  /(?:^|\s)--previous\b|(?<=\blogs?\b.{0,24}\s)-p(?=\s|$)|\bprevious(?=\s*(?:logs?\b|的?日志))/i,
  /\bcontainer (?:(?:that|which) (?:crashed|died|exited|got killed|was killed)|before(?: (?:this|that|the current) one|hand)?)\b/i,
  /\bbefore (?:the |it |its |last )*(?:crash\w*|died|re-?start\w*|exit\w*|went down|fell over|got killed|was killed)\b|\bcrashed one\b|\blast crash(?:ed)? (?:container|instance)?\b/i,
];

/** Takes what says that the lines of the run before this one are wanted. */
export function takeEarlierRun(utterance: Utterance): boolean {
  return patterns.some((pattern) => utterance.take(pattern) !== undefined);
}
