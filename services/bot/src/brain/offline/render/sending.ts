import type { MetricsRead, PanelReading, ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { coverageLine } from "./metrics.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import { lengthText, numberText } from "./phrases.ts";

type Latency = Extract<PanelReading, { kind: "latency" }>;

// What somebody notices who sends a message and watches it.
const noticedMs = 250;

/** Whether sends are slow or fail, in figures and in a sentence, and where else to look. */
export function renderSending(
  latency: ToolOutput<"get_metrics">,
  outcomes: ToolOutput<"get_metrics">,
  language: Language,
): string {
  const now = latencyOf(latency);
  if (latency.outcome === "error" || !now || now.p95Ms === null) {
    return language === "zh"
      ? "这段时间没有测到发送的延迟，所以发送慢不慢我说不准。"
      : "No latency of sends was measured in this time, so whether they are slow I cannot tell.";
  }
  return [
    figures(latency.data, now, outcomes, language),
    coverageLine(latency.data, language),
    verdict(now.p95Ms, previousOf(latency.data)?.p95Ms ?? undefined, language),
    nextQuestionsText([next.queue, next.cpu], language),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function figures(
  data: MetricsRead,
  now: Latency,
  outcomes: ToolOutput<"get_metrics">,
  language: Language,
): string {
  const zh = language === "zh";
  const shown = `**p50 ${milliseconds(now.p50Ms)} · p95 ${milliseconds(now.p95Ms)} · p99 ${milliseconds(now.p99Ms)}**`;
  const failed =
    outcomes.outcome === "ok" && outcomes.data.reading.kind === "outcomes"
      ? outcomes.data.reading.failed
      : undefined;
  const length = lengthText(data.window, language);
  const failures =
    failed === undefined ? "" : zh ? `，其中 ${failed} 次失败` : `, ${failed} of them failed`;
  const before = previousOf(data);
  const head = zh
    ? `发送（${length}，在 Logic 测得）：${shown}，共 ${now.count} 次${failures}。`
    : `Sends (${length}, measured in Logic): ${shown} over ${now.count}${failures}.`;
  if (!before || before.p95Ms === null) return head;
  return zh
    ? `${head}再往前同样长的时间：p95 ${milliseconds(before.p95Ms)}。`
    : `${head} In the time before of equal length: p95 ${milliseconds(before.p95Ms)}.`;
}

function verdict(p95Ms: number, beforeMs: number | undefined, language: Language): string {
  const zh = language === "zh";
  if (p95Ms >= noticedMs) {
    return zh
      ? "确实慢：二十次里至少有一次能让人察觉。时间花在 Logic 存储消息上，先看数据库和 CPU。"
      : "That is slow: at least one send in twenty takes long enough to be noticed. The time goes where Logic stores a message: look at the database and the CPU first.";
  }
  if (beforeMs !== undefined && p95Ms > 2 * beforeMs && p95Ms > noticedMs / 5) {
    return zh
      ? "比之前慢了一倍以上，但还到不了让人察觉的程度。"
      : "That is more than twice what it was, though not yet what people notice.";
  }
  return zh
    ? "在 Logic 这一段不慢。如果有人觉得慢，要看之后的投递（队列）、网关，或者他们自己的网络。"
    : "So they are not slow as far as Logic goes. Where people find them slow, it is the delivery behind it (the queue), the gateway, or their own network.";
}

function latencyOf(result: ToolOutput<"get_metrics">): Latency | undefined {
  if (result.outcome !== "ok") return undefined;
  return result.data.reading.kind === "latency" ? result.data.reading : undefined;
}

function previousOf({ previous }: MetricsRead): Latency | undefined {
  return previous?.reading.kind === "latency" ? previous.reading : undefined;
}

function milliseconds(value: number | null): string {
  return value === null ? "–" : `${numberText(value)} ms`;
}
