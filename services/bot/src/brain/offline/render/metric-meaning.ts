import type { MetricsRead, PanelReading } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { type NextQuestion, next } from "./next-questions.ts";

/** What the numbers mean, in a sentence that can stand behind them, or nothing to say. */
export function metricMeaning(data: MetricsRead, language: Language): string {
  const { panel, reading } = data;
  const zh = language === "zh";
  switch (reading.kind) {
    case "restarts": {
      const restarted = reading.services.filter(({ restarts }) => restarts > 0);
      const names = restarted.map(({ service }) => service).join(zh ? "、" : ", ");
      if (restarted.length === 0) {
        return zh
          ? "没有服务异常退出过（经批准的重启见 `/proposals`）。"
          : "None has ended by itself (restarts that were approved are in `/proposals`).";
      }
      return zh ? `重启过的：${names}。` : `Restarted: ${names}.`;
    }
    case "outcomes":
      return outcomesMeaning(reading, zh);
    case "messages":
      return reading.total === 0
        ? zh
          ? "这段时间没有人发消息。"
          : "Nobody has sent anything."
        : "";
    case "gauge":
      return panel === "queue_lag" || panel === "outbox_backlog"
        ? backlogMeaning(reading.series, zh)
        : largest(panel, reading.series, isTrendKnown(data), zh);
    default:
      return "";
  }
}

/** What would be looked at next. */
export function questionsAfter(data: MetricsRead, isCompared?: boolean): NextQuestion[] {
  const { panel, reading } = data;
  if (reading.kind === "restarts") {
    const worst = byValue(reading.services, ({ restarts }) => restarts)[0];
    if (!worst || worst.restarts === 0) return [];
    return [next.whyRestarted(worst.service), next.logsBefore(worst.service)];
  }
  if (reading.kind === "outcomes") {
    return (reading.errorRatio ?? 0) > 0 ? [next.warnings("gateway"), next.diagnoseAll] : [];
  }
  if (reading.kind === "latency") return isCompared ? [next.queue] : [next.latency, next.queue];
  if (reading.kind !== "gauge") return [];
  const [first] = byValue(reading.series, ({ last }) => last);
  if (panel === "queue_lag" || panel === "outbox_backlog") {
    return (first?.last ?? 0) > onTheWay ? [next.errors("task"), next.diagnoseAll] : [];
  }
  const isUsage = panel === "cpu" || panel === "memory";
  return isUsage && isTrendKnown(data) && first?.trend === "rising"
    ? [next.diagnose(first.service)]
    : [];
}

type GaugeSeries = Extract<PanelReading, { kind: "gauge" }>["series"];

/** Whatever has just started rises: samples of a part of the window say nothing about it. */
function isTrendKnown({ covered }: MetricsRead): boolean {
  return covered === null || covered.whole;
}

function outcomesMeaning(
  { ok, failed, refused }: { ok: number; failed: number; refused: number },
  zh: boolean,
): string {
  if (ok + failed + refused === 0) return "";
  if (failed === 0)
    return zh
      ? "也就是说，没有因为系统自身而失败的发送。"
      : "So none failed through the system's fault.";
  return zh
    ? "失败的原因在网关的警告里。"
    : "Why they failed stands in the warnings of the gateway.";
}

// What is on its way at any moment, the very question among it.
const onTheWay = 20;

function backlogMeaning(series: GaugeSeries, zh: boolean): string {
  if (series.every(({ last }) => last === 0)) {
    return zh ? "现在没有积压，处理跟得上。" : "Nothing waits now: it keeps up.";
  }
  const waiting = series.filter(({ last }) => last > onTheWay);
  if (waiting.length === 0) {
    return zh
      ? "没有积压：只有正在路上的几条，处理跟得上。"
      : "That is no backlog, only what is on its way: it keeps up.";
  }
  const rising = waiting.filter(({ trend }) => trend === "rising");
  const names = (rising.length > 0 ? rising : waiting).map(({ service }) => service);
  if (rising.length > 0) {
    return zh
      ? `积压在增加：${names.join("、")} 跟不上。`
      : `It grows: ${names.join(", ")} cannot keep up.`;
  }
  return zh ? "有等待的，但没有在增加。" : "Some wait, but no more than before.";
}

/** Of several services: the one that takes the most. */
function largest(
  panel: string | null,
  series: GaugeSeries,
  isTrendKnown: boolean,
  zh: boolean,
): string {
  const [first] = byValue(series, ({ last }) => last);
  if (!first || series.length < 2 || (panel !== "cpu" && panel !== "memory")) return "";
  const rising = series
    .filter(({ trend }) => isTrendKnown && trend === "rising")
    .map(({ service }) => service);
  const most = zh ? `用得最多的是 **${first.service}**` : `**${first.service}** uses the most`;
  if (rising.length === 0) return zh ? `${most}。` : `${most}.`;
  return zh ? `${most}；在上升：${rising.join("、")}。` : `${most}; rising: ${rising.join(", ")}.`;
}

function byValue<Item>(items: readonly Item[], value: (item: Item) => number): Item[] {
  return [...items].sort((one, other) => value(other) - value(one));
}
