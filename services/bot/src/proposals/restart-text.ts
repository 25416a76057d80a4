import {
  type RestartEvidence,
  type RestartTarget,
  type ToolError,
  type ToolErrorCause,
  truncateRedacted,
} from "@resonance/ops-mcp";
import { codeSpan } from "../brain/offline/render/phrases.ts";
import type { Language } from "../language.ts";

/** Why a target is not restarted, as a clause without its full stop; undefined where it may be. */
export function obstacleText(
  { id, obstacle }: Pick<RestartTarget, "id" | "obstacle">,
  language: Language,
): string | undefined {
  const zh = language === "zh";
  if (obstacle === undefined) return undefined;
  switch (obstacle.kind) {
    case "server":
      return zh
        ? `${id} 是整个系统所依赖的服务器，不能从这里重启`
        : `${id} is a server that the stack stands on; it is not restarted`;
    case "budget": {
      const budget = codeSpan(obstacle.name);
      return zh
        ? `中断预算 ${budget} 现在不允许再有 Pod 中断`
        : `the disruption budget ${budget} allows no disruption now`;
    }
    default:
      return obstacle satisfies never;
  }
}

/** What was seen of a restarted target, as a clause without its full stop. */
export function evidenceText(id: string, evidence: RestartEvidence, language: Language): string {
  const zh = language === "zh";
  switch (evidence.kind) {
    case "process":
      return processText(id, evidence, zh);
    case "unchanged":
      return zh
        ? `${id} 仍是第 ${evidence.generation} 代，没有变化`
        : `${id} is at generation ${evidence.generation} as before`;
    case "rollout": {
      const { wanted, updated, ready, message } = evidence;
      const counts = zh
        ? `共 ${wanted} 个副本，已更新 ${updated} 个，就绪 ${ready} 个`
        : `${updated} of ${wanted} updated, ${ready} ready`;
      if (!message) return counts;
      return zh ? `${counts}；集群的说明：${codeSpan(message)}` : `${counts}; ${codeSpan(message)}`;
    }
    default:
      return evidence satisfies never;
  }
}

function processText(
  id: string,
  { state, isNew, pid, startedAt, lastExit }: Extract<RestartEvidence, { kind: "process" }>,
  zh: boolean,
): string {
  switch (state) {
    case "stopped": {
      const how = lastExit === undefined ? undefined : codeSpan(lastExit);
      if (how === undefined) return zh ? `${id} 已停止` : `${id} is stopped`;
      return zh ? `${id} 已停止，上次退出：${how}` : `${id} is stopped; it ended with ${how}`;
    }
    case "restarting":
      return zh ? `${id} 正在重启` : `${id} is restarting`;
    case "running":
      if (!isNew) {
        return zh ? `${id} 还是原来的进程 ${pid}` : `${id} is still the process ${pid} of before`;
      }
      return zh
        ? `${id} 运行正常，进程号 ${pid}，启动于 ${startedAt}`
        : `${id} runs as process ${pid} since ${startedAt}`;
    default:
      return state satisfies never;
  }
}

/** Why nothing can be restarted, or looked at for it, as sentences. */
export function restartErrorText(
  { code, message, near }: Pick<ToolError, "code" | "message" | "near">,
  language: Language,
): string {
  const sentence = sentences[code][language];
  const names = near.map(codeSpan).join(language === "zh" ? "、" : ", ");
  const nearest = names === "" ? "" : nearestText(code, names, language);
  const said = isSaidByOthers[code] ? saidText(message, language) : "";
  return `${sentence}${said}${nearest}`;
}

function nearestText(code: ToolErrorCause, names: string, language: Language): string {
  if (code === "unknown_namespace") {
    return language === "zh" ? `可以用的有：${names}。` : ` There are: ${names}.`;
  }
  return language === "zh" ? `最接近的是：${names}。` : ` The nearest: ${names}.`;
}

function saidText(message: string, language: Language): string {
  const said = codeSpan(truncateRedacted(message, 400));
  return language === "zh" ? `原话：${said}。` : ` It said: ${said}.`;
}

// Where the sentence of the cluster says more than the cause does.
const isSaidByOthers: Partial<Record<ToolErrorCause, true>> = { forbidden: true, bad_input: true };

const sentences = {
  unknown_service: { zh: "没有找到这个服务。", en: "there is no such service." },
  unknown_namespace: {
    zh: "没有可以操作的这个命名空间。",
    en: "there is no such namespace that I may use.",
  },
  not_found: {
    zh: "它不是可以滚动重启的工作负载，或者已经不在了。",
    en: "it is no workload that can be rolled out anew, or it is gone.",
  },
  not_configured: {
    zh: "这里没有可以重启它的地方：没有用 `npm start` 启动的本机服务，也没有用 `RESONANCE_KUBERNETES_RESTARTS` 允许重启集群里的服务。",
    en: "nothing here can restart it: there is no local stack of `npm start` that does, and `RESONANCE_KUBERNETES_RESTARTS` does not allow it in a cluster.",
  },
  changed: {
    zh: "它在这期间已经变了，请重新提出。",
    en: "it has changed meanwhile; ask for it again.",
  },
  forbidden: {
    zh: "集群不允许机器人这样做。",
    en: "the cluster does not let the bot do that.",
  },
  not_allowed: { zh: "不允许这样做。", en: "that is not allowed." },
  needs_approval: { zh: "重启需要有人批准。", en: "a restart needs somebody's approval." },
  unreadable: {
    zh: "本机服务的清单读不了，bot 的日志里有原因。",
    en: "the list of the local services cannot be read; the bot's log says why.",
  },
  unavailable: {
    zh: "现在连不上它所在的地方，请稍后再试。",
    en: "where it runs cannot be reached now; try again in a moment.",
  },
  certificate: {
    zh: "连接失败：集群的证书已过期或不受信任。",
    en: "the connection failed: the cluster's certificate has expired or is not trusted.",
  },
  timed_out: {
    zh: "集群太久没有回应，请稍后再试。",
    en: "the cluster did not answer in time; try again in a moment.",
  },
  too_much: { zh: "集群的回答太大。", en: "the cluster answered too much." },
  bad_input: { zh: "集群不接受这个请求。", en: "the cluster does not accept that." },
  internal: {
    zh: "出了内部错误，详情在 bot 的日志里。",
    en: "an internal error occurred; the bot's log has the details.",
  },
} as const satisfies Record<ToolErrorCause, Record<Language, string>>;
