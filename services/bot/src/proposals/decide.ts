import type { AuditEntry, AuditLog } from "@resonance/audit";
import type { Database } from "@resonance/db";
import type { Language } from "../language.ts";
import type { BotMetrics } from "../metrics.ts";
import { may, needsFourEyes } from "../permission/may.ts";
import { circumstancesOf } from "../permission/people.ts";
import type { PolicySource } from "../permission/policy-file.ts";
import { decideProposal, findProposal } from "../sql/proposals.ts";
import { stateWord } from "./card.ts";
import { digestOf, type Proposal } from "./proposal.ts";

export type DecideDeps = {
  readonly db: Database;
  readonly policy: PolicySource;
  readonly audit: Pick<AuditLog, "append" | "appendWith">;
  readonly metrics?: Pick<BotMetrics, "proposal">;
  /** Told that there is something to carry out or to show. */
  readonly wake: () => void;
};

/** A person's word on a proposal, as an authenticated message of theirs. */
export type Verdict = {
  readonly verdict: "approved" | "rejected";
  readonly id: string;
  /** The beginning of the digest that was seen, where it was typed. */
  readonly digest: string | undefined;
  readonly by: string;
  readonly sessionId: string;
  readonly msgId: bigint;
  readonly language: Language;
};

/**
 * Takes a decision, once, from somebody whose role allows it, for the change that was shown and
 * before it expires. Says in the proposal's language what came of it; a refused one is on record.
 * The same message again, after a crash or a lost answer of the database, is the same decision.
 */
export async function decide(deps: DecideDeps, given: Verdict): Promise<string> {
  const proposal = await findProposal(deps.db, given.id);
  const verdict = { ...given, language: proposal?.language ?? given.language };
  const entry = (result: string): AuditEntry => ({
    kind: "decision",
    actor: verdict.by,
    sessionId: verdict.sessionId,
    msgId: verdict.msgId,
    details: {
      id: verdict.id,
      verdict: verdict.verdict,
      digest: proposal?.digest ?? null,
      result,
    },
  });
  const refuse = async (why: Refusal, now: Proposal | undefined) => {
    deps.metrics?.proposal("refused");
    await deps.audit.append(entry(`refused: ${why}`));
    return refusalText(why, now, verdict);
  };
  if (!proposal) return await refuse("unknown", proposal);
  if (proposal.decidedMsgId === verdict.msgId) return takenText(proposal, verdict);
  const refusal = await refusalOf(deps, proposal, verdict);
  if (refusal) return await refuse(refusal, proposal);
  // In one commit: what is on record as taken is, and nothing else.
  const isTaken = await deps.audit.appendWith([entry("taken")], (tx) =>
    decideProposal(tx, verdict),
  );
  if (!isTaken) return await refuse("decided", await findProposal(deps.db, verdict.id));
  deps.metrics?.proposal(verdict.verdict);
  deps.wake();
  return takenText(proposal, verdict);
}

type Refusal = "unknown" | "decided" | "expired" | "digest" | "role" | "four_eyes" | "gone";

async function refusalOf(
  deps: DecideDeps,
  proposal: Proposal,
  verdict: Verdict,
): Promise<Refusal | undefined> {
  if (proposal.state !== "pending") return "decided";
  if (proposal.remainingMs <= 0) return "expired";
  // The row itself may have been changed behind our back.
  if (digestOf(proposal) !== proposal.digest) return "digest";
  if (verdict.digest !== undefined && !proposal.digest.startsWith(verdict.digest)) return "digest";
  const circumstances = await circumstancesOf(deps.db, verdict.by, verdict.sessionId);
  if (!circumstances) return "gone";
  // Whoever asked for it may take it back.
  if (verdict.verdict === "rejected" && verdict.by === proposal.requester) return undefined;
  const use = { tool: proposal.tool, target: proposal };
  const policy = await deps.policy.current();
  if (!may(policy, "approve", use, circumstances).allowed) return "role";
  const isOwn = verdict.by === proposal.requester;
  // Asked for when it was proposed, or since.
  const fourEyes = proposal.fourEyes || needsFourEyes(policy, proposal.tool, proposal);
  return verdict.verdict === "approved" && fourEyes && isOwn ? "four_eyes" : undefined;
}

function refusalText(why: Refusal, proposal: Proposal | undefined, verdict: Verdict): string {
  const { language, id } = verdict;
  const state = proposal ? stateWord(proposal.state, language) : "";
  const texts: Record<Refusal, readonly [zh: string, en: string]> = {
    unknown: [`没有编号为 ${id} 的提案。`, `There is no proposal ${id}.`],
    decided: [`提案 ${id} 已有结论：${state}。`, `Proposal ${id} is decided already: ${state}.`],
    expired: [`提案 ${id} 已过期，请重新提出。`, `Proposal ${id} has expired. Ask for it again.`],
    digest: [
      `提案 ${id} 的内容与所见的不一致，未作处理。`,
      `Proposal ${id} is not what was shown. Nothing was done.`,
    ],
    role: [
      `您的角色不能审批提案 ${id}，此次尝试已记录。`,
      `Your role may not decide on proposal ${id}. The attempt is on record.`,
    ],
    four_eyes: [
      `提案 ${id} 需要由申请人以外的管理员批准。`,
      `Proposal ${id} has to be approved by somebody other than who asked for it.`,
    ],
    gone: ["您已不是该会话的成员。", "You are no member of this conversation any more."],
  };
  const [zh, en] = texts[why];
  return language === "zh" ? zh : en;
}

function takenText({ id, targetId }: Proposal, { verdict, language }: Verdict): string {
  if (verdict === "rejected") {
    return language === "zh" ? `已拒绝提案 ${id}。` : `Proposal ${id} is rejected.`;
  }
  return language === "zh"
    ? `已批准提案 ${id}：正在重启 ${targetId}，结果会发到提出它的会话里，也可以在那里用 \`/proposals\` 查看。`
    : `Proposal ${id} is approved: ${targetId} is being restarted. The outcome comes in the conversation where it was asked for; \`/proposals\` shows it there, too.`;
}
