import type { AuditEntry, AuditLog } from "@resonance/audit";
import type { Database } from "@resonance/db";
import { opsTools, type Restarter, type RestartTarget, ToolError } from "@resonance/ops-mcp";
import { durably } from "../durably.ts";
import type { OnWrite } from "../loop/answer-call.ts";
import type { BotMetrics } from "../metrics.ts";
import { frozenBecause, may, needsFourEyes } from "../permission/may.ts";
import { circumstancesOf } from "../permission/people.ts";
import type { Policy } from "../permission/policy.ts";
import type { PolicySource } from "../permission/policy-file.ts";
import { findOpenProposal, insertProposal, type NewProposal } from "../sql/proposals.ts";
import type { ToolContext, ToolOutcome } from "../tools/tool-source.ts";
import { mentionIn } from "./card.ts";
import { coolDownText } from "./cool-down-text.ts";
import { isNamed, misspellings } from "./named.ts";
import { digestOf, newProposalId, type Proposal } from "./proposal.ts";
import { obstacleText, restartErrorText } from "./restart-text.ts";

export type ProposeDeps = {
  readonly db: Database;
  readonly policy: PolicySource;
  readonly restarter: Restarter;
  readonly audit: Pick<AuditLog, "append" | "appendWith">;
  readonly metrics?: Pick<BotMetrics, "proposal">;
  readonly bot: string;
  /** Takes secrets out of the reason. */
  readonly redact: (text: string) => string;
  /** Told that there is something to show. */
  readonly wake: () => void;
};

const restart = "restart_service";

/**
 * Makes of a call of a writing tool a proposal, or words that say why not. Nothing is changed here
 * by anybody. Waits for the database.
 */
export function proposeWrites(deps: ProposeDeps): OnWrite {
  return async (call, _definition, context, signal) => {
    const say = (zh: string, en: string) => (context.language === "zh" ? zh : en);
    if (call.name !== restart) {
      return refused(
        say(
          `${call.name} 会改变系统，而能提出的只有重启。`,
          `${call.name} changes something, and nothing but a restart can be proposed.`,
        ),
      );
    }
    const parsed = opsTools.restart_service.input.safeParse(call.input);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue?.path.join(".") ?? "";
      return refused(
        say(`参数 ${where} 不对。`, `the arguments are not right: ${where}: ${issue?.message}.`),
      );
    }
    try {
      return await durably(() => proposeRestart(deps, parsed.data, context, signal), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ToolError)) throw error;
      return refused(restartErrorText(error, context.language));
    }
  };
}

async function proposeRestart(
  deps: ProposeDeps,
  wanted: { service: string; namespace?: string | undefined; reason: string },
  context: ToolContext,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const { service, namespace } = wanted;
  const target = await deps.restarter.find({ service, namespace }, signal);
  // Whatever a log or a page says: only what the person has named is ever proposed.
  if (!(await isMeant(deps, context.asked, target, signal))) {
    return refused(
      context.language === "zh"
        ? `提问的人没有说到 ${target.service}；只有本人说出名字的服务才能提出重启，例如「重启 ${target.service}」。`
        : `the person has not named ${target.service}. Only a target that they name themselves can be proposed, for example by "restart ${target.service}".`,
    );
  }
  const policy = await deps.policy.current();
  const refusal = await refusalOf(deps, policy, target, context);
  if (refusal) {
    const details = { tool: restart, target: target.id, refused: refusal };
    await deps.audit.append(entryOf(context, details));
    return refused(refusal);
  }
  const open = await findOpenProposal(deps.db, target.id);
  if (open) return alreadyProposed(open, mentionIn(context.sessionId, deps.bot));
  const reason = deps.redact(wanted.reason);
  const proposal = newProposal({ policy, target, reason, bot: deps.bot }, context);
  return await store(deps, proposal);
}

function entryOf(
  { requester, sessionId, msgId }: Pick<Proposal, "requester" | "sessionId" | "msgId">,
  details: AuditEntry["details"],
): AuditEntry {
  return { kind: "proposal", actor: requester, sessionId, msgId, details };
}

function newProposal(
  made: { policy: Policy; target: RestartTarget; reason: string; bot: string },
  { requester, sessionId, msgId, language }: ToolContext,
): NewProposal {
  const { policy, target, reason, bot } = made;
  const { service, namespace, generation, replicas } = target;
  const input = JSON.stringify({ service, ...(namespace === undefined ? {} : { namespace }) });
  const core = { tool: restart, input, targetId: target.id, generation };
  return {
    ...core,
    id: newProposalId(),
    digest: digestOf(core),
    fourEyes: needsFourEyes(policy, restart, target),
    service,
    namespace,
    requester,
    sessionId,
    msgId,
    bot,
    language,
    reason,
    replicas,
    remainingMs: policy.proposalMinutes * 60_000,
  };
}

async function store(deps: ProposeDeps, proposal: NewProposal): Promise<ToolOutcome> {
  const { id, tool, targetId, digest, reason, fourEyes, language } = proposal;
  const mention = mentionIn(proposal.sessionId, proposal.bot);
  const entry = entryOf(proposal, { id, tool, target: targetId, digest, reason, fourEyes });
  // In one commit, and the commits of the audit come one after the other: one of several is first.
  const isFirst = await deps.audit.appendWith([entry], (tx) => insertProposal(tx, proposal));
  if (!isFirst) {
    const first = await findOpenProposal(deps.db, targetId);
    if (first) return alreadyProposed(first, mention);
    return refused(language === "zh" ? "刚才已有人提出过。" : "it was proposed a moment ago.");
  }
  deps.metrics?.proposal("pending");
  deps.wake();
  return proposed(
    `Proposed as ${id}: restart ${targetId}. A card with the details is shown in the chat. Nothing has happened, and nothing will before an administrator approves it.`,
    id,
    mention,
  );
}

/** Whether the person has named the target, or misspelt it: a name that means another is no mistake. */
async function isMeant(
  { restarter }: ProposeDeps,
  asked: string,
  target: RestartTarget,
  signal: AbortSignal,
): Promise<boolean> {
  if (isNamed(asked, target.service)) return true;
  for (const service of misspellings(asked, target.service)) {
    const found = await restarter
      .find({ service, namespace: target.namespace }, signal)
      .catch((error: unknown) => {
        if (!(error instanceof ToolError)) throw error;
      });
    if (found?.id === target.id) return true;
  }
  return false;
}

/** Why it is not to be proposed now, or undefined. */
async function refusalOf(
  deps: ProposeDeps,
  policy: Policy,
  target: RestartTarget,
  context: ToolContext,
): Promise<string | undefined> {
  const { requester, sessionId, language } = context;
  const say = (zh: string, en: string) => (language === "zh" ? zh : en);
  const circumstances = await circumstancesOf(deps.db, requester, sessionId);
  if (!circumstances) {
    return say(
      `${requester} 已不是该会话的成员。`,
      "the one who asks is no member of this conversation any more.",
    );
  }
  const decision = may(policy, "propose", { tool: restart, target }, circumstances);
  if (!decision.allowed) {
    const { why, needs } = decision;
    if (why === "group") {
      return say(
        `申请需要角色 ${needs}，而这个群里有人没有，请在与我的单独会话里提出。`,
        `not everybody in this group has the role ${needs} that it takes to propose it; ask in a chat alone.`,
      );
    }
    if (why === "role" && needs) {
      return say(
        `申请需要角色 ${needs}，而 ${requester} 是 ${circumstances.requester}。`,
        `to propose it takes the role ${needs}, and ${requester} is ${circumstances.requester}.`,
      );
    }
    return say("策略不允许在这里这样做。", "the policy does not allow it here.");
  }
  const { id, isRolling, replicas } = target;
  const frozen = frozenBecause(policy, Date.now());
  if (frozen !== undefined) {
    return say(`现在不做任何变更：${frozen}。`, `nothing is changed at this time: ${frozen}.`);
  }
  const obstacle = obstacleText(target, language);
  if (obstacle !== undefined) return say(`${obstacle}。`, `${obstacle}.`);
  if (isRolling) return say(`${id} 正在重启。`, `${id} is being restarted at this moment.`);
  if (replicas < 1) {
    return say(
      `${id} 的副本数是 0，没有可重启的。`,
      `${id} is scaled to 0, so there is nothing to restart.`,
    );
  }
  return await coolDownText(deps, policy, id, language);
}

function refused(why: string): ToolOutcome {
  return {
    outcome: "error",
    text: `NOT PROPOSED: ${why} Nothing was done.`,
    data: { refused: why },
  };
}

function alreadyProposed(
  { id, targetId }: Pick<Proposal, "id" | "targetId">,
  mention: string,
): ToolOutcome {
  return proposed(`The restart of ${targetId} is proposed already, as ${id}.`, id, mention);
}

function proposed(text: string, id: string, mention: string): ToolOutcome {
  const commands = `${mention}/approve ${id} and ${mention}/reject ${id}`;
  return {
    outcome: "ok",
    text: `${text} A person decides by the buttons of its card, or by ${commands}.`,
    data: { proposal: id, mention },
  };
}
