import { hostname } from "node:os";
import type { Database } from "@resonance/db";
import type { SessionId } from "@resonance/mq-proto";
import type { Brains } from "../brain/choose-brain.ts";
import type { BrainPort } from "../brain/model-port.ts";
import type { Redaction } from "../loop/keep-result.ts";
import { findDataPolicy } from "../sql/data-policies.ts";
import { guardBrain } from "./guard-brain.ts";
import type { DataPolicy } from "./session-policy.ts";

export type BoundaryDeps = {
  readonly db: Database;
  readonly brains: Brains;
  /** Of sessions for which none is set. */
  readonly defaultPolicy: DataPolicy;
  /** Known to every worker and to nobody else: makes the pseudonyms of all sessions. */
  readonly pseudonymKey: string;
  readonly redaction: Redaction;
};

export type ChosenBrain = { readonly brain: BrainPort; readonly policy: DataPolicy };

/** The brain that the session's policy allows, to be asked only from behind the boundary. */
export async function chooseForSession(
  deps: Pick<BoundaryDeps, "db" | "brains" | "defaultPolicy">,
  sessionId: SessionId,
): Promise<ChosenBrain> {
  const policy = await policyOf(deps, sessionId);
  return { policy, brain: policy === "local" ? deps.brains.localOnly : deps.brains.any };
}

/** The one way to a brain. */
export function behindBoundary(
  { pseudonymKey, redaction }: Pick<BoundaryDeps, "pseudonymKey" | "redaction">,
  sessionId: SessionId,
  { brain, policy }: ChosenBrain,
): BrainPort {
  const key = `${pseudonymKey}:${sessionId}`;
  return guardBrain(brain, { policy, key, redaction, hosts: [hostname()] });
}

export async function policyOf(
  deps: Pick<BoundaryDeps, "db" | "defaultPolicy">,
  sessionId: SessionId,
): Promise<DataPolicy> {
  return (await findDataPolicy(deps.db, sessionId)) ?? deps.defaultPolicy;
}
