import type { ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { errorText } from "./error-text.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import { codeSpan, defaultWindowText, instantText, windowText } from "./phrases.ts";

/** Warnings by reason, the newest first, with what is left out. */
export function renderEvents(result: ToolOutput<"list_events">, language: Language): string {
  if (result.outcome === "error") return errorText(result, language);
  const zh = language === "zh";
  const { window, source, target, total, groups, shown, omitted, complete } = result.data;
  const when = `${windowText(window, language)}${defaultWindowText(window, language)}`;
  const about = target === null ? "" : zh ? `**${target}** 的` : ` about **${target}**`;
  const where =
    source === "kubernetes"
      ? zh
        ? "集群"
        : "the cluster"
      : zh
        ? "本机（没有接入 Kubernetes，只看进程的意外退出）"
        : "this machine (no Kubernetes is connected: only processes that ended by themselves)";
  if (result.outcome === "no_data") {
    const quiet = zh
      ? `${where}在这段时间没有${about}异常事件。\n时间窗口：${when}`
      : `No warnings${about} of ${where} in this window.\nWindow: ${when}`;
    return `${quiet}\n\n${nextQuestionsText([next.restarts, next.diagnoseAll], language)}`;
  }
  const head = zh
    ? `${where}${about}异常事件：${complete ? "" : "至少 "}${total} 次，${groups} 类。`
    : `Warnings${about} of ${where}: ${complete ? "" : "at least "}${total}, of ${groups} kinds.`;
  const items = shown.map((group) => {
    const objects = `${group.objects.map(codeSpan).join(zh ? "、" : ", ")}${group.objectsTotal > group.objects.length ? ` +${group.objectsTotal - group.objects.length}` : ""}`;
    const last = instantText(group.lastAt, window);
    const message = group.message === "" ? "" : `\n  ${codeSpan(group.message.slice(0, 240))}`;
    return zh
      ? `- **${group.reason}** ×${group.count}（${group.kind} ${objects}，最近一次 ${last}）${message}`
      : `- **${group.reason}** ×${group.count} (${group.kind} ${objects}, last at ${last})${message}`;
  });
  const rest =
    omitted === 0
      ? ""
      : zh
        ? `省略 ${omitted} 类，请指定服务。`
        : `${omitted} kinds left out; name a service.`;
  const asked = nextQuestionsText([next.diagnoseAll, next.anyErrors], language);
  return [head, items.join("\n"), rest, `${zh ? "时间窗口：" : "Window: "}${when}`, asked]
    .filter((part) => part !== "")
    .join("\n\n");
}
