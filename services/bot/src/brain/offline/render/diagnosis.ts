import type { Diagnosis, Finding, Look, ToolOutput, Window } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { errorText } from "./error-text.ts";
import { exitText } from "./exit-text.ts";
import { fill, findingWords } from "./finding-words.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import { partName } from "./part-names.ts";
import { codeSpan, defaultWindowText, instantText, windowText } from "./phrases.ts";
import { quotedWords } from "./quoted-words.ts";
import { toolMessage } from "./tool-message.ts";

const shownFindings = 12;
const evidenceCharacters = 240;

/**
 * What rules have found, what it means, what to ask next, and what was and was not looked at.
 * `beside` is what was asked where that may be about something else: no fault found is no answer.
 */
export function renderDiagnosis(
  result: ToolOutput<"diagnose">,
  language: Language,
  beside?: string,
): string {
  if (result.outcome === "error") return errorText(result, language);
  const diagnosis = result.data;
  const wrong = diagnosis.findings.filter(({ severity }) => severity !== "note");
  const faults = wrong.filter(({ isOfNow }) => !isOfNow);
  const present = wrong.filter(({ isOfNow }) => isOfNow);
  const notes = diagnosis.findings.filter(({ severity }) => severity === "note");
  const shown = faults.slice(0, shownFindings);
  return [
    pastText(diagnosis, language),
    headline(diagnosis, faults, language, beside),
    shown.map((finding) => findingItem(finding, diagnosis.window, language)).join("\n"),
    leftOut(faults.length - shown.length, language),
    presentText(present, diagnosis.window, language),
    notesText(notes, diagnosis.window, language),
    nextText(diagnosis, language, beside),
    basisText(diagnosis, language),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function headline(
  diagnosis: Diagnosis,
  faults: readonly Finding[],
  language: Language,
  beside: string | undefined,
): string {
  const zh = language === "zh";
  const about = diagnosis.service === null ? "" : diagnosis.service;
  const [worst] = faults;
  if (!worst) {
    const isBlind = diagnosis.looks.every(({ failed }) => failed !== undefined);
    if (isBlind)
      return zh
        ? "我什么都没能查到，所以没有结论。"
        : "I could look at nothing, so I conclude nothing.";
    const unanswered = beside === undefined ? "" : unansweredText(beside, language);
    if (!diagnosis.window.endsNow) return `${nothingThen(about, language)}${unanswered}`;
    if (beside !== undefined) return `${noFaultText(about, language)}${unanswered}`;
    return zh
      ? `${about === "" ? "" : `**${about}** `}没有发现异常。`
      : `Nothing is wrong${about === "" ? "" : ` with **${about}**`} as far as I can see.`;
  }
  const others = faults.length - 1;
  const what = `**${worst.target}** ${fill(findingWords[worst.code].found[language], worst)}`;
  if (others === 0) return zh ? `发现 1 个问题：${what}。` : `One problem: ${what}.`;
  return zh
    ? `发现 ${faults.length} 个问题，最严重的是：${what}。`
    : `${faults.length} problems. The worst: ${what}.`;
}

function noFaultText(about: string, language: Language): string {
  if (language === "zh") {
    return `在我能查的范围里，${about === "" ? "" : `**${about}** `}没有发现故障（查了什么见下）。`;
  }
  return `I found no fault${about === "" ? "" : ` of **${about}**`} in what I can look at, which is named below.`;
}

/** That finding nothing may be no answer to what was asked. */
function unansweredText(beside: string, language: Language): string {
  const words = quotedWords(beside);
  return language === "zh"
    ? `这不一定回答了你问的：${words}。`
    : ` That may not answer what you asked: ${words}.`;
}

function nothingThen(about: string, language: Language): string {
  if (language === "zh") {
    return `${about === "" ? "" : `**${about}** `}那段时间的日志里没有发现故障。`;
  }
  return `The log lines of that time show no fault${about === "" ? "" : ` of **${about}**`}.`;
}

/** Which window was looked at where it is over, and that most of what is known is of now. */
function pastText({ window }: Diagnosis, language: Language): string {
  if (window.endsNow) return "";
  const when = windowText(window, language);
  return language === "zh"
    ? `看的是这段时间：**${when}**。日志和慢查询是那时的；进程、系统状态和告警只知道现在的。`
    : `Looked at the time **${when}**: log lines and slow statements are of then. Of processes, status and alerts only the present is known.`;
}

/** What is wrong now, in an answer about a time that is over. */
function presentText(present: readonly Finding[], window: Window, language: Language): string {
  if (present.length === 0) return "";
  const shown = present.slice(0, shownFindings);
  const head =
    language === "zh"
      ? "现在有这些问题，不一定与那段时间有关："
      : "Wrong now, which need not have to do with that time:";
  const items = shown.map((finding) => findingItem(finding, window, language));
  return [head, ...items, leftOut(present.length - shown.length, language)]
    .filter((part) => part !== "")
    .join("\n");
}

function findingItem(finding: Finding, window: Window, language: Language): string {
  const zh = language === "zh";
  const words = findingWords[finding.code];
  const mark = finding.severity === "critical" ? "🔴" : "🟠";
  const cause =
    finding.because === undefined
      ? ""
      : zh
        ? `很可能由「${findingWords[finding.because].found.zh.replace(/（.*$/, "")}」引起。`
        : ` Probably because ${subjectOf(finding.because)}.`;
  const evidence = finding.evidence
    .slice(0, 2)
    .map((text) => `\n  ${zh ? "依据：" : "Seen: "}${codeSpan(text.slice(0, evidenceCharacters))}`);
  const extra = extraFacts(finding, window, language);
  const found = fill(words.found[language], finding);
  const means = fill(words.means[language], finding);
  return zh
    ? `- ${mark} **${finding.target}** ${found}${extra}。${means}${cause}${evidence.join("")}`
    : `- ${mark} **${finding.target}** ${found}${extra}: ${means}${cause}${evidence.join("")}`;
}

function subjectOf(code: NonNullable<Finding["because"]>): string {
  const text: string = findingWords[code].found.en;
  const short = text.replace(/ \(.*$/, "");
  return /^(?:the|NATS|alert)\b/.test(short) ? short : `it ${short}`;
}

/** What an exit code or a limit adds, where the finding has one. */
function extraFacts({ code, facts }: Finding, window: Window, language: Language): string {
  const zh = language === "zh";
  const parts: string[] = [];
  if (facts.exitCode !== undefined)
    parts.push(zh ? `退出码 ${facts.exitCode}` : `exit code ${facts.exitCode}`);
  if (facts.lastExit !== undefined)
    parts.push(`${zh ? "上次退出：" : "last exit: "}${exitText(String(facts.lastExit), language)}`);
  if (facts.connections !== undefined && facts.limit !== undefined) {
    parts.push(`${facts.connections}/${facts.limit}`);
  }
  if (code === "slow_queries" && facts.running !== undefined) {
    parts.push(
      zh
        ? `正在执行 ${facts.running} 条，最长 ${facts.longestSeconds} 秒`
        : `${facts.running} run now, the longest for ${facts.longestSeconds} s`,
    );
  }
  if (code === "slow_queries" && facts.inWindow !== undefined) {
    parts.push(zh ? `时间窗口内 ${facts.inWindow} 条` : `${facts.inWindow} in the window`);
  }
  if (facts.probe !== undefined) parts.push(probeText(String(facts.probe), language));
  if (facts.lastAt !== undefined) {
    const at = instantText(String(facts.lastAt), window);
    parts.push(zh ? `最近一次 ${at}` : `last at ${at}`);
  }
  if (parts.length === 0) return "";
  return zh ? `（${parts.join("，")}）` : ` (${parts.join(", ")})`;
}

function probeText(probe: string, language: Language): string {
  return language === "zh" ? (zhProbes[probe] ?? probe) : probe;
}

const zhProbes: Readonly<Record<string, string>> = {
  readiness: "就绪探针",
  liveness: "存活探针",
  startup: "启动探针",
  health: "健康检查",
};

function notesText(notes: readonly Finding[], window: Window, language: Language): string {
  if (notes.length === 0) return "";
  const zh = language === "zh";
  const items = notes.slice(0, shownFindings).map((finding) => {
    const { found, means } = findingWords[finding.code];
    const example = finding.evidence[0];
    const seen = example === undefined ? "" : ` ${codeSpan(example.slice(0, 160))}`;
    return `- **${finding.target}** ${fill(found[language], finding)}${extraFacts(finding, window, language)}${seen}${zh ? "。" : ": "}${means[language]}`;
  });
  const head = zh ? "另外（不是当前的故障）：" : "Besides, not a fault now:";
  return [head, ...items, leftOut(notes.length - items.length, language)]
    .filter((part) => part !== "")
    .join("\n");
}

function leftOut(count: number, language: Language): string {
  if (count <= 0) return "";
  return language === "zh"
    ? `还有 ${count} 项没有列出，请指定一个服务再问。`
    : `${count} more are not shown; ask about one service.`;
}

function nextText(
  { findings, service }: Diagnosis,
  language: Language,
  beside: string | undefined,
): string {
  if (findings.length === 0 && beside !== undefined) {
    const more = service === null ? [next.anyErrors, next.latency] : [next.logs(service)];
    return nextQuestionsText([...more, next.restarts], language);
  }
  const questions = findings.slice(0, 3).map((found) => {
    const { zh, en } = findingWords[found.code].next;
    return { zh: fill(zh, found), en: fill(en, found) };
  });
  const different = new Map(questions.map((question) => [question[language], question]));
  return nextQuestionsText([...different.values()], language);
}

/** What the findings rest on, and openly what they do not. */
function basisText({ looks, window }: Diagnosis, language: Language): string {
  const zh = language === "zh";
  const groups = Map.groupBy(looks, ({ what, failed }) => `${what}\n${failed ?? ""}`);
  const told = [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...first, at: [...new Set(group.flatMap(({ at }) => at))] }] : [];
  });
  const seen = told
    .filter(({ failed }) => failed === undefined)
    .map((look) => lookText(look, language));
  const unseen = told
    .filter(({ failed }) => failed !== undefined)
    .map((look) => `${lookText(look, language)}${zh ? "：" : ": "}${failedText(look, language)}`);
  const when = `${windowText(window, language)}${defaultWindowText(window, language)}`;
  const none = zh ? "无" : "nothing";
  const lines = zh
    ? [`按规则检查了：${seen.join("；") || none}。日志的时间窗口：${when}`]
    : [`Checked by rules: ${seen.join("; ") || none}. Window of the logs: ${when}`];
  if (unseen.length > 0) {
    lines.push(zh ? `⚠️ 没能检查：${unseen.join("；")}` : `⚠️ Could not check: ${unseen.join("; ")}`);
  }
  return lines.join("\n");
}

function failedText({ failed = "" }: Look, language: Language): string {
  return language === "zh" ? toolMessage(failed, language) : failed;
}

function lookText({ what, at }: Look, language: Language): string {
  const shown = what === "status" ? at.map((name) => partName(name, language)) : at;
  const names = shown.slice(0, 8).join(language === "zh" ? "、" : ", ");
  const more = at.length > 8 ? ` +${at.length - 8}` : "";
  const label = lookNames[what][language];
  return names === ""
    ? label
    : language === "zh"
      ? `${label}（${names}${more}）`
      : `${label} (${names}${more})`;
}

const lookNames = {
  services: { zh: "进程", en: "processes" },
  logs: { zh: "错误日志", en: "error lines" },
  kubernetes: { zh: "Kubernetes", en: "Kubernetes" },
  nodes: { zh: "节点", en: "nodes" },
  status: { zh: "系统状态", en: "status" },
  metrics: { zh: "指标", en: "metrics" },
  alerts: { zh: "告警", en: "alerts" },
} as const satisfies Record<Look["what"], { zh: string; en: string }>;
