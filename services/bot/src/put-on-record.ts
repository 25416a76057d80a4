import { createHash } from "node:crypto";
import type { AuditEntry, AuditLog } from "@resonance/audit";
import { failpoint } from "@resonance/kit";
import { durably } from "./durably.ts";
import type { Step } from "./loop/steps.ts";
import type { Run } from "./runs/run.ts";
import type { RunSteps } from "./runs/run-step-log.ts";
import { RunStopped } from "./runs/stop-reasons.ts";
import { saveNamed } from "./sql/contexts.ts";
import { holdsRun } from "./sql/runs.ts";
import { insertModelStep } from "./sql/steps.ts";

export type RecordDeps = { readonly audit: Pick<AuditLog, "appendWith"> };

export type RunRecord = {
  /** Whose lease it is. */
  readonly owner: string;
  readonly brain: { readonly name: string; readonly model: string };
  readonly steps: RunSteps;
  /** What is known to be named in the session from now on, where that changes. */
  readonly named?: readonly string[] | undefined;
  readonly state: string;
  readonly failure?: string | undefined;
  /** What is going to be said. */
  readonly text: string;
};

/**
 * Puts on record what came of a question, before its answer is sent: who asked, which brain and
 * tools were used with which arguments, and what they gave. In the same commit the run's answer
 * becomes a step that is stored, and what was named is known in the session. Waits for the
 * database.
 *
 * @throws RunStopped once somebody else has the run
 */
export async function putOnRecord(
  { audit }: RecordDeps,
  run: Run,
  record: RunRecord,
  signal: AbortSignal,
): Promise<void> {
  const { owner, named } = record;
  const entries = entriesOf(run, record, await record.steps.load(signal));
  const answer = record.steps.unstoredAnswer();
  if (answer) failpoint("bot.before_step");
  await durably(async () => {
    const isAdded = await audit.appendWith(entries, async (tx) => {
      const [, , isHeld] = await Promise.all([
        answer && insertModelStep(tx, run, owner, answer),
        named && saveNamed(tx, run, owner, named),
        (answer ?? named) === undefined || holdsRun(tx, run, owner),
      ]);
      return isHeld;
    });
    if (!isAdded) throw new RunStopped("lease_lost");
  }, signal);
  if (answer) failpoint("bot.after_step");
}

/** Texts are told by their hashes: the texts themselves stand in the run's steps. */
function entriesOf(run: Run, record: RunRecord, steps: readonly Step[]): AuditEntry[] {
  const about = { sessionId: run.sessionId, msgId: run.msgId };
  const { brain, state, failure, text } = record;
  return [
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
      details: { state, failure: failure ?? null, hash: hashOf(text) },
    },
  ];
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
