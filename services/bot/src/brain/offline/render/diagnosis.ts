import type { LogsFound, ServiceRow } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { levelsText } from "./logs.ts";
import { codeSpan, defaultWindowText, windowText } from "./phrases.ts";
import { servicesTable, stateText } from "./services.ts";

/** What was looked at: the processes, and the error lines of those that have a log. */
export type Examined = {
  readonly services: readonly ServiceRow[];
  readonly errors: readonly LogsFound[];
};

/** Findings by rules alone, and openly so: what stands out, and what was not looked at. */
export function renderDiagnosis(examined: Examined, language: Language): string {
  const zh = language === "zh";
  const findings = [
    ...examined.services.flatMap((service) => serviceFindings(service, language)),
    ...examined.errors.flatMap((found) => errorFindings(found, language)),
  ];
  const names = examined.services.map(({ name }) => name).join(zh ? "、" : ", ");
  const head =
    findings.length === 0
      ? zh
        ? `没有发现异常：${names} 在运行，日志里没有错误。`
        : `Nothing stands out: ${names} running, no error lines in the logs.`
      : [zh ? "发现：" : "Findings:", ...findings.map((finding) => `- ${finding}`)].join("\n");
  const window = examined.errors[0]?.window;
  const when = window
    ? `${windowText(window, language)}${defaultWindowText(window, language)}`
    : "–";
  const basis = zh
    ? `只按规则检查了进程状态和错误日志，没有检查别的。时间窗口：${when}`
    : `Checked by rules: process states and error lines, nothing else. Window: ${when}`;
  return [head, servicesTable(examined.services, language), basis].join("\n\n");
}

function serviceFindings(service: ServiceRow, language: Language): string[] {
  const zh = language === "zh";
  const { name, state, restarts, lastExit } = service;
  const findings: string[] = [];
  if (state !== "running") {
    findings.push(
      zh
        ? `**${name}** ${stateText(state, language)}`
        : `**${name}** is ${stateText(state, language)}`,
    );
  }
  if (restarts > 0) {
    const why =
      lastExit === null ? "" : zh ? `，上次退出：${lastExit}` : `, last exit: ${lastExit}`;
    findings.push(
      zh
        ? `**${name}** 重启过 ${restarts} 次${why}`
        : `**${name}** was restarted ${restarts} time(s)${why}`,
    );
  }
  return findings;
}

function errorFindings(found: LogsFound, language: Language): string[] {
  if (found.total === 0) return [];
  const count = `${levelsText(found.byLevel)}${found.complete ? "" : "+"}`;
  const first = found.firstError ? codeSpan(found.firstError.text.slice(0, 300)) : "";
  return [
    language === "zh"
      ? `**${found.service}** 的日志里有错误（${count}），第一条：${first}`
      : `**${found.service}** logged errors (${count}), the first: ${first}`,
  ];
}
