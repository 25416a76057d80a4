import type { LogsFound, ToolInput } from "@resonance/ops-mcp";
import type { Language } from "../../language.ts";
import { countText, windowText } from "./render/phrases.ts";
import type { Toolbox } from "./toolbox.ts";

type Filters = Pick<ToolInput<"get_logs">, "level" | "include" | "exclude">;

/**
 * How many lines there were in the time before of equal length, next to those that were found.
 * Of which log that is not known, because it begins later or cannot be read, is said.
 */
export async function compareLogs(
  found: readonly LogsFound[],
  filters: Filters,
  language: Language,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const [first] = found;
  if (!first) return "";
  const { fromMs, untilMs } = first.window;
  const since = new Date(2 * fromMs - untilMs).toISOString();
  const until = new Date(fromMs).toISOString();
  const before: LogsFound[] = [];
  const unknown: string[] = [];
  for (const { service } of found) {
    const input = { service, ...filters, since, until, mode: "count" } as const;
    const result = await tools.call("get_logs", input, signal);
    if (result.outcome !== "error" && reachesBack(result.data)) before.push(result.data);
    else unknown.push(service);
  }
  return comparedText(found, before, unknown, language);
}

function reachesBack({ logBegins, window }: LogsFound): boolean {
  return logBegins === null || Date.parse(logBegins) < window.untilMs;
}

function comparedText(
  found: readonly LogsFound[],
  before: readonly LogsFound[],
  unknown: readonly string[],
  language: Language,
): string {
  const zh = language === "zh";
  const names = unknown.join(zh ? "、" : ", ");
  const [first] = before;
  if (!first) {
    return zh
      ? `没有可比较的数据：${names} 的日志没有更早的内容。`
      : `Nothing to compare with: the logs of ${names} do not reach back that far.`;
  }
  const known = new Set(before.map(({ service }) => service));
  const now = totalOf(found.filter(({ service }) => known.has(service)));
  const then = totalOf(before);
  const when = windowText(first.window, language);
  const which = before
    .filter(({ total }) => total > 0)
    .map(({ service, total }) => `${service} ${total}`)
    .join(" · ");
  const detail = which === "" || before.length === 1 ? "" : zh ? `（${which}）` : ` (${which})`;
  const verdict = verdicts[now === then ? "same" : now > then ? "more" : "fewer"][language];
  const lines = zh
    ? `之前同样长的时间（${when}）：${then} 行${detail}，这次 ${now} 行：${verdict}。`
    : `The time before of equal length (${when}): ${countText(then, "line")}${detail}, against ${now} now: ${verdict}.`;
  if (unknown.length === 0) return lines;
  return zh
    ? `${lines}${names} 的日志没有更早的内容，没有计入。`
    : `${lines} The logs of ${names} do not reach back that far and are not counted.`;
}

const verdicts = {
  same: { zh: "没有变化", en: "no change" },
  more: { zh: "变多了", en: "more than before" },
  fewer: { zh: "变少了", en: "fewer than before" },
} as const;

function totalOf(found: readonly LogsFound[]): number {
  return found.reduce((sum, { total }) => sum + total, 0);
}
