import type { Database } from "@resonance/db";
import { type BoundaryDeps, type ChosenBrain, chooseForSession } from "../boundary/boundary.ts";
import type { Run } from "../runs/run.ts";
import { durably } from "../runs/run-step-log.ts";
import { findContext, type SessionContext } from "../sql/contexts.ts";
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
};

/** Reads all of it at once. Waits for the database and for Logic. */
export async function readSituation(
  deps: SituationDeps,
  run: Run,
  signal: AbortSignal,
): Promise<Situation> {
  const wanted = { ...run, before: deps.contextMessages };
  const [history, chosen, context] = await Promise.all([
    durably(() => deps.history.read(wanted, signal), signal),
    durably(() => chooseForSession(deps, run.sessionId), signal),
    durably(() => findContext(deps.db, run), signal),
  ]);
  return { chosen, history, context };
}
