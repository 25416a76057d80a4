import type {
  MetricsRead,
  Panel,
  PanelReading,
  SeriesReading,
  SeriesSummary,
  ToolOutput,
  Trend,
} from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { errorText } from "./error-text.ts";
import { exitText } from "./exit-text.ts";
import { messagesText } from "./messages-text.ts";
import { metricMeaning, questionsAfter } from "./metric-meaning.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import {
  type Both,
  bytesText,
  codeSpan,
  defaultWindowText,
  instantText,
  lengthText,
  numberText,
  table,
  windowText,
} from "./phrases.ts";

type Percentile = "p50" | "p95" | "p99";

/** What was asked for beyond the panel and its window. */
export type Asked = {
  /** Stands first. */
  readonly percentile?: Percentile;
  readonly compared?: boolean;
  readonly service?: string;
};

/** A panel as an answer: the number first, then what it is of. */
export function renderMetrics(
  result: ToolOutput<"get_metrics">,
  language: Language,
  asked: Asked = {},
): string {
  if (result.outcome === "error") return errorText(result, language);
  const { data } = result;
  const head =
    result.outcome === "no_data"
      ? nothingText(data, result.causes.includes("no_samples_yet"), language)
      : headline(data.panel, data.reading, language, {
          percentile: asked.percentile,
          // The question itself is no message of a time that is over.
          isUpToNow: data.window.endsNow,
        });
  const meaning = result.outcome === "no_data" ? "" : metricMeaning(data, language);
  // A number speaks for itself; a table is introduced.
  const parts = [
    ...(head.startsWith("|") ? [meaning, head] : [head, meaning]),
    windowLine(data, language),
    coverageLine(data, language),
    previousLine(data, language, asked.compared ?? false),
    elsewhereLine(data, language, asked.service),
    nextQuestionsText(
      result.outcome === "no_data" ? [next.services] : questionsAfter(data, asked.compared),
      language,
    ),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

const names = {
  messages: { zh: "消息数", en: "messages" },
  send_rate: { zh: "发送速率", en: "send rate" },
  send_latency: { zh: "发送延迟", en: "send latency" },
  error_rate: { zh: "发送失败率", en: "send failure rate" },
  connections: { zh: "WebSocket 连接数", en: "WebSocket connections" },
  queue_lag: { zh: "队列积压", en: "queue lag" },
  outbox_backlog: { zh: "发件箱积压", en: "outbox backlog" },
  cpu: { zh: "CPU", en: "CPU" },
  memory: { zh: "内存", en: "memory" },
  restarts: { zh: "重启次数", en: "restarts" },
} as const satisfies Record<Panel, Both>;

/** What was read: a panel, or a query of the asker's own. */
function nameOf(panel: Panel | null, language: Language): string {
  return panel === null ? (language === "zh" ? "查询结果" : "the query") : names[panel][language];
}

function headline(
  panel: Panel | null,
  reading: PanelReading,
  language: Language,
  { percentile, isUpToNow }: { percentile: Percentile | undefined; isUpToNow: boolean },
): string {
  const zh = language === "zh";
  const name = nameOf(panel, language);
  switch (reading.kind) {
    case "messages":
      return messagesText(reading, isUpToNow, language);
    case "rate":
      return zh
        ? `**${numberText(reading.perSecond)}** 条/秒（平均${name}）；最高 ${numberText(reading.highestPerSecond)} 条/秒，共 ${reading.total} 条${trendText(reading.trend, language)}。`
        : `**${numberText(reading.perSecond)}** messages/s on average; at most ${numberText(reading.highestPerSecond)} messages/s, ${reading.total} in all${trendText(reading.trend, language)}.`;
    case "latency":
      return latencyText(reading, language, percentile);
    case "outcomes":
      return outcomesText(reading, language);
    case "gauge":
      return gaugeText(panel, reading, language);
    case "restarts":
      return table(
        zh ? ["服务", "重启次数", "上次退出"] : ["service", "restarts", "last exit"],
        reading.services.map(({ service, restarts, lastExit }) => [
          service,
          String(restarts),
          lastExit === null ? "–" : exitText(lastExit, language),
        ]),
      );
    case "series":
      return seriesText(panel, reading, language);
    default:
      return reading satisfies never;
  }
}

/** Whether it goes up or down, or nothing where that is not known. */
function trendText(trend: Trend, language: Language): string {
  if (trend === "unknown") return "";
  return language === "zh" ? `，趋势${trends[trend].zh}` : `, trend ${trends[trend].en}`;
}

const trends = {
  rising: { zh: "上升", en: "rising" },
  falling: { zh: "下降", en: "falling" },
  flat: { zh: "平稳", en: "flat" },
} as const satisfies Record<Exclude<Trend, "unknown">, Both>;

function latencyText(
  reading: Extract<PanelReading, { kind: "latency" }>,
  language: Language,
  percentile: Percentile | undefined,
): string {
  const values = { p50: reading.p50Ms, p95: reading.p95Ms, p99: reading.p99Ms };
  const shown = (key: Percentile) => `${key} ${milliseconds(values[key])}`;
  const others = (["p50", "p95", "p99"] as const).filter((key) => key !== percentile);
  const first = percentile === undefined ? "" : `**${shown(percentile)}** · `;
  const rest = others.map((key) => (percentile ? shown(key) : `**${shown(key)}**`)).join(" · ");
  return language === "zh"
    ? `${first}${rest}（${names.send_latency.zh}，在 Logic 测得，${reading.count} 次发送）。`
    : `${first}${rest} (${names.send_latency.en}, measured in Logic over ${reading.count} sends).`;
}

function outcomesText(
  reading: Extract<PanelReading, { kind: "outcomes" }>,
  language: Language,
): string {
  const { ok, refused, failed, errorRatio } = reading;
  const percent = `${numberText(100 * (errorRatio ?? 0))} %`;
  return language === "zh"
    ? `**${percent}** 的发送失败（成功 ${ok} · 失败 ${failed} · 因请求本身被拒绝 ${refused}）。`
    : `**${percent}** of sends failed (ok ${ok} · failed ${failed} · refused for the sender's fault ${refused}).`;
}

function gaugeText(
  panel: Panel | null,
  reading: Extract<PanelReading, { kind: "gauge" }>,
  language: Language,
): string {
  const zh = language === "zh";
  const show = (value: number) => quantityText(value, reading.unit);
  const [only] = reading.series;
  const name = nameOf(panel, language);
  if (only && reading.series.length === 1) {
    const stats = statsOf(only).map(show);
    return zh
      ? `**${show(only.last)}**（${only.service} 当前的 ${name}）；窗口内最小 ${stats[0]}，平均 ${stats[1]}，最大 ${stats[2]}${trendText(only.trend, language)}。`
      : `**${show(only.last)}** now (${name} of ${only.service}); in the window min ${stats[0]}, mean ${stats[1]}, max ${stats[2]}${trendText(only.trend, language)}.`;
  }
  const head = zh
    ? ["服务", `当前 ${name}`, "最小", "平均", "最大"]
    : ["service", `${name} now`, "min", "mean", "max"];
  const rows = [...reading.series]
    .sort((one, other) => other.last - one.last)
    .map((series) => [series.service, show(series.last), ...statsOf(series).map(show)]);
  return table(head, rows);
}

/** Series of Prometheus, each with the unit of its panel, and the query that gave them. */
function seriesText(panel: Panel | null, reading: SeriesReading, language: Language): string {
  const zh = language === "zh";
  const show = (value: number) => seriesQuantity(value, reading.unit);
  const name = nameOf(panel, language);
  const head = zh
    ? [name, "当前", "最小", "平均", "最大", "趋势"]
    : [name, "now", "min", "mean", "max", "trend"];
  const rows = reading.series.map((series) => [
    series.name,
    show(series.last),
    ...[series.min, series.mean, series.max].map(show),
    series.trend === "unknown" ? "–" : trends[series.trend][language],
  ]);
  const queries = reading.queries.map(codeSpan).join(zh ? "、" : ", ");
  const omitted =
    reading.omitted === 0
      ? ""
      : zh
        ? `显示前 ${reading.series.length} 条曲线，省略 ${reading.omitted} 条。`
        : `The largest ${reading.series.length} series are shown, ${reading.omitted} left out. `;
  const basis = zh
    ? `${omitted}来自 Prometheus（步长 ${reading.stepSeconds} 秒）：${queries}`
    : `${omitted}From Prometheus (step ${reading.stepSeconds} s): ${queries}`;
  return `${table(head, rows)}\n\n${basis}`;
}

function seriesQuantity(value: number, unit: SeriesReading["unit"]): string {
  if (unit === "bytes" || unit === "percent" || unit === "count") return quantityText(value, unit);
  if (unit === "milliseconds") return milliseconds(value);
  return unit === "per_second" ? `${numberText(value)}/s` : numberText(value);
}

function statsOf(series: SeriesSummary): number[] {
  return [series.min, series.mean, series.max];
}

function quantityText(value: number, unit: "count" | "bytes" | "percent"): string {
  if (unit === "bytes") return bytesText(value);
  return unit === "percent" ? `${value.toFixed(1)} %` : numberText(value);
}

function milliseconds(value: number | null): string {
  return value === null ? "–" : `${numberText(value)} ms`;
}

function nothingText(data: MetricsRead, isYoung: boolean, language: Language): string {
  const name = nameOf(data.panel, language);
  if (language === "zh") {
    return isYoung
      ? `还没有${name}的采样：服务没有在运行，或者刚刚启动。`
      : `这段时间里没有${name}的数据（没有发送，或没有被测量）。`;
  }
  return isYoung
    ? `There are no samples of ${name} yet: the service is not running, or has just started.`
    : `There is no data on ${name} in this window (nothing was sent, or it is not measured).`;
}

function windowLine(data: MetricsRead, language: Language): string {
  // Restarts are counted since the stack was started.
  if (data.reading.kind === "restarts") {
    return language === "zh" ? "自系统本次启动以来。" : "Counted since the stack was started.";
  }
  const precision = data.reading.kind === "messages" ? "ms" : "s";
  const when = `${windowText(data.window, language, precision)}${defaultWindowText(data.window, language)}`;
  const length = lengthText(data.window, language);
  return language === "zh" ? `时间窗口：${length}，${when}` : `Window: ${length}, ${when}`;
}

export function coverageLine(data: MetricsRead, language: Language): string {
  const { covered, window } = data;
  if (covered === null || covered.whole) return "";
  const from = instantText(covered.from, window);
  const until = instantText(covered.until, window);
  return language === "zh"
    ? `注意：采样只覆盖 ${from} – ${until}（机器人启动后每 5 秒采样一次）。`
    : `Note: samples cover only ${from} – ${until} (the bot takes one every 5 s while it runs).`;
}

function previousLine(data: MetricsRead, language: Language, compared: boolean): string {
  if (data.previous === null) {
    if (!compared) return "";
    return language === "zh"
      ? "没有可比较的数据：之前的时间段没有采样。"
      : "Nothing to compare with: there are no samples of the time before.";
  }
  const when = windowText(data.previous.window, language);
  const head = headline(data.panel, data.previous.reading, language, {
    percentile: undefined,
    isUpToNow: false,
  });
  const text = head.replaceAll("**", "");
  return language === "zh"
    ? `之前同样长的时间（${when}）：${text}`
    : `The time before of equal length (${when}): ${text}`;
}

/** A panel that is measured in one place says nothing about another that was named. */
function elsewhereLine(data: MetricsRead, language: Language, asked: string | undefined): string {
  if (data.panel === null || data.source === "prometheus") return "";
  const measured = data.service ?? "logic";
  const isPerService = data.panel === "cpu" || data.panel === "memory" || data.panel === "restarts";
  if (asked === undefined || isPerService || asked === measured) return "";
  const name = nameOf(data.panel, language);
  return language === "zh"
    ? `注意：${name}在 ${measured} 测得，没有 ${asked} 自己的数据。`
    : `Note: ${name} is measured in ${measured}; there is none of ${asked} itself.`;
}
