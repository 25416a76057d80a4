import type { ServiceRow, ServiceState, ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { errorText } from "./error-text.ts";
import { exitText } from "./exit-text.ts";
import { type NextQuestion, next, nextQuestionsText } from "./next-questions.ts";
import { type Both, bytesText, durationText, table } from "./phrases.ts";

/** The services as a table, with totals by state first. */
export function renderServices(result: ToolOutput<"list_services">, language: Language): string {
  if (result.outcome === "error") return errorText(result, language);
  const { totals, services } = result.data;
  const counted = Object.entries(totals)
    .filter(([, count]) => count > 0)
    // The keys of the totals are the states.
    .map(([state, count]) => `${stateText(state as ServiceState, language)} ${count}`);
  const head =
    language === "zh" ? `服务：${counted.join(" · ")}` : `Services: ${counted.join(" · ")}`;
  const questions = questionsAfter(services);
  return [
    `${head}${verdict(services, language)}`,
    servicesTable(services, language),
    nextQuestionsText(questions, language),
  ].join("\n\n");
}

/** What the table means: who is missing, who has been started again. */
function verdict(services: readonly ServiceRow[], language: Language): string {
  const zh = language === "zh";
  const missing = services.filter(({ state }) => state !== "running").map(({ name }) => name);
  const restarted = services.filter(({ restarts }) => restarts > 0).map(({ name }) => name);
  if (missing.length > 0) {
    return zh ? `。没有在运行：${missing.join("、")}。` : `. Not running: ${missing.join(", ")}.`;
  }
  if (restarted.length > 0) {
    return zh
      ? `。都在运行，重启过的有 ${restarted.join("、")}。`
      : `. All run; started again since the start: ${restarted.join(", ")}.`;
  }
  return zh ? "。都在运行，没有异常退出过。" : ". All run, and none has ended by itself.";
}

function questionsAfter(services: readonly ServiceRow[]): NextQuestion[] {
  const missing = services.find(({ state }) => state !== "running");
  if (missing) return [next.diagnose(missing.name), next.logs(missing.name)];
  const restarted = services.find(({ restarts }) => restarts > 0);
  return restarted
    ? [next.whyRestarted(restarted.name), next.logsBefore(restarted.name)]
    : [next.diagnoseAll, next.anyErrors];
}

/** One row a service. */
function servicesTable(services: readonly ServiceRow[], language: Language): string {
  const head =
    language === "zh"
      ? ["服务", "状态", "运行时间", "重启", "上次退出", "内存", "CPU"]
      : ["service", "state", "uptime", "restarts", "last exit", "memory", "CPU"];
  return table(
    head,
    services.map((service) => rowOf(service, language)),
  );
}

/** A state in words; what is wrong is bold. */
export function stateText(state: ServiceState, language: Language): string {
  return states[state][language];
}

const states = {
  running: { zh: "运行中", en: "running" },
  restarting: { zh: "正在重启", en: "restarting" },
  stopped: { zh: "已停止", en: "stopped" },
  down: { zh: "**已宕**", en: "**down**" },
} as const satisfies Record<ServiceState, Both>;

function rowOf(service: ServiceRow, language: Language): string[] {
  const { name, version, state, uptimeSeconds, memoryBytes, cpuPercent } = service;
  return [
    version === null ? name : `${name} ${version}`,
    stateText(state, language),
    uptimeSeconds === null ? "–" : durationText(uptimeSeconds, language),
    String(service.restarts),
    service.lastExit === null ? "–" : exitText(service.lastExit, language),
    memoryBytes === null ? "–" : bytesText(memoryBytes),
    cpuPercent === null ? "–" : `${cpuPercent.toFixed(1)} %`,
  ];
}
