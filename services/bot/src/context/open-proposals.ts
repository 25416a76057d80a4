import type { OpenProposal } from "../sql/proposals.ts";

/**
 * What a brain is told of the changes that wait in the session; empty where none does. In words of
 * ours alone: whose idea it was, and why, are other people's words, and stand on the cards.
 */
export function openProposalsNote(proposals: readonly OpenProposal[]): string {
  if (proposals.length === 0) return "";
  const each = proposals.map(
    (proposal) => `${proposal.id}, ${proposal.tool} of ${proposal.targetId}, ${stateOf(proposal)}`,
  );
  return `[Open proposals in this conversation: ${each.join("; ")}. They are shown as cards; do not propose them again. A person decides with /approve or /reject and the id, and nobody else.]`;
}

function stateOf({ state, remainingMs }: OpenProposal): string {
  return state === "pending"
    ? `waiting for approval, ${Math.max(1, Math.ceil(remainingMs / 60_000))} min left`
    : "approved and being carried out";
}
