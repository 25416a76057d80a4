import { createHash } from "node:crypto";
import type { AuditEntry, AuditLog } from "@resonance/audit";
import type { Database } from "@resonance/db";
import type { Step } from "./loop/steps.ts";
import type { Run } from "./runs/run.ts";
import { listSteps } from "./sql/steps.ts";

export type AuditRunDeps = {
  readonly db: Database;
  readonly audit: Pick<AuditLog, "append">;
  readonly brain: { readonly name: string; readonly model: string };
};

/**
 * Puts on record what came of a question, before its answer is sent: who asked, which brain and
 * tools were used with which arguments, and what they gave. Texts are told by their hashes: the
 * texts themselves stand in the run's steps for as long as those are kept.
 */
export async function auditRun(
  deps: AuditRunDeps,
  run: Run,
  end: { readonly state: string; readonly failure: string | undefined; readonly text: string },
): Promise<void> {
  const about = { sessionId: run.sessionId, msgId: run.msgId };
  const steps = await listSteps(deps.db, run);
  const { brain } = deps;
  const entries: AuditEntry[] = [
    {
      ...about,
      kind: "question",
      actor: run.requester,
      details: { command: run.command, brain: brain.name, model: brain.model },
    },
    ...steps.map((step) => ({ ...about, ...entryOf(step, run.bot) })),
    {
      ...about,
      kind: "answer",
      actor: run.bot,
      details: { state: end.state, failure: end.failure ?? null, hash: hashOf(end.text) },
    },
  ];
  await Promise.all(entries.map((entry) => deps.audit.append(entry)));
}

function entryOf(step: Step, bot: string): Omit<AuditEntry, "sessionId" | "msgId"> {
  if (step.kind === "model") {
    const { finish, usage, durationMs } = step;
    return {
      kind: "model",
      actor: bot,
      details: { finish, usage, durationMs, hash: hashOf(step.text) },
    };
  }
  const { call, result } = step;
  return {
    kind: "tool",
    actor: bot,
    details: {
      tool: call.name,
      input: call.input,
      outcome: result?.outcome ?? null,
      hash: result ? hashOf(result.text) : null,
      durationMs: result?.durationMs ?? null,
    },
  };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
