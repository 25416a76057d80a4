import type { ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { errorText } from "./error-text.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import { countText, table } from "./phrases.ts";

/** Firing alerts as a table, the worst first. */
export function renderAlerts(result: ToolOutput<"get_alerts">, language: Language): string {
  if (result.outcome === "error") {
    if (result.cause !== "not_configured") return errorText(result, language);
    return language === "zh"
      ? "这里没有接入告警来源：请设置 `RESONANCE_ALERTMANAGER_URL` 或 `RESONANCE_PROMETHEUS_URL`。不用告警也可以问「诊断一下」，我按规则检查。"
      : 'No source of alerts is connected here: set `RESONANCE_ALERTMANAGER_URL` or `RESONANCE_PROMETHEUS_URL`. Without alerts you can ask "diagnose": I check by rules.';
  }
  const zh = language === "zh";
  const { source, service, total, firing, shown, omitted } = result.data;
  const about = service === null ? "" : zh ? `与 **${service}** 有关的` : ` about **${service}**`;
  if (result.outcome === "no_data") {
    const quiet = zh
      ? `${source} 没有${about}告警：按设定的规则，现在没有需要处理的。`
      : `${source} has no alerts${about}: by the rules set there, nothing needs attention now.`;
    return `${quiet}\n\n${nextQuestionsText([next.diagnoseAll], language)}`;
  }
  const pending = total - firing;
  const head = zh
    ? `${source}：${firing} 个${about}告警正在触发${pending > 0 ? `，${pending} 个即将触发` : ""}。`
    : `${source}: ${countText(firing, "alert")}${about} ${firing === 1 ? "fires" : "fire"}${pending > 0 ? `, ${pending} are about to` : ""}.`;
  const rows = shown.map(({ name, severity, state, since, summary, labels }) => [
    name,
    severity || "–",
    state === "firing" ? (zh ? "触发中" : "firing") : zh ? "待触发" : "pending",
    since.slice(0, 19).replace("T", " "),
    summary ||
      Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(" "),
  ]);
  const columns = zh
    ? ["告警", "级别", "状态", "开始（UTC）", "说明"]
    : ["alert", "severity", "state", "since (UTC)", "summary"];
  const rest =
    omitted === 0
      ? ""
      : zh
        ? `省略 ${omitted} 个，请指定服务。`
        : `${omitted} left out; name a service.`;
  const asked = nextQuestionsText([next.diagnoseAll, next.anyErrors], language);
  return [head, table(columns, rows), rest, asked].filter((part) => part !== "").join("\n\n");
}
