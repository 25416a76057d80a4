import type { Database } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import { type BoundaryDeps, behindBoundary, type ChosenBrain } from "./boundary/boundary.ts";
import type { BrainPort } from "./brain/model-port.ts";
import { commandBrain } from "./commands/command-brain.ts";
import { type ControlDeps, controlCommands } from "./commands/control-commands.ts";
import { earlierQuestions } from "./context/earlier-questions.ts";
import { messagesFor } from "./context/messages-for.ts";
import { mergeNames, namesIn } from "./context/names.ts";
import { type HistoryDeps, readHistory } from "./context/read-history.ts";
import { systemPrompt } from "./context/system-prompt.ts";
import type { Language } from "./language.ts";
import type { OnWrite, Permit } from "./loop/answer-call.ts";
import type { Redaction } from "./loop/keep-result.ts";
import { type Activity, runLoop } from "./loop/run-loop.ts";
import type { Speech } from "./loop/speech.ts";
import type { BotMetrics } from "./metrics.ts";
import { withBudget } from "./permission/budget.ts";
import type { Progress } from "./progress.ts";
import { describeCall, thinking } from "./progress-text.ts";
import { mayAsk, type Question, questionOfRun } from "./question.ts";
import type { ClaimedRun } from "./runs/run.ts";
import { durably, openStepLog } from "./runs/run-step-log.ts";
import { findContext, type SessionContext, saveNamed } from "./sql/contexts.ts";
import { storeArtifact } from "./tools/store-artifact.ts";
import type { ToolSource } from "./tools/tool-source.ts";

export type ConcludeDeps = HistoryDeps &
  ControlDeps &
  BoundaryDeps & {
    readonly db: Database;
    readonly metrics: BotMetrics;
    readonly tools: ToolSource;
    readonly permit: Permit;
    readonly onWrite: OnWrite;
    readonly redaction: Redaction;
    readonly progress: Progress;
    readonly toolTimeoutMs: number;
    /** How many messages before the question the brain is told of. */
    readonly contextMessages: number;
    /** What the brain's window holds, the answer included. */
    readonly contextTokens: number;
    readonly log: Logger;
  };

export type Concluding = {
  /** Whose lease it is. */
  readonly owner: string;
  readonly speech: Speech;
  readonly chosen: ChosenBrain;
};

export type Conclusion =
  | { readonly kind: "answer"; readonly text: string }
  /** The question is gone, or is none that a bot answers. */
  | { readonly kind: "ignored" };

/**
 * From a claimed run to what to say: the question and what was said before it come from Logic, a
 * command is done by code, everything else by the brain and its tools.
 *
 * @throws BrainError, the reason of the signal, or whatever else keeps it from an answer
 */
export async function conclude(
  deps: ConcludeDeps,
  run: ClaimedRun,
  { owner, speech, chosen }: Concluding,
  signal: AbortSignal,
): Promise<Conclusion> {
  const wanted = { ...run, before: deps.contextMessages };
  const [history, context] = await Promise.all([
    durably(() => readHistory(deps, wanted, signal), signal),
    durably(() => findContext(deps.db, run), signal),
  ]);
  if (!history.question || !mayAsk(run.bot, run.requester)) return { kind: "ignored" };
  const before = history.before.filter(({ seqId }) => seqId > context.clearedSeq);
  const question = questionOfRun(
    run,
    history.question.content,
    earlierQuestions(before, { ...run, from: run.requester }),
  );
  const control = controlCommands.get(run.command);
  if (control) return { kind: "answer", text: await control(deps, question, signal) };

  // Commands are no brain's business: they work whatever is the matter with the model.
  const brain =
    run.command === ""
      ? withBudget(behindBoundary(deps, run.sessionId, chosen), deps, run)
      : behindBoundary(deps, run.sessionId, { brain: commandBrain, policy: "local" });
  const system = systemPrompt(question);
  const messages = messagesFor(deps, { question, system, before, named: context.named });
  const loop = {
    ...deps,
    brain,
    speech,
    messages,
    steps: openStepLog(deps.db, run, { owner, model: brain.model, redact: deps.redaction.json }),
    report: (activity: Activity) => report(deps.progress, brain, question, activity),
    storeArtifact: (tool: string, text: string) =>
      storeArtifact(deps.db, run, { tool, text }, signal),
  };
  const step = await runLoop(loop, { question, system }, signal);
  // A quoted password is no name to be kept.
  const said = { ...question, text: deps.redaction.text(question.text) };
  await rememberNames(deps.db, said, context, signal);
  return {
    kind: "answer",
    text: step.finish === "length" ? cutOff(step.text, run.language) : step.text,
  };
}

function report(
  progress: Progress,
  brain: BrainPort,
  question: Question,
  activity: Activity,
): void {
  const { language } = question;
  if (activity.kind === "calling") progress.tell(question, describeCall(activity.call, language));
  // Rules take no time worth telling of.
  else if (brain.name !== "offline") progress.tell(question, thinking(language));
}

/** What the person named is known in the session from now on, however long it goes on. */
async function rememberNames(
  db: Database,
  question: Question,
  { named }: SessionContext,
  signal: AbortSignal,
): Promise<void> {
  const names = namesIn(question.text);
  if (names.length === 0) return;
  await durably(() => saveNamed(db, question, mergeNames(named, names)), signal);
}

function cutOff(text: string, language: Language): string {
  const note =
    language === "zh"
      ? "_（回答太长，到这里被截断了）_"
      : "_(the answer was cut here: it is too long)_";
  return `${text.trimEnd()} …\n\n${note}`;
}
