import type { MetricsRead, PanelReading, ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { coverageLine } from "./metrics.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import { lengthText, numberText, windowText } from "./phrases.ts";

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
  const failed = failedOf(outcomes);
  return [
    figures(latency.data, now, failed, language),
    coverageLine(latency.data, language),
    failed === undefined || failed === 0 ? "" : failureText(failed, language),
    verdict(now, previousOf(latency.data)?.p95Ms ?? undefined, language),
    nextQuestionsText(
      (failed ?? 0) > 0 ? [next.warnings("gateway"), next.queue] : [next.queue, next.cpu],
      language,
    ),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function figures(
  data: MetricsRead,
  now: Latency,
  failed: number | undefined,
  language: Language,
): string {
  const zh = language === "zh";
  const shown = `**p50 ${milliseconds(now.p50Ms)} · p95 ${milliseconds(now.p95Ms)} · p99 ${milliseconds(now.p99Ms)}**`;
  const { window } = data;
  const length = window.endsNow ? lengthText(window, language) : windowText(window, language);
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

function failureText(failed: number, language: Language): string {
  if (language === "zh") {
    return `有 ${failed} 次发送当次没有存下来（网页会重试，放弃时会提示）。多半是那时 Logic 或数据库没有响应，网关的警告里写着原因。`;
  }
  const times = failed === 1 ? "One send was" : `${failed} sends were`;
  return `${times} not stored at that try (the page tries again, and says so where it gives up). Most likely Logic or its database did not answer then: the warnings of the gateway say why.`;
}

function verdict(now: Latency, beforeMs: number | undefined, language: Language): string {
  const zh = language === "zh";
  const p95Ms = now.p95Ms ?? 0;
  if (p95Ms >= noticedMs) {
    return zh
      ? "确实慢：二十次里至少有一次能让人察觉。时间花在 Logic 存储消息上，先看数据库和 CPU。"
      : "That is slow: at least one send in twenty takes long enough to be noticed. The time goes where Logic stores a message: look at the database and the CPU first.";
  }
  if (now.p99Ms !== null && now.p99Ms >= noticedMs) {
    const slowest = milliseconds(now.p99Ms);
    return zh
      ? `多数不慢，但最慢的百分之一要 ${slowest} 以上：有过短暂的卡顿，先看数据库和当时的警告。`
      : `Most are not slow, but the slowest one in a hundred takes ${slowest} or more: it was held up for a while. Look at the database and the warnings of that time first.`;
  }
  if (beforeMs !== undefined && p95Ms > 2 * beforeMs && p95Ms > noticedMs / 5) {
    return zh
      ? "比之前慢了一倍以上，但还到不了让人察觉的程度。"
      : "That is more than twice what it was, though not yet what people notice.";
  }
  return zh
    ? "存下来的发送在 Logic 这一段不慢。如果有人觉得慢，要看之后的投递（队列）、网关，或者他们自己的网络。"
    : "So what is stored is not slow as far as Logic goes. Where people find it slow, it is the delivery behind it (the queue), the gateway, or their own network.";
}

function failedOf(outcomes: ToolOutput<"get_metrics">): number | undefined {
  if (outcomes.outcome !== "ok" || outcomes.data.reading.kind !== "outcomes") return undefined;
  return outcomes.data.reading.failed;
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
