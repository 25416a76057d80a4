import type { PodRow, ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { errorText } from "./error-text.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import { durationText, table } from "./phrases.ts";

/** Pods as a table, totals by status first, with what is left out and what to ask next. */
export function renderPods(result: ToolOutput<"list_pods">, language: Language): string {
  if (result.outcome === "error") return errorText(result, language);
  const zh = language === "zh";
  const { namespaces, target, total, totals, shown, omitted, complete } = result.data;
  const where = target ?? namespaces.join(zh ? "、" : ", ");
  if (result.outcome === "no_data") {
    return zh
      ? `${where} 里没有${result.causes.includes("no_pods") ? "" : "符合条件的"} Pod。`
      : `There are no ${result.causes.includes("no_pods") ? "" : "such "}pods in ${where}.`;
  }
  const counts = Object.entries(totals).map(([status, count]) => `${status} ${count}`);
  const bad = shown.filter(({ healthy }) => !healthy);
  const number = `${complete ? "" : zh ? "至少 " : "at least "}${total}`;
  const head = zh
    ? `${where} 有 ${number} 个 Pod：${counts.join(" · ")}。`
    : `${where} has ${number} pods: ${counts.join(" · ")}.`;
  const verdict = bad.length === 0 ? (zh ? "都正常。" : " All are well.") : "";
  const rest =
    omitted === 0
      ? ""
      : zh
        ? `显示 ${shown.length} 个（不正常的在前），省略 ${omitted} 个；可以按服务名缩小范围。`
        : `${shown.length} are shown, the unhealthy first, ${omitted} left out; name a service to narrow it down.`;
  const [first] = bad;
  const questions = first ? [next.diagnoseAll, next.logs(first.name)] : [];
  const asked = nextQuestionsText(questions, language);
  return [`${head}${verdict}`, podsTable(shown, language), rest, asked]
    .filter((part) => part !== "")
    .join("\n\n");
}

function podsTable(pods: readonly PodRow[], language: Language): string {
  const head =
    language === "zh"
      ? ["Pod", "就绪", "状态", "重启", "上次结束", "运行时间", "节点"]
      : ["pod", "ready", "status", "restarts", "last ended", "age", "node"];
  return table(
    head,
    pods.map((pod) => [
      `${pod.namespace}/${pod.name}`,
      pod.ready,
      pod.healthy ? pod.status : `**${pod.status}**`,
      String(pod.restarts),
      pod.lastReason ?? "–",
      pod.ageSeconds === null ? "–" : durationText(pod.ageSeconds, language),
      pod.node ?? "–",
    ]),
  );
}
