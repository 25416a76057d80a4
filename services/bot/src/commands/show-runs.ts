import { isSingleSessionId } from "@resonance/mq-proto";
import { codeBlock, codeSpan, numberText, table } from "../brain/offline/render/phrases.ts";
import { runFailureText, runStateText } from "../brain/offline/render/run-states.ts";
import { durably } from "../durably.ts";
import type { Language } from "../language.ts";
import type { Step } from "../loop/steps.ts";
import { estimateTokens, headOfTokens } from "../loop/tokens.ts";
import type { Question } from "../question.ts";
import { listRunsOf, type RunSummary } from "../sql/runs.ts";
import { listSteps } from "../sql/steps.ts";
import type { ControlDeps } from "./control-commands.ts";

const listed = 10;
const searched = 500;
const shownTokens = 600;

/**
 * `/runs`: the asker's last runs. `/runs <id>`: what of one was sent, and what each tool returned.
 * In a group only what was asked in that group, since everybody there reads the answer.
 */
export async function showRuns(
  { db }: Pick<ControlDeps, "db">,
  question: Question,
  signal: AbortSignal,
): Promise<string> {
  const { bot, from, sessionId, language } = question;
  const wantedId = question.text.split(/\s+/)[1]?.replace(/^#/, "");
  const wanted = {
    bot,
    requester: from,
    sessionId: isSingleSessionId(sessionId) ? undefined : sessionId,
    limit: wantedId === undefined ? listed : searched,
  };
  const runs = await durably(() => listRunsOf(db, wanted), signal);
  if (wantedId === undefined) return runsText(runs, language);
  const run = runs.find(({ msgId }) => `${msgId}`.endsWith(wantedId) && /^\d{4,}$/.test(wantedId));
  if (!run) {
    return language === "zh"
      ? `没有找到你的运行 ${codeSpan(wantedId.slice(0, 40))}。\`/runs\` 列出最近的。`
      : `There is no run ${codeSpan(wantedId.slice(0, 40))} of yours. \`/runs\` lists the last ones.`;
  }
  const steps = await durably(() => listSteps(db, run), signal);
  return [runsText([run], language), ...steps.map((step) => stepText(step, language))].join("\n\n");
}

/** Enough of the id to name a run by. */
function shortId(run: RunSummary): string {
  return `${run.msgId}`.slice(-10);
}

function runsText(runs: readonly RunSummary[], language: Language): string {
  const zh = language === "zh";
  const head = zh
    ? ["编号", "提问时间（UTC）", "状态", "排队", "用时", "大脑", "词元（入/出）"]
    : ["id", "asked (UTC)", "state", "waited", "took", "brain", "tokens in/out"];
  const rows = runs.map((run) => [
    `\`${shortId(run)}\``,
    run.createdAt.toISOString().slice(0, 19).replace("T", " "),
    stateText(run, language),
    secondsBetween(run.createdAt, run.startedAt),
    secondsBetween(run.startedAt, run.finishedAt),
    run.command || [run.brain, run.model].filter(Boolean).join(" ") || "-",
    `${run.inputTokens}/${run.outputTokens}`,
  ]);
  if (rows.length === 0) return zh ? "还没有任何运行。" : "There are no runs yet.";
  const hint = zh ? "`/runs <编号>` 显示每一步。" : "`/runs <id>` shows each step.";
  return `${table(head, rows)}\n\n${hint}`;
}

function stateText({ state, failure, correlationId }: RunSummary, language: Language): string {
  const why = failure === null ? null : runFailureText(failure, language);
  return [runStateText(state, language), why, correlationId]
    .filter((part) => part !== null)
    .join(language === "zh" ? "，" : ", ");
}

function secondsBetween(from: Date | null, until: Date | null): string {
  if (from === null || until === null) return "-";
  return `${numberText((until.getTime() - from.getTime()) / 1_000)} s`;
}

function stepText(step: Step, language: Language): string {
  const zh = language === "zh";
  if (step.kind === "model") {
    const { inputTokens, outputTokens } = step.usage;
    const usage = inputTokens + outputTokens > 0 ? `, ${inputTokens}/${outputTokens}` : "";
    const title = `**${step.number}. ${zh ? "大脑" : "brain"}** (${step.durationMs} ms${usage})`;
    return step.text === "" ? title : `${title}\n${codeBlock("text", excerpt(step.text, zh))}`;
  }
  const call = `${step.call.name} ${JSON.stringify(step.call.input)}`;
  const { result } = step;
  if (!result) {
    return `**${step.number}.** ${codeSpan(call)}: ${zh ? "没有完成" : "did not finish"}`;
  }
  const artifact = result.artifactId === undefined ? "" : `, ${result.artifactId}`;
  return `**${step.number}.** ${codeSpan(call)} (${result.outcome}, ${result.durationMs} ms${artifact})\n${codeBlock("text", excerpt(result.text, zh))}`;
}

function excerpt(text: string, zh: boolean): string[] {
  if (estimateTokens(text) <= shownTokens) return text.split("\n");
  const rest = zh ? `[……后面还有，共 ${text.length} 字符]` : `[… of ${text.length} characters]`;
  return [...headOfTokens(text, shownTokens).split("\n"), rest];
}
