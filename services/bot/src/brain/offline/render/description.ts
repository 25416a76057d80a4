import type { Described, ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { errorText } from "./error-text.ts";
import { exitText } from "./exit-text.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import { bytesText, codeSpan, table } from "./phrases.ts";
import { stateText } from "./services.ts";

/** The digest of one thing. Names of variables are told, values are not known. */
export function renderDescription(result: ToolOutput<"describe">, language: Language): string {
  if (result.outcome === "error") return errorText(result, language);
  return result.data.source === "local"
    ? localText(result.data, language)
    : clusterText(result.data, language);
}

function localText(digest: Extract<Described, { source: "local" }>, language: Language): string {
  const zh = language === "zh";
  const none = "–";
  const files =
    digest.openFiles === null ? none : `${digest.openFiles}/${digest.maxOpenFiles ?? "?"}`;
  const rows = [
    [zh ? "状态" : "state", stateText(digest.state, language)],
    [zh ? "版本" : "version", digest.version ?? none],
    [zh ? "进程号" : "process", digest.pid === null ? none : String(digest.pid)],
    [zh ? "启动时间" : "started", startText(digest.startedAt) ?? none],
    [zh ? "重启" : "restarts", String(digest.restarts)],
    [
      zh ? "上次退出" : "last exit",
      digest.lastExit === null ? none : exitText(digest.lastExit, language),
    ],
    [zh ? "内存" : "memory", digest.memoryBytes === null ? none : bytesText(digest.memoryBytes)],
    [zh ? "打开的文件" : "open files", files],
    [zh ? "地址" : "address", digest.address ?? none],
  ];
  const head = zh
    ? `**${digest.name}** 是本机进程：没有镜像、探针和资源上限，能看到的是这些。`
    : `**${digest.name}** is a process of this machine: it has no image, probes or limits. What there is to see:`;
  return [
    head,
    table(zh ? ["项目", "值"] : ["what", "value"], rows),
    ownNamesText(digest.environment, language),
    nextQuestionsText([next.logs(digest.name), next.diagnose(digest.name)], language),
  ].join("\n\n");
}

function startText(at: string | null): string | undefined {
  return at === null ? undefined : `${at.slice(0, 19).replace("T", " ")} UTC`;
}

/** The variables that are for this service; of the others, which it has from the machine, how many. */
function ownNamesText(names: readonly string[] | null, language: Language): string {
  const own = names?.filter((name) => name.startsWith("RESONANCE_")) ?? [];
  const others = (names?.length ?? 0) - own.length;
  if (names === null || own.length === 0) return namesText(names, language);
  const rest =
    language === "zh" ? `另有 ${others} 个来自本机。` : `${others} more come from the machine.`;
  return others === 0
    ? namesText(own, language)
    : `${namesText(own, language)}${language === "zh" ? "；" : "; "}${rest}`;
}

function clusterText(
  digest: Extract<Described, { source: "kubernetes" }>,
  language: Language,
): string {
  const zh = language === "zh";
  const { replicas, rollout } = digest;
  const lines = [`**${digest.kind} ${digest.namespace}/${digest.name}**`];
  if (replicas) {
    lines.push(
      zh
        ? `副本：期望 ${replicas.desired}，就绪 ${replicas.ready}，已更新 ${replicas.updated}`
        : `Replicas: desired ${replicas.desired}, ready ${replicas.ready}, updated ${replicas.updated}`,
    );
  }
  if (rollout) {
    const revision =
      rollout.revision === null
        ? ""
        : zh
          ? `，版本 ${rollout.revision}`
          : `, revision ${rollout.revision}`;
    lines.push(
      zh
        ? `发布：${rollout.isDone ? "已完成" : "**未完成**"}${revision}`
        : `Rollout: ${rollout.isDone ? "done" : "**not done**"}${revision}`,
    );
  }
  const pods = Object.entries(digest.pods).map(([status, count]) => `${status} ${count}`);
  lines.push(`Pod${zh ? "：" : "s: "}${pods.join(" · ") || (zh ? "无" : "none")}`);
  if (digest.unhealthyPods.length > 0) {
    lines.push(
      `${zh ? "不正常：" : "Not well: "}${digest.unhealthyPods.map(codeSpan).join(zh ? "、" : ", ")}`,
    );
  }
  const containers = digest.containers.map((container) => [
    container.name,
    container.image,
    pairs(container.requests),
    pairs(container.limits),
    container.probes.join("; ") || "–",
  ]);
  const columns = zh
    ? ["容器", "镜像", "请求", "上限", "探针"]
    : ["container", "image", "requests", "limits", "probes"];
  const variables = digest.containers.flatMap(({ environment, environmentFrom }) => [
    ...environment,
    ...environmentFrom,
  ]);
  const asked = nextQuestionsText(
    digest.unhealthyPods.length > 0 ? [next.diagnose(digest.name)] : [next.logs(digest.name)],
    language,
  );
  return [lines.join("\n"), table(columns, containers), namesText(variables, language), asked].join(
    "\n\n",
  );
}

function namesText(names: readonly string[] | null, language: Language): string {
  const zh = language === "zh";
  if (names === null) return zh ? "环境变量：读不到。" : "Environment: cannot be read.";
  const shown = names.slice(0, 40).map(codeSpan).join(" ");
  const rest = names.length > 40 ? ` +${names.length - 40}` : "";
  return zh
    ? `环境变量（只有名字，没有值）：${shown || "无"}${rest}`
    : `Environment, names without values: ${shown || "none"}${rest}`;
}

function pairs(values: Readonly<Record<string, string>>): string {
  const text = Object.entries(values).map(([key, value]) => `${key} ${value}`);
  return text.join(", ") || "–";
}
