import type { Queryable } from "@resonance/db";
import type { Language } from "../language.ts";
import type { Proposal, ProposalState } from "../proposals/proposal.ts";

type ProposalRow = Omit<
  Proposal,
  "fourEyes" | "namespace" | "decidedBy" | "decidedMsgId" | "outcome" | "begunForMs" | "language"
> & {
  readonly fourEyes: number | bigint;
  readonly namespace: string | null;
  readonly decidedBy: string | null;
  readonly decidedMsgId: bigint | null;
  readonly outcome: string | null;
  readonly begunForMs: number | null;
  readonly language: string;
};

// By the clock that the row was written by: this process's may be wrong.
const millisecondsBetween = (from: string, until: string) =>
  `CAST(TIMESTAMPDIFF(MICROSECOND, ${from}, ${until}) / 1000 AS DOUBLE)`;
const remainingMs = `${millisecondsBetween("NOW(3)", "expires_at")} AS remainingMs`;
const begunForMs = `${millisecondsBetween("begun_at", "NOW(3)")} AS begunForMs`;

const columns = `proposal_id AS id, tool, input, target_id AS targetId, service, namespace,
  generation, digest, four_eyes AS fourEyes, requester, session_id AS sessionId, msg_id AS msgId,
  bot_username AS bot, language, reason, replicas, state, created_at AS createdAt,
  decided_by AS decidedBy, decided_msg_id AS decidedMsgId, outcome, ${remainingMs}, ${begunForMs}`;

const isOpen =
  "(state IN ('approved', 'executing') OR (state = 'pending' AND expires_at > NOW(3)))";

function proposalOf(row: ProposalRow): Proposal {
  return {
    ...row,
    fourEyes: Number(row.fourEyes) === 1,
    namespace: row.namespace ?? undefined,
    decidedBy: row.decidedBy ?? undefined,
    decidedMsgId: row.decidedMsgId ?? undefined,
    outcome: row.outcome ?? undefined,
    begunForMs: row.begunForMs ?? undefined,
    // Written by this service alone.
    language: row.language as Language,
  };
}

export type NewProposal = Omit<
  Proposal,
  "state" | "createdAt" | "decidedBy" | "decidedMsgId" | "outcome" | "begunForMs"
>;

/** Says false, and stores nothing, where there is an open one for its target. */
export async function insertProposal(db: Queryable, proposal: NewProposal): Promise<boolean> {
  const { affectedRows } = await db.execute(
    `INSERT INTO t_bot_proposal (proposal_id, tool, input, target_id, service, namespace, generation,
       digest, four_eyes, requester, session_id, msg_id, bot_username, language, reason, replicas,
       created_at, expires_at)
     SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(3),
            NOW(3) + INTERVAL ? MICROSECOND
       FROM DUAL
      WHERE NOT EXISTS (SELECT 1 FROM t_bot_proposal WHERE target_id = ? AND ${isOpen})`,
    [
      proposal.id,
      proposal.tool,
      proposal.input,
      proposal.targetId,
      proposal.service,
      proposal.namespace ?? null,
      proposal.generation,
      proposal.digest,
      proposal.fourEyes,
      proposal.requester,
      proposal.sessionId,
      proposal.msgId,
      proposal.bot,
      proposal.language,
      proposal.reason,
      proposal.replicas,
      Math.round(proposal.remainingMs * 1_000),
      proposal.targetId,
    ],
  );
  return affectedRows === 1;
}

export async function findProposal(db: Queryable, id: string): Promise<Proposal | undefined> {
  const [row] = await db.query<ProposalRow>(
    `SELECT ${columns} FROM t_bot_proposal WHERE proposal_id = ?`,
    [id],
  );
  return row && proposalOf(row);
}

/** The one for this target that is not at its end yet. */
export async function findOpenProposal(
  db: Queryable,
  targetId: string,
): Promise<Proposal | undefined> {
  const [row] = await db.query<ProposalRow>(
    `SELECT ${columns} FROM t_bot_proposal
      WHERE target_id = ? AND ${isOpen}
      ORDER BY created_at DESC LIMIT 1`,
    [targetId],
  );
  return row && proposalOf(row);
}

export type OpenProposal = Pick<Proposal, "id" | "tool" | "targetId" | "state" | "remainingMs">;

const mostOpen = 10;

/** The newest ten of a session that are not at their end yet, oldest first. */
export async function listOpenProposals(
  db: Queryable,
  { bot, sessionId }: { readonly bot: string; readonly sessionId: string },
): Promise<OpenProposal[]> {
  const rows = await db.query<OpenProposal>(
    `SELECT proposal_id AS id, tool, target_id AS targetId, state, ${remainingMs}
       FROM t_bot_proposal
      WHERE bot_username = ? AND session_id = ? AND ${isOpen}
      ORDER BY created_at DESC LIMIT ${mostOpen}`,
    [bot, sessionId],
  );
  return rows.toReversed();
}

/** How long ago the target was last changed by way of a proposal. */
export async function findMsSinceBegun(
  db: Queryable,
  targetId: string,
): Promise<number | undefined> {
  const [row] = await db.query<{ begunForMs: number }>(
    `SELECT ${begunForMs} FROM t_bot_proposal
      WHERE target_id = ? AND begun_at IS NOT NULL ORDER BY begun_at DESC LIMIT 1`,
    [targetId],
  );
  return row?.begunForMs;
}

/** Decides once: says false when it is not pending any more. */
export async function decideProposal(
  db: Queryable,
  decision: {
    readonly id: string;
    readonly verdict: "approved" | "rejected";
    readonly by: string;
    readonly msgId: bigint;
  },
): Promise<boolean> {
  const { affectedRows } = await db.execute(
    `UPDATE t_bot_proposal
        SET state = ?, decided_by = ?, decided_msg_id = ?, decided_at = NOW(3)
      WHERE proposal_id = ? AND state = 'pending' AND expires_at > NOW(3)`,
    [decision.verdict, decision.by, decision.msgId, decision.id],
  );
  return affectedRows === 1;
}

/** Ends those that nobody decided on in time. */
export async function expireProposals(db: Queryable, bot: string): Promise<number> {
  const { affectedRows } = await db.execute(
    `UPDATE t_bot_proposal SET state = 'expired', finished_at = NOW(3)
      WHERE bot_username = ? AND state = 'pending' AND expires_at <= NOW(3)`,
    [bot],
  );
  return affectedRows;
}

/**
 * Takes one that is approved, or one whose executor is gone. Whoever has it carries it out, or sees
 * it through, until the lease ends.
 */
export async function claimProposal(
  db: Queryable,
  bot: string,
  owner: string,
  leaseMs: number,
): Promise<Proposal | undefined> {
  const isFree = "(state = 'approved' OR (state = 'executing' AND lease_until < NOW(3)))";
  const [candidate] = await db.query<{ id: string }>(
    `SELECT proposal_id AS id FROM t_bot_proposal
      WHERE bot_username = ? AND ${isFree} ORDER BY decided_at LIMIT 1`,
    [bot],
  );
  if (!candidate) return undefined;
  const { affectedRows } = await db.execute(
    `UPDATE t_bot_proposal SET state = 'executing', lease_owner = ?,
            lease_until = NOW(3) + INTERVAL ? MICROSECOND
      WHERE proposal_id = ? AND ${isFree}`,
    [owner, leaseMs * 1_000, candidate.id],
  );
  return affectedRows === 1 ? await findProposal(db, candidate.id) : undefined;
}

/** Says false when it is somebody else's by now. */
export async function keepProposal(
  db: Queryable,
  id: string,
  owner: string,
  leaseMs: number,
): Promise<boolean> {
  // Without NOW in it a second call in the same millisecond would change nothing and say so.
  const { affectedRows } = await db.execute(
    `UPDATE t_bot_proposal SET lease_until = GREATEST(
              NOW(3) + INTERVAL ? MICROSECOND, lease_until + INTERVAL 1000 MICROSECOND)
      WHERE proposal_id = ? AND state = 'executing' AND lease_owner = ?`,
    [leaseMs * 1_000, id, owner],
  );
  return affectedRows === 1;
}

/** From here on it is never begun again. Says false when it was, or is somebody else's. */
export async function markBegun(db: Queryable, id: string, owner: string): Promise<boolean> {
  const { affectedRows } = await db.execute(
    `UPDATE t_bot_proposal SET begun_at = NOW(3)
      WHERE proposal_id = ? AND state = 'executing' AND lease_owner = ? AND begun_at IS NULL`,
    [id, owner],
  );
  return affectedRows === 1;
}

/** Says false when it is somebody else's by now. */
export async function finishProposal(
  db: Queryable,
  id: string,
  owner: string,
  end: { readonly state: ProposalState; readonly outcome: string },
): Promise<boolean> {
  const { affectedRows } = await db.execute(
    `UPDATE t_bot_proposal SET state = ?, outcome = ?, finished_at = NOW(3), lease_owner = NULL
      WHERE proposal_id = ? AND state = 'executing' AND lease_owner = ?`,
    [end.state, end.outcome, id, owner],
  );
  return affectedRows === 1;
}

export type Unshown = Proposal & { readonly isCardShown: boolean };

/** What is to be said in the chat: cards, and ends. */
export async function listUnshown(db: Queryable, bot: string): Promise<Unshown[]> {
  const rows = await db.query<ProposalRow & { cardShown: number | bigint }>(
    `SELECT ${columns}, card_shown AS cardShown FROM t_bot_proposal
      WHERE bot_username = ?
        AND (card_shown = 0
          OR (outcome_shown = 0 AND state NOT IN ('pending', 'approved', 'executing')))
      ORDER BY created_at LIMIT 50`,
    [bot],
  );
  return rows.map(({ cardShown, ...row }) => ({
    ...proposalOf(row),
    isCardShown: Number(cardShown) === 1,
  }));
}

export async function markShown(
  db: Queryable,
  id: string,
  what: "card" | "outcome",
): Promise<void> {
  await db.execute(
    what === "card"
      ? "UPDATE t_bot_proposal SET card_shown = 1 WHERE proposal_id = ?"
      : "UPDATE t_bot_proposal SET outcome_shown = 1 WHERE proposal_id = ?",
    [id],
  );
}

/** The newest of a session, newest first. */
export async function listProposals(
  db: Queryable,
  sessionId: string,
  limit: number,
): Promise<Proposal[]> {
  const rows = await db.query<ProposalRow>(
    `SELECT ${columns} FROM t_bot_proposal WHERE session_id = ? ORDER BY created_at DESC LIMIT ?`,
    [sessionId, limit],
  );
  return rows.map(proposalOf);
}
