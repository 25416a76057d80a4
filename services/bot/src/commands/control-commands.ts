import type { Database } from "@resonance/db";
import type { SessionId } from "@resonance/mq-proto";
import { type BoundaryDeps, chooseForSession } from "../boundary/boundary.ts";
import { localOnlyRules, noLocalModel } from "../brain/local-only-rules.ts";
import type { HistoryDeps } from "../context/read-history.ts";
import { durably } from "../durably.ts";
import type { Question } from "../question.ts";
import { clearContext } from "../sql/contexts.ts";
import { requestCancel } from "../sql/runs.ts";
import type { ControlName } from "./command-list.ts";
import { modelText } from "./model-text.ts";
import { type PolicyDeps, policyCommand } from "./policy-command.ts";
import { type ProposalCommandDeps, proposalCommands } from "./proposal-commands.ts";
import { showRuns } from "./show-runs.ts";
import { type UsersCommandDeps, usersCommand } from "./users-command.ts";

export type ControlDeps = HistoryDeps &
  PolicyDeps &
  ProposalCommandDeps &
  UsersCommandDeps & {
    readonly db: Database;
    readonly brains: BoundaryDeps["brains"];
    /** Has this process look at once for runs that are cancelled. */
    readonly noticeCancelled: (sessionId: SessionId) => Promise<void>;
  };

export type ControlCommand = (
  deps: ControlDeps,
  question: Question,
  signal: AbortSignal,
) => Promise<string>;

const commands: Record<ControlName, ControlCommand> = {
  "/cancel": cancel,
  "/clear": clear,
  "/runs": showRuns,
  "/policy": (deps, question, signal) => durably(() => policyCommand(deps, question), signal),
  "/users": usersCommand,
  "/model": async (deps, { sessionId, language }, signal) => {
    const { brain } = await durably(() => chooseForSession(deps, sessionId), signal);
    return brain === localOnlyRules ? noLocalModel[language] : modelText(brain, language);
  },
  ...proposalCommands,
};

/** Commands about the bot's own work, changes and people. They use no tools. */
export const controlCommands: ReadonlyMap<string, ControlCommand> = new Map(
  Object.entries(commands),
);

/** Ends what the same person asked before in this session, whichever worker has it. */
async function cancel(deps: ControlDeps, question: Question, signal: AbortSignal): Promise<string> {
  const { bot, sessionId, from, seqId, language } = question;
  const wanted = { bot, sessionId, requester: from, beforeSeq: seqId };
  const count = await durably(() => requestCancel(deps.db, wanted), signal);
  await durably(() => deps.noticeCancelled(sessionId), signal);
  const zh = language === "zh";
  if (count === 0) {
    return zh ? "现在没有正在处理的问题。" : "There is nothing of yours that I am working on here.";
  }
  return zh
    ? `已停止 ${count} 个问题。`
    : `Stopped ${count === 1 ? "one question" : `${count} questions`}.`;
}

async function clear(deps: ControlDeps, question: Question, signal: AbortSignal): Promise<string> {
  await durably(() => clearContext(deps.db, question, question.seqId), signal);
  return question.language === "zh"
    ? "好的，从这里重新开始：前面的对话我不再参考。"
    : "Done: I start afresh here and no longer look at what was said before.";
}
