import type { Database } from "@resonance/db";
import { ChatError, failpoint, retry } from "@resonance/kit";
import type { StepLog } from "../loop/steps.ts";
import { holdsRun } from "../sql/runs.ts";
import { insertModelStep, insertToolStep, listSteps, updateToolStep } from "../sql/steps.ts";
import type { RunKey } from "./run.ts";
import { RunStopped } from "./stop-reasons.ts";

export type Redact = (value: unknown) => unknown;

/**
 * The steps of a run that `owner` holds, in the database. While that is away they wait for it; once
 * somebody else has the run they reject with RunStopped.
 */
export function openStepLog(
  db: Database,
  key: RunKey,
  holder: { readonly owner: string; readonly model: string; readonly redact: Redact },
): StepLog {
  const { owner, model, redact } = holder;
  const store = async (write: () => Promise<boolean>, signal: AbortSignal): Promise<void> => {
    failpoint("bot.before_step");
    await durably(async () => {
      // Repeated after a lost connection it may change nothing, and be stored all the same.
      if (!(await write()) && !(await holdsRun(db, key, owner))) throw new RunStopped("lease_lost");
    }, signal);
    failpoint("bot.after_step");
  };
  return {
    load: (signal) => durably(() => listSteps(db, key), signal),
    addModelStep: (step, signal) => {
      const toolCalls = step.toolCalls.map((call) => ({ ...call, input: redact(call.input) }));
      return store(() => insertModelStep(db, key, owner, { ...step, toolCalls, model }), signal);
    },
    startToolStep: (step, signal) => {
      const call = { ...step.call, input: redact(step.call.input) };
      return store(() => insertToolStep(db, key, owner, { ...step, call }), signal);
    },
    finishToolStep: (step, signal) => store(() => updateToolStep(db, key, owner, step), signal),
  };
}

/** Tries again for as long as the signal lets it, while what it needs is away. */
export async function durably<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const options = {
    attempts: Number.POSITIVE_INFINITY,
    baseMs: 50,
    maxMs: 2_000,
    retryable: (error: unknown) => error instanceof ChatError && error.retryable,
  };
  return await retry(work, options, signal);
}
