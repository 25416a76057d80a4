import type { Database } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import { type BoundaryDeps, behindBoundary } from "./boundary/boundary.ts";
import type { BrainPort } from "./brain/model-port.ts";
import { commandBrain } from "./commands/command-brain.ts";
import { type ControlDeps, controlCommands } from "./commands/control-commands.ts";
import { earlierQuestions } from "./context/earlier-questions.ts";
import { messagesFor } from "./context/messages-for.ts";
import { mergeNames, namesIn } from "./context/names.ts";
import { openProposalsNote } from "./context/open-proposals.ts";
import type { Situation, SituationDeps } from "./context/read-situation.ts";
import { systemPrompt } from "./context/system-prompt.ts";
import type { Language } from "./language.ts";
import type { OnWrite, Permit } from "./loop/answer-call.ts";
import type { Redaction } from "./loop/keep-result.ts";
import type { LostTokens } from "./loop/lost-tokens.ts";
import { type Activity, runLoop } from "./loop/run-loop.ts";
import type { Speech } from "./loop/speech.ts";
import type { ModelStep } from "./loop/steps.ts";
import type { BotMetrics } from "./metrics.ts";
import { withBudget } from "./permission/budget.ts";
import type { Progress } from "./progress.ts";
import { describeCall, thinking } from "./progress-text.ts";
import { mayAsk, type Question, questionOfRun } from "./question.ts";
import type { ClaimedRun } from "./runs/run.ts";
import type { RunSteps } from "./runs/run-step-log.ts";
import { sourceInHouse } from "./tools/source-in-house.ts";
import { storeArtifact } from "./tools/store-artifact.ts";
import type { ToolSource } from "./tools/tool-source.ts";

export type ConcludeDeps = SituationDeps &
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
    /** What the brain's window holds, the answer included. */
    readonly contextTokens: number;
    readonly log: Logger;
  };

export type Concluding = {
  readonly situation: Situation;
  readonly steps: RunSteps;
  readonly speech: Speech;
  readonly lost: LostTokens;
};

export type Conclusion =
  | {
      readonly kind: "answer";
      readonly text: string;
      /** What is known to be named in the session from now on, where that changes. */
      readonly named?: readonly string[] | undefined;
    }
  /** The question is gone, or is none that a bot answers. */
  | { readonly kind: "ignored" };

/**
 * From a claimed run to what to say: a command is done by code, everything else by the brain and
 * its tools.
 *
 * @throws BrainError, the reason of the signal, or whatever else keeps it from an answer
 */
export async function conclude(
  deps: ConcludeDeps,
  run: ClaimedRun,
  { situation, steps, speech, lost }: Concluding,
  signal: AbortSignal,
): Promise<Conclusion> {
  const { history, context, chosen } = situation;
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
  const { named } = context;
  const note = openProposalsNote(situation.openProposals);
  const tools = chosen.policy === "local" ? sourceInHouse(deps.tools) : deps.tools;
  const messages = messagesFor({ ...deps, tools }, { question, system, before, named, note });
  const loop = {
    ...deps,
    brain,
    tools,
    speech,
    lost,
    messages,
    steps,
    report: (activity: Activity) => report(deps.progress, brain, question, activity),
    storeArtifact: (tool: string, text: string, until: AbortSignal) =>
      storeArtifact(deps.db, run, { tool, text }, until),
  };
  const step = await runLoop(loop, { question, system }, signal);
  // A quoted password is no name to be kept.
  const names = namesIn(deps.redaction.text(question.text));
  return {
    kind: "answer",
    named: names.length === 0 ? undefined : mergeNames(named, names),
    text: answerText(step, run.language),
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

/** What a brain's last step says; one that was cut off says so. */
export function answerText(
  { text, finish }: Pick<ModelStep, "text" | "finish">,
  language: Language,
): string {
  if (finish !== "length") return text;
  const note =
    language === "zh"
      ? "_（回答太长，到这里被截断了）_"
      : "_(the answer was cut here: it is too long)_";
  return `${text.trimEnd()} …\n\n${note}`;
}
