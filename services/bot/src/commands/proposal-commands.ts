import { listNewest } from "@resonance/audit";
import { durably } from "../durably.ts";
import type { Language } from "../language.ts";
import type { OnWrite } from "../loop/answer-call.ts";
import { circumstancesOf } from "../permission/people.ts";
import { stateWord } from "../proposals/card.ts";
import { type DecideDeps, decide } from "../proposals/decide.ts";
import type { Question } from "../question.ts";
import { listProposals } from "../sql/proposals.ts";
import type { ControlName } from "./command-list.ts";
import type { ControlCommand } from "./control-commands.ts";

export type ProposalCommandDeps = DecideDeps & { readonly onWrite: OnWrite };

const shown = 10;

/** Commands by which people ask for changes and decide on them. No brain has a part in them. */
export const proposalCommands = {
  "/restart": restart,
  "/approve": (deps: ProposalCommandDeps, question, signal) =>
    decideOn(deps, question, "approved", signal),
  "/reject": (deps: ProposalCommandDeps, question, signal) =>
    decideOn(deps, question, "rejected", signal),
  "/proposals": proposals,
  "/audit": audit,
} as const satisfies Partial<Record<ControlName, ControlCommand>>;

async function restart(
  deps: ProposalCommandDeps,
  question: Question,
  signal: AbortSignal,
): Promise<string> {
  const [, service, ...rest] = question.text.trim().split(/\s+/);
  const zh = question.language === "zh";
  if (service === undefined || service.startsWith("-")) {
    return zh ? "用法：`/restart <服务> [原因]`" : "Usage: `/restart <service> [why]`";
  }
  const { namespace, words } = namespaceOf(rest);
  const reason = words.join(" ") || (zh ? "未说明原因" : "no reason was given");
  const input = { service, reason, ...(namespace === undefined ? {} : { namespace }) };
  const call = { id: "command", name: "restart_service", input };
  const definition = {
    name: call.name,
    description: "",
    inputSchema: {},
    access: "write",
  } as const;
  const context = {
    requester: question.from,
    sessionId: question.sessionId,
    msgId: question.msgId,
    asked: question.text,
    language: question.language,
    nowMs: question.askedUntilMs,
  };
  const { data } = await deps.onWrite(call, definition, context, signal);
  return proposalAnswer(data, question.language);
}

/** What a person is told of a proposal that was asked for. */
export function proposalAnswer(data: unknown, language: Language): string {
  const zh = language === "zh";
  const told = typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
  if (typeof told.proposal === "string") {
    const id = told.proposal;
    const to = typeof told.mention === "string" ? told.mention : "";
    return zh
      ? `已提出提案 \`${id}\`。现在什么都没有改变；管理员批准后才会执行。详情和按钮在聊天里的卡片上，也可以发 \`${to}/approve ${id}\` 或 \`${to}/reject ${id}\` 来决定。`
      : `It is proposed as \`${id}\`. Nothing has changed, and nothing will before an administrator approves it. Its card in the chat has the details and the buttons; \`${to}/approve ${id}\` and \`${to}/reject ${id}\` decide as well.`;
  }
  if (typeof told.refused !== "string") {
    return zh
      ? "这里现在不能提出重启，什么都没有改变。"
      : "No restart can be proposed here now. Nothing was changed.";
  }
  return zh
    ? `没有提出，也没有改变任何东西：${told.refused}`
    : `Not proposed, and nothing was changed: ${told.refused}`;
}

function namespaceOf(words: readonly string[]): {
  readonly namespace: string | undefined;
  readonly words: readonly string[];
} {
  const at = words.findIndex((word) => /^(--|—|–)namespace$/.test(word));
  if (at < 0) return { namespace: undefined, words };
  return { namespace: words[at + 1], words: [...words.slice(0, at), ...words.slice(at + 2)] };
}

async function decideOn(
  deps: ProposalCommandDeps,
  question: Question,
  verdict: "approved" | "rejected",
  signal: AbortSignal,
): Promise<string> {
  const [, id, digest] = question.text.trim().split(/\s+/);
  const { from, sessionId, msgId, language } = question;
  if (id === undefined) {
    const command = verdict === "approved" ? "/approve" : "/reject";
    return language === "zh"
      ? `用法：\`${command} <提案编号>\``
      : `Usage: \`${command} <proposal>\``;
  }
  const given = {
    verdict,
    id: id.replaceAll("`", "").toLowerCase(),
    digest: digest === undefined || !/^[0-9a-f]{6,64}$/.test(digest) ? undefined : digest,
    by: from,
    sessionId,
    msgId,
    language,
  };
  return await durably(() => decide(deps, given), signal);
}

async function proposals(
  deps: ProposalCommandDeps,
  { sessionId, language }: Question,
  signal: AbortSignal,
): Promise<string> {
  const rows = await durably(() => listProposals(deps.db, sessionId, shown), signal);
  if (rows.length === 0) {
    return language === "zh"
      ? "这个会话里还没有提案。"
      : "There are no proposals in this conversation.";
  }
  return rows
    .map((row) => {
      const by = row.decidedBy === undefined ? "" : ` (${row.decidedBy})`;
      return `- \`${row.id}\` ${row.targetId}: ${stateWord(row.state, language)}${by}, ${row.requester}, ${row.createdAt.toISOString()}`;
    })
    .join("\n");
}

/** `/audit [message id]`: the newest entries, for administrators; of a question, for who asked it. */
async function audit(
  deps: ProposalCommandDeps,
  question: Question,
  signal: AbortSignal,
): Promise<string> {
  const { from, sessionId, language } = question;
  const zh = language === "zh";
  const circumstances = await durably(() => circumstancesOf(deps.db, from, sessionId), signal);
  if (
    circumstances?.requester !== "admin" ||
    circumstances.present.some((role) => role !== "admin")
  ) {
    return zh
      ? "审计记录只有管理员能看，并且只在与我的单独会话里显示。"
      : "The audit is for administrators, in a chat alone with me.";
  }
  const [, id] = question.text.trim().split(/\s+/);
  const of = id !== undefined && /^\d{1,19}$/.test(id) ? { msgId: BigInt(id) } : {};
  const rows = await durably(() => listNewest(deps.db, 20, of), signal);
  const lines = rows.map((row) => {
    const at = new Date(Number(row.atMs)).toISOString();
    return `${row.seq} ${at} ${row.kind} ${row.actor} ${row.details.slice(0, 300)}`;
  });
  const note = zh
    ? "`npm run audit -- verify` 检查整条链。"
    : "`npm run audit -- verify` checks the whole chain.";
  return `\`\`\`text\n${lines.join("\n").replaceAll("```", "'''")}\n\`\`\`\n\n${note}`;
}
