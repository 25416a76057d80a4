import { type CommandName, commandList, commandNames } from "../../../commands/command-list.ts";
import type { Language } from "../../../language.ts";
import type { Both } from "./phrases.ts";

/** Every command with an example, and what it does, one line each. */
export function commandLines(language: Language): string[] {
  return commandNames.map((name) => {
    const does = explanations[name][language];
    return `- \`${commandList[name].example}\`${language === "zh" ? "：" : ": "}${does}`;
  });
}

const explanations = {
  "/status": {
    zh: "服务和消息系统的概况",
    en: "the services and the messaging system at a glance",
  },
  "/services": {
    zh: "有哪些服务，运行多久、重启过几次",
    en: "the services: state, uptime, restarts",
  },
  "/pods": {
    zh: "集群里的 Pod，可按命名空间、状态、节点筛选",
    en: "pods of the cluster, by namespace, status or node",
  },
  "/logs": {
    zh: "一个服务的日志；还可以加 `--until`、`--exclude`、`--previous`（上次退出前的）",
    en: "lines of a service; also with `--until`, `--exclude`, `--previous` (from before its last end)",
  },
  "/metrics": {
    zh: "一个指标在一段时间里的数值，指标名见下",
    en: "the figures of a panel over a time; the panels are named below",
  },
  "/events": {
    zh: "Kubernetes 的告警事件；`--all` 包括正常的",
    en: "warnings of Kubernetes; `--all` for the normal ones, too",
  },
  "/diagnose": {
    zh: "按规则找问题；不写服务名就检查全部",
    en: "look for faults by rules, of everything where no service is named",
  },
  "/restart": {
    zh: "申请重启一个服务，要有人批准",
    en: "ask for a restart, which somebody has to approve",
  },
  "/proposals": {
    zh: "有哪些重启申请，谁申请的、谁决定的",
    en: "the restarts that were asked for, by whom, and who decided",
  },
  "/approve": { zh: "批准这个编号的申请", en: "approve what has this id" },
  "/reject": { zh: "拒绝这个编号的申请", en: "reject what has this id" },
  "/cancel": {
    zh: "停止我正在处理的你的问题",
    en: "stop the question of yours that I am working on",
  },
  "/clear": { zh: "忘掉之前的对话，重新开始", en: "begin anew, without what was said before" },
  "/runs": {
    zh: "最近的问题，以及查了什么、发出去了什么",
    en: "the latest questions, what was looked at and what was sent out",
  },
  "/policy": {
    zh: "这个会话的内容能不能发给外部模型",
    en: "whether what is said here may go to a model outside",
  },
  "/users": {
    zh: "管理账号和角色（限管理员）",
    en: "accounts and roles, for administrators",
  },
  "/audit": {
    zh: "每一步操作的记录（限管理员）",
    en: "the record of every step, for administrators",
  },
  "/model": { zh: "现在用的是哪个模型", en: "which model answers" },
  "/help": { zh: "这份说明", en: "this text" },
} as const satisfies Record<CommandName, Both>;
