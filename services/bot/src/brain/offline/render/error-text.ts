import type { ToolErrorCause, ToolResult } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { type Both, codeSpan } from "./phrases.ts";
import { toolMessage } from "./tool-message.ts";

type ToolFailure = Extract<ToolResult<never>, { outcome: "error" }>;

/** A tool's error in plain words, with what to try. */
export function errorText(failure: ToolFailure, language: Language): string {
  const zh = language === "zh";
  const near = failure.near.map(codeSpan).join(zh ? "、" : ", ");
  const said = toolMessage(failure.message, language);
  switch (failure.cause) {
    case "unknown_service":
      if (near === "") return sentences.unknown_service[language];
      return zh
        ? `没有找到这个服务。你是不是想说：${near}？`
        : `There is no such service. Did you mean ${near}?`;
    case "unknown_namespace":
      return `${sentences.unknown_namespace[language]}${zh ? `可以查看的有：${near}。` : ` I may look at: ${near}.`}`;
    case "not_configured":
      return notConfiguredText(failure.message, language);
    case "forbidden":
      return `${sentences.forbidden[language]}${zh ? "集群的答复：" : " It said: "}${said}`;
    case "not_allowed":
      return `${sentences.not_allowed[language]}${failure.message}`;
    case "unavailable":
    case "certificate":
    case "not_found":
    case "too_much":
      return `${sentences[failure.cause][language]}${zh ? "（" : " ("}${said}${zh ? "）" : ")"}`;
    default:
      return sentences[failure.cause][language];
  }
}

/** What is missing, and which settings bring it. The message of the tool names both. */
function notConfiguredText(message: string, language: Language): string {
  const settings = (message.match(/RESONANCE_[A-Z_]+/g) ?? []).map(codeSpan);
  const what = /\b(Kubernetes|Prometheus|Alertmanager|Loki)\b/.exec(message)?.[1];
  if (what === undefined || settings.length === 0) return sentences.not_configured[language];
  return language === "zh"
    ? `这里没有接入 ${what}：请设置 ${settings.join("、")}。`
    : `No ${what} is connected here: set ${settings.join(", ")}.`;
}

const sentences = {
  bad_input: {
    zh: "这个时间或条件我看不懂。时间可以写成 `30m`、`2h`、`14:00`、`today` 或 RFC 3339。",
    en: "I cannot read that time or condition. Times look like `30m`, `2h`, `14:00`, `today` or RFC 3339.",
  },
  unknown_service: { zh: "没有找到这个服务。", en: "There is no such service." },
  unknown_namespace: {
    zh: "没有可以查看的这个命名空间。",
    en: "I may not look at such a namespace.",
  },
  certificate: {
    zh: "连接失败：对方的证书已过期或不受信任。",
    en: "The connection failed: the certificate there has expired or is not trusted.",
  },
  too_much: {
    zh: "结果太大，请缩小范围后再试。",
    en: "The result is too large; please narrow it down.",
  },
  not_found: { zh: "没有找到这个对象。", en: "There is no such object." },
  forbidden: {
    zh: "集群不允许我查看这个：权限不够。",
    en: "The cluster does not let me see that: the permission is missing.",
  },
  not_allowed: { zh: "不允许这样查看：", en: "That may not be looked at: " },
  needs_approval: {
    zh: "重启需要有人批准，我什么都没有做。",
    en: "A restart needs somebody's approval; I did nothing.",
  },
  changed: {
    zh: "它和刚才不一样了，我什么都没有做。",
    en: "It is not any more what it was; I did nothing.",
  },
  not_configured: {
    zh: "这里没有可以查看的本机服务：请用 `npm start` 启动，或设置 `RESONANCE_STACK_FILE`。",
    en: "No local stack is known here: start it with `npm start`, or set `RESONANCE_STACK_FILE`.",
  },
  unreadable: {
    zh: "读取失败：文件不存在或无法读取。请检查 bot 的日志。",
    en: "It cannot be read: the file is missing or not readable. The bot's log says why.",
  },
  unavailable: {
    zh: "暂时查不到，请稍后再试。",
    en: "Not available right now; please try again in a moment.",
  },
  timed_out: { zh: "查询超时，请缩小范围后再试。", en: "It took too long; please narrow it down." },
  internal: {
    zh: "查询时出了内部错误，详情在 bot 的日志里。",
    en: "An internal error occurred; the bot's log has the details.",
  },
} as const satisfies Record<ToolErrorCause, Both>;
