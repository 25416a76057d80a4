import { setTimeout as delay } from "node:timers/promises";
import type { AuditLog } from "@resonance/audit";
import type { Database } from "@resonance/db";
import { failpoint, type Logger } from "@resonance/kit";
import { type Restarter, ToolError } from "@resonance/ops-mcp";
import type { Language } from "../language.ts";
import type { BotMetrics } from "../metrics.ts";
import { frozenBecause, may, needsFourEyes } from "../permission/may.ts";
import { circumstancesOf } from "../permission/people.ts";
import type { Policy } from "../permission/policy.ts";
import type { PolicySource } from "../permission/policy-file.ts";
import { findSharedSession } from "../sql/people.ts";
import { claimProposal, finishProposal, keepProposal, markBegun } from "../sql/proposals.ts";
import { coolDownText } from "./cool-down-text.ts";
import { digestOf, type Proposal, type ProposalState } from "./proposal.ts";
import { evidenceText, obstacleText, restartErrorText } from "./restart-text.ts";

export type ExecuteDeps = {
  readonly db: Database;
  readonly policy: PolicySource;
  readonly restarter: Restarter;
  readonly audit: Pick<AuditLog, "append">;
  readonly metrics?: Pick<BotMetrics, "proposal">;
  readonly bot: string;
  /** Takes secrets out of what the target says of itself. */
  readonly redact: (text: string) => string;
  /** Of this process. */
  readonly owner: string;
  readonly leaseMs: number;
  /** How long a rollout is watched before it is called stuck. */
  readonly watchMs: number;
  readonly lookEveryMs: number;
  readonly log: Logger;
};

type End = { readonly state: ProposalState; readonly outcome: string };

/**
 * Carries out one approved proposal, or sees one through whose executor is gone. Says whether there
 * was one. What is done is decided by code and by the row alone; everything is checked once more.
 * It is marked as begun before it is begun, and what is marked is never begun again: whatever dies
 * where, it happens at most once.
 */
export async function executeNext(deps: ExecuteDeps, signal: AbortSignal): Promise<boolean> {
  const proposal = await claimProposal(deps.db, deps.bot, deps.owner, deps.leaseMs);
  if (!proposal) return false;
  failpoint("bot.proposal_after_claim");
  const seen = await seeThrough(deps, proposal, signal);
  if (seen === "lost") return true;
  const end = { ...seen, outcome: deps.redact(seen.outcome) };
  failpoint("bot.proposal_before_outcome");
  await deps.audit.append({
    kind: "outcome",
    actor: deps.bot,
    sessionId: proposal.sessionId,
    msgId: proposal.msgId,
    details: { id: proposal.id, state: end.state, outcome: end.outcome },
  });
  if (await finishProposal(deps.db, proposal.id, deps.owner, end)) {
    deps.metrics?.proposal(end.state);
  }
  failpoint("bot.proposal_after_outcome");
  return true;
}

/** `lost` when it is somebody else's by now. */
async function seeThrough(
  deps: ExecuteDeps,
  proposal: Proposal,
  signal: AbortSignal,
): Promise<End | "lost"> {
  if (proposal.begunForMs === undefined) {
    const changed = await changedSince(deps, proposal, signal);
    if (changed !== undefined) return { state: "void", outcome: changed };
    const begun = await begin(deps, proposal, signal);
    if (begun !== "begun") return begun;
  }
  return await watch(deps, proposal, signal);
}

async function begin(
  deps: ExecuteDeps,
  proposal: Proposal,
  signal: AbortSignal,
): Promise<"begun" | End | "lost"> {
  const { id, tool, targetId, generation, digest, language } = proposal;
  // On record before it happens, or it does not happen.
  await deps.audit.append({
    kind: "execution",
    actor: proposal.decidedBy ?? deps.bot,
    sessionId: proposal.sessionId,
    msgId: proposal.msgId,
    details: { id, tool, target: targetId, digest, executor: deps.owner },
  });
  failpoint("bot.proposal_before_begin");
  if (!(await markBegun(deps.db, id, deps.owner))) return "lost";
  failpoint("bot.proposal_marked");
  try {
    await deps.restarter.begin({ id: targetId, generation }, signal);
  } catch (error) {
    signal.throwIfAborted();
    deps.log.error({ err: error, proposal: id }, "a restart could not be begun");
    // Without an answer nobody knows: it is seen when it is watched.
    const isUnknown = error instanceof ToolError && error.code === "timed_out";
    if (!isUnknown) return { state: "failed", outcome: notBegunText(error, language) };
  }
  failpoint("bot.proposal_after_begin");
  return "begun";
}

/** What is not as it was when it was proposed or decided; undefined where all is as it was. */
async function changedSince(
  deps: ExecuteDeps,
  proposal: Proposal,
  signal: AbortSignal,
): Promise<string | undefined> {
  const zh = proposal.language === "zh";
  if (digestOf(proposal) !== proposal.digest) {
    return zh ? "提案本身被改动过" : "the proposal itself was changed";
  }
  const policy = await deps.policy.current();
  // Whoever approved it wanted it then, and not whenever somebody is there to do it.
  if (-proposal.remainingMs > policy.proposalMinutes * 60_000) {
    return zh
      ? "批准得太久了，需要的话请重新提出"
      : "it was approved too long ago; ask for it again";
  }
  const people = await peopleChanged(deps, policy, proposal);
  if (people !== undefined) return people;
  const frozen = frozenBecause(policy, Date.now());
  if (frozen !== undefined) {
    return zh ? `现在不做任何变更：${frozen}` : `nothing is changed at this time: ${frozen}`;
  }
  const cooling = await coolDownText(deps, policy, proposal.targetId, proposal.language);
  if (cooling !== undefined) return cooling;
  try {
    const wanted = { service: proposal.service, namespace: proposal.namespace };
    const target = await deps.restarter.find(wanted, signal);
    if (target.id !== proposal.targetId || target.generation !== proposal.generation) {
      return zh
        ? `${proposal.targetId} 在提出之后已经变了`
        : `${proposal.targetId} has changed since it was proposed`;
    }
    return obstacleText(target, proposal.language);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolError) return restartErrorText(error, proposal.language);
    throw error;
  }
}

/** Whether who asked may still ask, and who approved may still approve; words for why not. */
async function peopleChanged(
  deps: ExecuteDeps,
  policy: Policy,
  proposal: Proposal,
): Promise<string | undefined> {
  const { requester, decidedBy = "nobody", sessionId, tool, language } = proposal;
  const zh = language === "zh";
  const use = { tool, target: proposal };
  const asker = await circumstancesOf(deps.db, requester, sessionId);
  const asking = asker && may(policy, "propose", use, asker);
  // Who else reads along by now has read it.
  if (!asking || (!asking.allowed && asking.why !== "group")) {
    return zh ? `${requester} 已无权申请` : `${requester} may not ask for it any more`;
  }
  // An administrator may decide from a conversation of their own.
  const decider =
    (await circumstancesOf(deps.db, decidedBy, sessionId)) ??
    (await circumstancesElsewhere(deps, decidedBy));
  if (!decider || !may(policy, "approve", use, decider).allowed) {
    return zh ? `${decidedBy} 已无权批准` : `${decidedBy} may not approve it any more`;
  }
  if (decidedBy === requester && needsFourEyes(policy, tool, proposal)) {
    return zh
      ? "现在需要申请人以外的管理员批准"
      : `by now it has to be approved by somebody other than ${requester}`;
  }
  return undefined;
}

/** Of somebody in whatever session they share with the bot. */
async function circumstancesElsewhere({ db, bot }: ExecuteDeps, username: string) {
  const sessionId = await findSharedSession(db, { bot, username });
  return sessionId === undefined ? undefined : await circumstancesOf(db, username, sessionId);
}

/** Looks until it is well, stuck, or has taken too long; at least once, however late it comes. */
async function watch(
  deps: ExecuteDeps,
  proposal: Proposal,
  signal: AbortSignal,
): Promise<End | "lost"> {
  const target = { id: proposal.targetId, generation: proposal.generation };
  const untilMs = performance.now() + deps.watchMs - (proposal.begunForMs ?? 0);
  let evidence = "";
  for (;;) {
    if (!(await keepProposal(deps.db, proposal.id, deps.owner, deps.leaseMs))) return "lost";
    try {
      const progress = await deps.restarter.look(target, signal);
      evidence = evidenceText(proposal.targetId, progress.evidence, proposal.language);
      if (progress.state === "healthy") return { state: "succeeded", outcome: evidence };
      if (progress.state === "stuck") return { state: "stuck", outcome: evidence };
    } catch (error) {
      signal.throwIfAborted();
      // What was restarted may be what is asked; it is looked at again until the time is over.
      deps.log.warn({ err: error, proposal: proposal.id }, "cannot look at what was restarted");
    }
    if (performance.now() >= untilMs) break;
    await delay(deps.lookEveryMs, undefined, { signal });
  }
  return { state: "stuck", outcome: notWellText(deps.watchMs, evidence, proposal.language) };
}

function notBegunText(error: unknown, language: Language): string {
  if (error instanceof ToolError) return restartErrorText(error, language);
  return language === "zh"
    ? "没能开始重启，bot 的日志里有原因"
    : "it could not be begun; the bot's log says why";
}

function notWellText(watchMs: number, evidence: string, language: Language): string {
  const seconds = Math.round(watchMs / 1_000);
  return language === "zh"
    ? `${seconds} 秒后仍未恢复正常：${evidence || "什么都没看到"}`
    : `not well after ${seconds} s: ${evidence || "nothing was seen"}`;
}
