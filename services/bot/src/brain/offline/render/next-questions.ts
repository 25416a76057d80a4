import type { Language } from "../../../language.ts";
import type { Intent } from "../understanding.ts";
import type { Both } from "./phrases.ts";

/** A question that goes on from an answer, and what it is understood as. */
export type NextQuestion = Both & { readonly intent: Intent };

/** What a colleague would look at next, each as it can be typed; nothing for no question. */
export function nextQuestionsText(
  questions: readonly (Both | undefined)[],
  language: Language,
): string {
  const asked = questions.filter((question) => question !== undefined).slice(0, 3);
  if (asked.length === 0) return "";
  return language === "zh"
    ? `接下来可以问：${asked.map(({ zh }) => `「${zh}」`).join("、")}。`
    : `You could ask next: ${asked.map(({ en }) => `"${en}"`).join(", ")}.`;
}

/** Each question, of a service or a pod where it takes one. All are understood as they stand. */
export const next = {
  diagnoseAll: { zh: "诊断一下", en: "diagnose", intent: "diagnose" },
  diagnose: (name: string) => ({
    zh: `诊断一下 ${name}`,
    en: `diagnose ${name}`,
    intent: "diagnose",
  }),
  whyRestarted: (name: string) => ({
    zh: `${name} 为什么重启`,
    en: `why did ${name} restart`,
    intent: "diagnose",
  }),
  logs: (name: string) => ({
    zh: `${name} 最近 1 小时的日志`,
    en: `logs of ${name} in the last hour`,
    intent: "get_logs",
  }),
  logsOfToday: (name: string) => ({
    zh: `${name} 最近 24 小时的日志`,
    en: `logs of ${name} in the last 24 hours`,
    intent: "get_logs",
  }),
  logsBefore: (name: string) => ({
    zh: `${name} 重启前的日志`,
    en: `logs of ${name} before the restart`,
    intent: "get_logs",
  }),
  errors: (name: string) => ({
    zh: `${name} 最近 10 分钟的错误日志`,
    en: `errors of ${name} in the last 10 minutes`,
    intent: "get_logs",
  }),
  warnings: (name: string) => ({
    zh: `${name} 最近 1 小时的警告`,
    en: `warnings of ${name} in the last hour`,
    intent: "get_logs",
  }),
  anyErrors: { zh: "最近一小时有没有报错", en: "any errors in the last hour?", intent: "get_logs" },
  latency: {
    zh: "发送延迟跟前一小时比",
    en: "send latency compared to the previous hour",
    intent: "get_metrics",
  },
  errorRate: { zh: "发送失败率是多少", en: "what is the error rate?", intent: "get_metrics" },
  queue: { zh: "队列有没有积压", en: "is the queue backing up?", intent: "get_metrics" },
  cpu: { zh: "哪个服务 CPU 最高", en: "which service uses the most cpu?", intent: "get_metrics" },
  restarts: { zh: "哪些服务重启过", en: "how many restarts were there?", intent: "get_metrics" },
  services: { zh: "列出所有服务", en: "list all services", intent: "list_services" },
} as const satisfies Record<string, NextQuestion | ((name: string) => NextQuestion)>;
