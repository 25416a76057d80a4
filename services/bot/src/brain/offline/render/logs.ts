import type { Level, LogLine, LogsFound, NoDataCause, ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { errorText } from "./error-text.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import {
  type Both,
  codeBlock,
  codeSpan,
  countText,
  defaultWindowText,
  instantText,
  lengthText,
  windowText,
} from "./phrases.ts";

/** Bytes of UTF-8 that the lines of one answer may take. */
export const linesMaxBytes = 48_000;

/** Log lines as an answer: what was found and what is left out, the first error, the lines. */
export function renderLogs(
  result: ToolOutput<"get_logs">,
  language: Language,
  maxBytes = linesMaxBytes,
): string {
  if (result.outcome === "error") return errorText(result, language);
  if (result.outcome === "no_data") return renderNothing(result.data, result.causes, language);
  const found = result.data;
  const lines = lastThatFit(linesOf(found.shown), maxBytes);
  const parts = [
    summary(found, lines.length, language),
    ...notes(found, language),
    ...firstErrorText(found, lines, language),
    codeBlock("log", lines),
    ...nextText(found, found.total - lines.length, language),
  ];
  return parts.join("\n\n");
}

/** Several services in whose logs nothing matches, searched for the same in the same window. */
export function renderQuiet(searched: readonly LogsFound[], language: Language): string {
  const [first] = searched;
  if (!first) return "";
  const zh = language === "zh";
  const names = searched.map(({ service }) => service).join(zh ? "、" : ", ");
  const when = `${windowText(first.window, language)}${defaultWindowText(first.window, language)}`;
  const filter = filterText(first, language);
  const head = zh
    ? `没有匹配的日志：${names}。${filter}${quietMeaning(searched, language)}\n时间窗口：${when}`
    : `No matching lines: ${names}.${filter}${quietMeaning(searched, language)}\nWindow: ${when}`;
  const warning = searched.filter(
    ({ level, warningsInWindow }) => level === "error" && (warningsInWindow ?? 0) > 0,
  );
  return [
    head,
    ...sharedBegin(searched, language),
    nextQuestionsText(
      warning.slice(0, 2).map(({ service }) => next.warnings(service)),
      language,
    ),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Where none of the logs reaches back to the window's start, silence says nothing of before. */
function sharedBegin(searched: readonly LogsFound[], language: Language): string[] {
  const begins = searched.flatMap(({ logBegins }) => (logBegins === null ? [] : [logBegins]));
  const [first] = begins.toSorted();
  const window = searched[0]?.window;
  if (first === undefined || window === undefined || begins.length < searched.length) return [];
  const since = instantText(first, window);
  return [
    language === "zh"
      ? `这些日志从 ${since} 才开始，更早的情况看不到。`
      : `These logs begin only at ${since}: of what was before I know nothing.`,
  ];
}

/** "ERROR 2 · WARN 1": the levels that occur, the most severe first. */
function levelsText(byLevel: Readonly<Record<Level, number>>): string {
  return Object.entries(byLevel)
    .filter(([, count]) => count > 0)
    .reverse()
    .map(([level, count]) => `${level.toUpperCase()} ${count}`)
    .join(" · ");
}

function summary(found: LogsFound, shown: number, language: Language): string {
  const { service, total, window } = found;
  const omitted = total - shown;
  const levels = levelsText(found.byLevel);
  const filter = filterText(found, language);
  const when = `${windowText(window, language)}${defaultWindowText(window, language)}`;
  if (language === "zh") {
    const shownText = omitted > 0 ? `，显示最后 ${shown} 行，省略 ${omitted} 行` : "";
    const count = found.complete ? `共 ${total} 行` : `至少 ${total} 行`;
    return `**${service}** ${lengthText(window, language)}的日志：${count}（${levels}）${shownText}。${filter}\n时间窗口：${when}`;
  }
  const shownText = omitted > 0 ? `, the last ${shown} shown, ${omitted} left out` : "";
  const count = `${found.complete ? "" : "at least "}${countText(total, "line")}`;
  return `Logs of **${service}**, ${lengthText(window, language)}: ${count} (${levels})${shownText}.${filter}\nWindow: ${when}`;
}

function filterText(found: LogsFound, language: Language): string {
  const zh = language === "zh";
  const { level, include, exclude } = found;
  const parts = [
    level === null ? "" : zh ? `级别 ${level} 及以上` : `level ${level} and above`,
    include === null ? "" : `${zh ? "包含 " : "with "}${codeSpan(include)}`,
    exclude === null ? "" : `${zh ? "不含 " : "without "}${codeSpan(exclude)}`,
  ].filter((part) => part !== "");
  if (parts.length === 0) return "";
  return zh ? `条件：${parts.join("，")}。` : ` Filter: ${parts.join(", ")}.`;
}

function notes(found: LogsFound, language: Language): string[] {
  const zh = language === "zh";
  const result: string[] = [];
  if (found.incompleteBecause !== undefined) {
    result.push(incompleteTexts[found.incompleteBecause][language]);
  }
  if (found.podsOmitted > 0) {
    result.push(
      zh
        ? `读了 ${found.pods.length} 个 Pod，还有 ${found.podsOmitted} 个没有读；可以指定一个 Pod。`
        : `${found.pods.length} pods were read, ${found.podsOmitted} were not; name one to read it.`,
    );
  }
  if (found.otherContainers.length > 0) {
    const names = found.otherContainers
      .slice(0, 5)
      .map(codeSpan)
      .join(zh ? "、" : ", ");
    result.push(zh ? `没有读的容器：${names}。` : `Containers that were not read: ${names}.`);
  }
  if (found.logBegins !== null) {
    const since = instantText(found.logBegins, found.window);
    result.push(zh ? `日志从 ${since} 才开始。` : `The log begins only at ${since}.`);
  }
  return result;
}

const incompleteTexts = {
  out_of_time: {
    zh: "⚠️ 日志太大，没有读完整个时间窗口：以上数字只是已读部分。请缩小时间范围。",
    en: "⚠️ The log is too large to be read for the whole window: the numbers are of the part that was read. A shorter window helps.",
  },
  file_shrank: {
    zh: "⚠️ 读取时日志被截断，结果不完整。",
    en: "⚠️ The log was truncated while it was read: the result is incomplete.",
  },
  too_many_pods: {
    zh: "⚠️ Pod 太多，只读了其中一部分：以上数字只是已读部分。",
    en: "⚠️ There are too many pods to read them all: the numbers are of those that were read.",
  },
  pod_unreadable: {
    zh: "⚠️ 有 Pod 的日志读不到：以上数字只是已读部分。",
    en: "⚠️ The log of a pod cannot be read: the numbers are of those that were read.",
  },
  source_limit: {
    zh: "⚠️ 日志源一次给不了这么多行：以上数字只是已读部分。请缩小时间范围。",
    en: "⚠️ The source gives no more lines at once: the numbers are of those that were read. A shorter window helps.",
  },
} as const satisfies Record<NonNullable<LogsFound["incompleteBecause"]>, Both>;

/** What a colleague would look at next. */
function nextText(found: LogsFound, omitted: number, language: Language): string[] {
  const { byLevel, service } = found;
  const hasErrors = byLevel.error + byLevel.fatal > 0;
  const text = nextQuestionsText(
    [
      hasErrors ? next.diagnose(service) : undefined,
      omitted > 0 && found.level === null ? next.errors(service) : undefined,
    ],
    language,
  );
  return text === "" ? [] : [text];
}

function firstErrorText(found: LogsFound, lines: readonly string[], language: Language): string[] {
  const first = found.firstError;
  // A handful of lines shows it by itself.
  if (!first || (lines.length <= 5 && lines.some((line) => line.endsWith(first.text)))) return [];
  const label = language === "zh" ? "第一条错误：" : "First error: ";
  return [`${label}${codeSpan(first.text)}`];
}

function renderNothing(
  found: LogsFound,
  causes: readonly NoDataCause[],
  language: Language,
): string {
  const zh = language === "zh";
  const when = `${windowText(found.window, language)}${defaultWindowText(found.window, language)}`;
  if (causes.includes("never_restarted")) {
    return zh
      ? `**${found.service}** 没有重启过，所以没有重启之前的日志。`
      : `**${found.service}** was not restarted, so there is no log from before a restart.`;
  }
  if (causes.includes("service_has_no_log")) {
    return zh
      ? `**${found.service}** 不是由这个系统启动的，没有可读的日志文件。`
      : `**${found.service}** was not started by this stack, so there is no log file of it to read.`;
  }
  if (causes.includes("log_is_empty")) {
    return zh
      ? `**${found.service}** 的日志还是空的。`
      : `The log of **${found.service}** is still empty.`;
  }
  const filter = filterText(found, language);
  const lines = found.linesInWindow;
  const held = zh
    ? `；时间窗口内共 ${lines} 行`
    : `; the window holds ${countText(lines ?? 0, "line")}`;
  const head = zh
    ? `**${found.service}** 没有符合条件的日志${lines === null ? "" : held}。${filter}`
    : `No line of **${found.service}** matches${lines === null ? "" : held}.${filter}`;
  const isEmpty = lines === 0 || lines === null;
  const questions = isEmpty
    ? [next.logsOfToday(found.service), next.diagnose(found.service)]
    : [
        found.level === "error" && (found.warningsInWindow ?? 0) > 0
          ? next.warnings(found.service)
          : next.logs(found.service),
      ];
  return [
    `${head}${quietMeaning([found], language)}\n${zh ? "时间窗口：" : "Window: "}${when}`,
    ...notes(found, language),
    nextQuestionsText(questions, language),
  ].join("\n\n");
}

/** Where nothing but errors was looked for, none is good news. */
function quietMeaning(searched: readonly LogsFound[], language: Language): string {
  const isOfErrors = searched.every(
    ({ level, include, exclude, complete, logBegins, window }) =>
      level === "error" &&
      include === null &&
      exclude === null &&
      complete &&
      // Of a time before the log nothing is known.
      (logBegins === null || Date.parse(logBegins) < window.untilMs),
  );
  if (!isOfErrors) return "";
  const [only] = searched;
  const name = searched.length === 1 && only ? only.service : undefined;
  const warnings = warningsText(searched, language);
  return language === "zh"
    ? `也就是说，这段时间${name === undefined ? "它们都" : ` ${name} `}没有报错${warnings}。`
    : ` So ${name ?? "none of them"} reported ${name === undefined ? "an" : "no"} error in this time${warnings}.`;
}

/** Whoever tries again warns: what was out of reach for a while is no error of theirs. */
function warningsText(searched: readonly LogsFound[], language: Language): string {
  const zh = language === "zh";
  const counts = searched.flatMap(({ service, warningsInWindow }) =>
    warningsInWindow ? [{ service, count: warningsInWindow }] : [],
  );
  const [first] = counts;
  if (!first) return "";
  if (searched.length === 1) {
    return zh
      ? `，但有 ${first.count} 条警告`
      : `, but logged ${countText(first.count, "warning")}`;
  }
  return zh
    ? `，但有警告：${counts.map(({ service, count }) => `${service} ${count} 条`).join("、")}`
    : `; warnings: ${counts.map(({ service, count }) => `${count} of ${service}`).join(", ")}`;
}

function linesOf(shown: readonly LogLine[]): string[] {
  const days = new Set(shown.flatMap(({ at }) => (at === null ? [] : [at.slice(0, 10)])));
  const pods = new Set(shown.map(({ pod }) => pod));
  return shown.map(({ at, text, pod }) => {
    // The lines carry the time of day; over midnight the day is needed, too.
    const isDated = days.size > 1 && at !== null && text.startsWith(at.slice(11, 19));
    const dated = isDated ? `${at?.slice(0, 10)} ${text}` : text;
    return pods.size > 1 && pod !== undefined ? `[${pod}] ${dated}` : dated;
  });
}

function lastThatFit(lines: readonly string[], maxBytes: number): string[] {
  let bytes = 0;
  const first = lines.findLastIndex((line) => {
    bytes += Buffer.byteLength(line) + 1;
    return bytes > maxBytes;
  });
  return lines.slice(first + 1);
}
