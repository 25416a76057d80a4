import { serviceNames } from "@resonance/ops-mcp";
import type { Mistake } from "../../../commands/parse-command.ts";
import type { Language } from "../../../language.ts";
import type { Intent } from "../understanding.ts";
import { commandLines } from "./command-help.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import type { Both } from "./phrases.ts";
import { quotedWords } from "./quoted-words.ts";

/** What the bot can do, with examples, and that no model is configured. */
export function helpText(language: Language): string {
  return help[language];
}

/**
 * For a question that was not understood: says which, what of it is known after all, and what could
 * be asked instead. `named` is a service that it names.
 */
export function notUnderstoodText(asked: string, language: Language, named?: string): string {
  const words = quotedWords(asked);
  const instead = nextQuestionsText(
    named === undefined
      ? [
          exampleQuestions.find(({ intent }) => intent === "diagnose"),
          next.anyErrors,
          next.services,
        ]
      : [next.diagnose(named), next.logs(named), next.errors(named)],
    language,
  );
  if (language === "zh") {
    const known = named === undefined ? "" : `其中我只认得 \`${named}\`。`;
    return `这句我没看懂：${words}。没有哪条规则对得上，所以什么都没有做。${known}\n\n${instead}\`/help\` 列出更多。\n\n${noModel.zh}`;
  }
  const known = named === undefined ? "" : ` Of it I know only \`${named}\`.`;
  return `I did not understand that: ${words} fits none of my rules, so I did nothing.${known}\n\n${instead} \`/help\` lists more.\n\n${noModel.en}`;
}

/** For what speaks of a restart and orders none that is plain: says so, and how one is ordered. */
export function noOrderText(language: Language, service = "gateway"): string {
  return language === "zh"
    ? `这句话我没有当成重启的指令，所以什么都没有重启。要重启，请直接说「重启 ${service}」，或者发 \`/restart ${service}\`；有人批准后才会执行。`
    : `I did not take this for an order, so nothing was restarted. To order it, say just "restart ${service}", or send \`/restart ${service}\`; it is done once somebody has approved it.`;
}

/** Asks back for the service that was not named, or not alone: `named` are those that were. */
export function whichServiceText(
  language: Language,
  about: "logs" | "description" | "restart",
  named: readonly string[] = [],
): string {
  const list = (of: readonly string[]) =>
    of.map((name) => `\`${name}\``).join(language === "zh" ? "、" : ", ");
  const names = list(Object.keys(serviceNames));
  const { asks, example } = whichService[about][language];
  if (named.length > 1) {
    return language === "zh"
      ? `${asks}刚才说到的有 ${list(named)}。例如：「${example}」。`
      : `${asks} ${list(named)} were spoken of. For example: "${example}".`;
  }
  return language === "zh"
    ? `${asks}有 ${names}。例如：「${example}」。`
    : `${asks} There are ${names}. For example: "${example}".`;
}

const whichService = {
  logs: {
    zh: { asks: "想看哪个服务的日志？", example: "gateway 最近 30 分钟的日志" },
    en: { asks: "Which service's logs?", example: "gateway logs, last 30 minutes" },
  },
  description: {
    zh: { asks: "想看哪个服务的配置？", example: "gateway 用的什么镜像" },
    en: { asks: "Which service shall I describe?", example: "describe gateway" },
  },
  restart: {
    zh: { asks: "想重启哪个服务？", example: "重启 gateway" },
    en: { asks: "Which service shall be restarted?", example: "restart gateway" },
  },
} as const;

/** What is wrong with a command, and the nearest that would be right. */
export function mistakeText(mistake: Mistake, language: Language): string {
  const zh = language === "zh";
  switch (mistake.what) {
    case "command":
      return zh
        ? `没有 \`${plain(mistake.typed)}\` 这个命令。最接近的是 \`${mistake.nearest}\`；\`/help\` 列出所有命令。`
        : `There is no command \`${plain(mistake.typed)}\`. The nearest is \`${mistake.nearest}\`; \`/help\` lists them all.`;
    case "option": {
      const typed = plain(mistake.typed);
      if (mistake.nearest === "") {
        return zh
          ? `这个命令没有选项，\`${typed}\` 用不了。`
          : `This command takes no options such as \`${typed}\`.`;
      }
      return zh
        ? `没有 \`${typed}\` 这个选项。最接近的是 \`${mistake.nearest}\`。`
        : `There is no option \`${typed}\`. The nearest is \`${mistake.nearest}\`.`;
    }
    case "word": {
      const typed = plain(mistake.typed);
      if (mistake.nearest === "") {
        return zh
          ? `这个命令不需要 \`${typed}\`，我不知道拿它做什么。`
          : `I do not know what to do with \`${typed}\` in this command.`;
      }
      return zh
        ? `不知道拿 \`${typed}\` 做什么。你是不是想写 \`${plain(mistake.nearest)}\`？`
        : `I do not know what to do with \`${typed}\`. Did you mean \`${plain(mistake.nearest)}\`?`;
    }
    case "value":
      return zh
        ? `\`${plain(mistake.typed)}\` 的值不对，应为：${mistake.wanted}。`
        : `\`${plain(mistake.typed)}\` has no usable value; it takes: ${mistake.wanted}.`;
    case "service":
      return zh
        ? `缺少服务名：\`/logs gateway\`。可选：${mistake.wanted}。`
        : `A service is missing: \`/logs gateway\`. There are: ${mistake.wanted}.`;
    case "panel":
      return zh
        ? `缺少指标名：\`/metrics send_latency\`。可选：${mistake.wanted}。`
        : `A panel is missing: \`/metrics send_latency\`. There are: ${mistake.wanted}.`;
    default:
      return mistake satisfies never;
  }
}

function plain(text: string): string {
  return text.replaceAll("`", "'").slice(0, 60);
}

export const noModel: Both = {
  zh: "_没有配置大模型：我按固定规则理解问题。_",
  en: "_No language model is configured: I understand questions by fixed rules._",
};

/** What the help offers to ask, and what it is understood as. */
export const exampleQuestions: readonly (Both & { readonly intent: Intent })[] = [
  { zh: "帮我查看 Gateway 的日志", en: "show me the gateway logs", intent: "get_logs" },
  {
    zh: "最近一小时 logic 有没有报错",
    en: "any errors in logic in the last hour?",
    intent: "get_logs",
  },
  {
    zh: "最近 5 分钟发了多少条消息",
    en: "how many messages were sent in the last 5 minutes",
    intent: "get_metrics",
  },
  {
    zh: "发送延迟 p99 跟前一小时比",
    en: "p99 latency compared to the previous hour",
    intent: "get_metrics",
  },
  { zh: "系统怎么样", en: "is everything ok?", intent: "diagnose" },
  { zh: "为什么 task 这么慢", en: "why is task so slow?", intent: "diagnose" },
  { zh: "现在有多少人在线", en: "how many people are online?", intent: "im_status" },
  { zh: "有没有不正常的 Pod", en: "any unhealthy pods?", intent: "list_pods" },
  { zh: "重启 task", en: "restart task", intent: "restart_service" },
];

const examples: Both = {
  zh: ["可以这样问：", "", ...exampleQuestions.map(({ zh }) => `- ${zh}`)].join("\n"),
  en: ["You can ask, for example:", "", ...exampleQuestions.map(({ en }) => `- ${en}`)].join("\n"),
};

const help: Both = {
  zh: [
    "我查看正在运行的系统：服务、Pod、日志、指标、事件、告警和消息系统的状态，并按规则诊断。我自己只读取；重启要由管理员批准才会执行。",
    "",
    examples.zh,
    "",
    "命令：",
    "",
    ...commandLines("zh"),
    "",
    "指标：`messages` `send_rate` `send_latency` `error_rate` `connections` `queue_lag` `outbox_backlog` `cpu` `memory` `restarts`",
    "",
    noModel.zh,
  ].join("\n"),
  en: [
    "I look at the running system: services, pods, logs, metrics, events, alerts and the state of the messaging system, and diagnose it by rules. By myself I only read; a restart happens when an administrator approves it.",
    "",
    examples.en,
    "",
    "Commands:",
    "",
    ...commandLines("en"),
    "",
    "Panels: `messages` `send_rate` `send_latency` `error_rate` `connections` `queue_lag` `outbox_backlog` `cpu` `memory` `restarts`",
    "",
    noModel.en,
  ].join("\n"),
};
