import type { Database } from "@resonance/db";
import { withoutMention } from "@resonance/mq-proto";
import { type BoundaryDeps, type ChosenBrain, chooseForSession } from "../boundary/boundary.ts";
import { durably } from "../durably.ts";
import type { Language } from "../language.ts";
import type { Run } from "../runs/run.ts";
import { spokenLanguage } from "../spoken-language.ts";
import { findContext, type SessionContext } from "../sql/contexts.ts";
import { listOpenProposals, type OpenProposal } from "../sql/proposals.ts";
import { earlierQuestions } from "./earlier-questions.ts";
import type { EarlyHistory } from "./early-history.ts";
import type { History } from "./read-history.ts";

export type SituationDeps = Pick<BoundaryDeps, "brains" | "defaultPolicy"> & {
  readonly db: Database;
  readonly history: Pick<EarlyHistory, "read">;
  /** How many messages before the question the brain is told of. */
  readonly contextMessages: number;
};

/** What a question is asked in. */
export type Situation = {
  readonly chosen: ChosenBrain;
  readonly history: History;
  readonly context: SessionContext;
  /** What waits for a decision in the session, or for its end; empty where no model is asked. */
  readonly openProposals: readonly OpenProposal[];
  /** To answer in. */
  readonly language: Language;
};

/** Reads all of it at once. Waits for the database and for Logic. */
export async function readSituation(
  deps: SituationDeps,
  run: Run,
  signal: AbortSignal,
): Promise<Situation> {
  const wanted = { ...run, before: deps.contextMessages };
  const isForModel = run.command === "" && deps.brains.any.name !== "offline";
  const [history, chosen, context, openProposals] = await Promise.all([
    durably(() => deps.history.read(wanted, signal), signal),
    durably(() => chooseForSession(deps, run.sessionId), signal),
    durably(() => findContext(deps.db, run), signal),
    isForModel ? durably(() => listOpenProposals(deps.db, run), signal) : [],
  ]);
  // Also what was said before a /clear was said in some language.
  const said = earlierQuestions(history.before, { ...run, from: run.requester });
  const text = withoutMention(history.question?.content ?? "", run.bot);
  const language = spokenLanguage(run, text, said);
  return { chosen, history, context, openProposals, language };
}
