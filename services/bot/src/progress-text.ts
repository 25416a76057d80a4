import type { Language } from "./language.ts";
import type { ToolCall } from "./tools/tool-source.ts";

/** The first sign of life. */
export function onIt(language: Language): string {
  return language === "zh" ? "收到，正在处理" : "on it";
}

/** While a model is asked. */
export function thinking(language: Language): string {
  return language === "zh" ? "正在思考" : "thinking";
}

/** While all workers are busy. */
export function waiting(position: number, language: Language): string {
  return language === "zh"
    ? `正在排队，前面还有 ${position - 1} 个问题`
    : `waiting, position ${position}`;
}

/** What a tool call is about to do, for the one who waits. */
export function describeCall(
  { name, input }: Pick<ToolCall, "name" | "input">,
  language: Language,
): string {
  const { service, panel, ...window } = namedParts(input);
  const zh = language === "zh";
  switch (name) {
    case "list_services":
      return zh ? "正在查看各服务的状态" : "looking at the services";
    case "get_logs":
      return zh
        ? `正在读取 ${service} 的日志（${zhWindow(window)}）`
        : `reading logs of ${service}, ${enWindow(window)}`;
    case "get_metrics":
      return zh
        ? `正在读取指标 ${panel}（${zhWindow(window)}）`
        : `reading ${panel.replaceAll("_", " ")}, ${enWindow(window)}`;
    case "list_pods":
    case "list_events":
    case "list_metrics":
    case "describe":
    case "diagnose":
    case "get_alerts":
    case "im_status":
    case "read_artifact":
    case "restart_service": {
      const about = service === "" ? "" : zh ? `（${service}）` : ` of ${service}`;
      return `${calls[name][language]}${about}`;
    }
    default: {
      const tool = name
        .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
        .trim()
        .slice(0, 60);
      return zh ? `正在查询：${tool}` : `looking at: ${tool}`;
    }
  }
}

const calls = {
  list_pods: { zh: "正在查看 Pod", en: "looking at pods" },
  list_events: { zh: "正在查看事件", en: "looking at events" },
  list_metrics: { zh: "正在查看有哪些指标", en: "looking at which metrics there are" },
  describe: { zh: "正在查看配置", en: "looking at the configuration" },
  diagnose: { zh: "正在诊断", en: "looking for what is wrong" },
  get_alerts: { zh: "正在查看告警", en: "looking at alerts" },
  im_status: { zh: "正在查看消息系统的状态", en: "looking at the messaging system" },
  read_artifact: { zh: "正在翻看保存的结果", en: "reading a stored result" },
  restart_service: { zh: "正在准备重启的提案", en: "preparing the proposal of a restart" },
} as const;

/** Of a time that is over `until` says where it ends; else it is empty. */
type Asked = { readonly since: string; readonly until: string };

function namedParts(input: unknown): Asked & { service: string; panel: string } {
  const text = (key: string) => {
    const value: unknown =
      typeof input === "object" && input !== null ? Reflect.get(input, key) : undefined;
    return typeof value === "string" ? value.slice(0, 80) : "";
  };
  return {
    service: text("service") || text("target"),
    panel: text("panel"),
    since: text("since") || "1h",
    until: text("until"),
  };
}

const zhUnits: Readonly<Record<string, string>> = { m: "分钟", h: "小时", d: "天", s: "秒" };

function zhWindow({ since, until }: Asked): string {
  const [, count, unit] = lengthOf(since);
  if (count !== undefined) return `最近 ${count} ${zhUnits[unit ?? ""] ?? unit}`;
  if (since === "today") return "今天";
  if (isOfOneDay(until)) return since === "yesterday" ? "昨天" : zhDay(since);
  return since === "yesterday" ? "昨天至今" : `${zhDay(since)} 至今`;
}

/** A window that ends with the day, or a part of it, in which it began. */
function isOfOneDay(until: string): boolean {
  return until === "today" || /[a-z]day\b/.test(until);
}

function zhDay(since: string): string {
  const [, before, which, day, clock] =
    /^(?:(day before yesterday)|(?:(this|last week) )?([a-z]{3})[a-z]*day)( \d\d:\d\d)?$/.exec(
      since,
    ) ?? [];
  if (before !== undefined) return `前天${clock ?? ""}`;
  const zh = zhDays[day ?? ""];
  if (zh === undefined) return since;
  return `${which === "last week" ? "上" : ""}周${zh}${clock ?? ""}`;
}

const zhDays: Readonly<Record<string, string>> = {
  mon: "一",
  tue: "二",
  wed: "三",
  thu: "四",
  fri: "五",
  sat: "六",
  sun: "日",
};

function enWindow({ since, until }: Asked): string {
  const [, count, unit] = lengthOf(since);
  if (count !== undefined) return `last ${count} ${unit === "m" ? "min" : unit}`;
  return since === "today" || isOfOneDay(until) ? since : `since ${since}`;
}

function lengthOf(since: string): RegExpExecArray | never[] {
  const minutes = /^(\d+)m$/.exec(since)?.[1];
  const whole =
    minutes !== undefined && Number(minutes) % 60 === 0 ? `${Number(minutes) / 60}h` : since;
  return /^([\d.]+)([smhd])$/.exec(whole) ?? [];
}
