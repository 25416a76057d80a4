import { isSingleSessionId, parseSessionId } from "@resonance/mq-proto";
import type { Language } from "../language.ts";
import type { Proposal, ProposalState } from "./proposal.ts";

/**
 * How a proposal looks in the chat. The first line is what the page recognises a card by, so no
 * other text of the bot may begin a line in this way: see `withoutCards`.
 */
export function cardText(proposal: Proposal): string {
  const { id, requester, reason, targetId, replicas, fourEyes, digest, language } = proposal;
  const minutes = Math.max(1, Math.round(proposal.remainingMs / 60_000));
  const to = mentionIn(proposal.sessionId, proposal.bot);
  const quoted = reason.replaceAll(/\s+/g, " ").trim();
  if (language === "zh") {
    return [
      `**提案 \`${id}\`：重启 ${targetId}**`,
      "",
      `- 申请人：${requester}`,
      `- 理由（申请时的原话，未经核实）：${quoted}`,
      `- 影响：${replicas > 1 ? `逐个替换 ${replicas} 个副本` : "只有一个副本，重启期间该服务短暂不可用"}`,
      "- 撤销：重启无法撤销；若结果不好，请查看日志后再处理",
      `- 审批：需要管理员${fourEyes ? "，且不能是申请人本人" : ""}；${minutes} 分钟内有效`,
      `- 摘要：\`${digest.slice(0, 12)}\``,
      "",
      `批准：\`${to}/approve ${id}\`　拒绝：\`${to}/reject ${id}\``,
    ].join("\n");
  }
  return [
    `**Proposal \`${id}\`: restart ${targetId}**`,
    "",
    `- Asked for by: ${requester}`,
    `- Why (as it was said, not verified): ${quoted}`,
    `- Impact: ${replicas > 1 ? `${replicas} replicas are replaced one after another` : "there is one replica, so the service is away for a moment"}`,
    "- Undo: a restart cannot be undone; if it goes wrong, look at the logs before anything else",
    `- Decided by: an administrator${fourEyes ? ", who is not the one who asked" : ""}; within ${minutes} min`,
    `- Digest: \`${digest.slice(0, 12)}\``,
    "",
    `Approve: \`${to}/approve ${id}\`   Reject: \`${to}/reject ${id}\``,
  ].join("\n");
}

/** What a command begins with there: in a group the bot hears what mentions it. */
export function mentionIn(sessionId: string, bot: string): string {
  return isSingleSessionId(parseSessionId(sessionId)) ? "" : `@${bot} `;
}

/** What became of it. The page changes the card by the first line. */
export function outcomeText(proposal: Proposal): string {
  const { id, targetId, language, outcome, decidedBy } = proposal;
  const { state } = proposal;
  if (language === "zh") {
    const by = decidedBy ? `（${decidedBy}）` : "";
    return `**提案 \`${id}\`：${stateZh[state]}** · 重启 ${targetId}${by}${outcome ? `\n\n${outcome}` : ""}`;
  }
  const by = decidedBy ? ` (${decidedBy})` : "";
  return `**Proposal \`${id}\`: ${stateEn[state]}** · restart ${targetId}${by}${outcome ? `\n\n${outcome}` : ""}`;
}

const stateEn = {
  pending: "waiting",
  approved: "approved",
  executing: "being carried out",
  succeeded: "done",
  failed: "failed",
  stuck: "stuck",
  rejected: "rejected",
  expired: "expired",
  void: "void",
} as const satisfies Record<ProposalState, string>;

const stateZh = {
  pending: "待审批",
  approved: "已批准",
  executing: "执行中",
  succeeded: "已完成",
  failed: "失败",
  stuck: "卡住",
  rejected: "已拒绝",
  expired: "已过期",
  void: "已作废",
} as const satisfies Record<ProposalState, string>;

export function stateWord(state: ProposalState, language: Language): string {
  return language === "zh" ? stateZh[state] : stateEn[state];
}

/**
 * Text of a model, a tool or a person that is said by the bot: what looks like the beginning of a
 * card is made not to.
 */
export function withoutCards(text: string): string {
  return text.replaceAll(
    /(?:\*\*|__)(?=[\s\p{C}\p{M}]{0,9}(?:Proposal|提案)[\s\p{C}\p{M}]{0,9}`)/giu,
    "",
  );
}
