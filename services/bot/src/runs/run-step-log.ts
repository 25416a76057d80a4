import type { Database } from "@resonance/db";
import { failpoint } from "@resonance/kit";
import { durably } from "../durably.ts";
import type { ModelStep, Step, StepLog } from "../loop/steps.ts";
import { holdsRun } from "../sql/runs.ts";
import { insertModelStep, insertToolStep, listSteps, updateToolStep } from "../sql/steps.ts";
import type { ToolCall } from "../tools/tool-source.ts";
import type { ClaimedRun } from "./run.ts";
import { RunStopped } from "./stop-reasons.ts";

export type Redact = <Value>(value: Value) => Value;

export type RunSteps = StepLog & {
  /** The run's answer, for as long as it has to be made durable with what is put on record. */
  readonly unstoredAnswer: () => ModelStep | undefined;
};

/**
 * The steps of a run that `owner` holds, in the database, and as they stand there in memory. While
 * the database is away they wait for it; once somebody else has the run they reject with
 * RunStopped.
 */
export function openStepLog(
  db: Database,
  run: ClaimedRun,
  { owner, redact }: { readonly owner: string; readonly redact: Redact },
): RunSteps {
  let steps: Map<number, Step> | undefined = run.hasSteps ? undefined : new Map();
  let unstoredAnswer: ModelStep | undefined;
  const redacted = (call: ToolCall): ToolCall => ({ ...call, input: redact(call.input) });
  const store = async (
    step: Step,
    write: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void> => {
    failpoint("bot.before_step");
    await durably(async () => {
      // Repeated after a lost connection it may change nothing, and be stored all the same.
      if (!(await write()) && !(await holdsRun(db, run, owner))) throw new RunStopped("lease_lost");
    }, signal);
    steps?.set(step.number, step);
    failpoint("bot.after_step");
  };
  return {
    async load(signal) {
      steps ??= new Map(
        (await durably(() => listSteps(db, run), signal)).map((step) => [step.number, step]),
      );
      return [...steps.values()].toSorted((one, other) => one.number - other.number);
    },
    async addModelStep(given, signal) {
      const step = { ...given, toolCalls: given.toolCalls.map(redacted) };
      if (step.toolCalls.length > 0) {
        await store(step, () => insertModelStep(db, run, owner, step), signal);
        return;
      }
      unstoredAnswer = step;
      steps?.set(step.number, step);
    },
    startToolStep(given, signal) {
      const step = { ...given, call: redacted(given.call) };
      return store(step, () => insertToolStep(db, run, owner, step), signal);
    },
    finishToolStep(given, signal) {
      const step = { ...given, call: redacted(given.call) };
      return store(step, () => updateToolStep(db, run, owner, step), signal);
    },
    unstoredAnswer: () => unstoredAnswer,
  };
}
