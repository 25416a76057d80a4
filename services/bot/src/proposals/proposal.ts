import { createHash, randomInt } from "node:crypto";
import type { Language } from "../language.ts";

/**
 * ```
 *  pending ──approve──▶ approved ──claimed──▶ executing ──▶ succeeded | failed | stuck
 *     ├──reject──▶ rejected                       └── before it is begun, something has changed: void
 *     └──nobody decides in time──▶ expired
 * ```
 */
export type ProposalState =
  | "pending"
  | "approved"
  | "executing"
  | "succeeded"
  | "failed"
  | "stuck"
  | "rejected"
  | "expired"
  | "void";

/** A change that is to happen when somebody who may lets it. */
export type Proposal = {
  readonly id: string;
  readonly tool: string;
  /** JSON, in a fixed order of keys. */
  readonly input: string;
  readonly targetId: string;
  readonly service: string;
  readonly namespace: string | undefined;
  readonly generation: string;
  readonly digest: string;
  /** Whether its requester may not be the one who approves it. */
  readonly fourEyes: boolean;
  readonly requester: string;
  readonly sessionId: string;
  readonly msgId: bigint;
  readonly bot: string;
  readonly language: Language;
  /** In the words of who proposed it, which may be a model. */
  readonly reason: string;
  readonly replicas: number;
  readonly state: ProposalState;
  readonly createdAt: Date;
  /** Until nobody can decide on it any more: by the database's clock, when it was read. */
  readonly remainingMs: number;
  readonly decidedBy: string | undefined;
  /** Of the message that was the decision. */
  readonly decidedMsgId: bigint | undefined;
  readonly outcome: string | undefined;
  /** Since it was begun, by the database's clock, when it was read. */
  readonly begunForMs: number | undefined;
};

/** What is decided on: the same digest means the very same change of the very same thing. */
export function digestOf(of: Pick<Proposal, "tool" | "input" | "targetId" | "generation">): string {
  return createHash("sha256")
    .update(JSON.stringify([of.tool, of.input, of.targetId, of.generation]))
    .digest("hex");
}

// Without letters and digits that are taken for one another.
const alphabet = "23456789abcdefghjkmnpqrstvwxyz";

/** Six characters that a person can type. */
export function newProposalId(): string {
  return Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join("");
}
