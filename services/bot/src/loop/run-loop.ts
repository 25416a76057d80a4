import { failpoint } from "@resonance/kit";
import {
  BrainError,
  type BrainMessage,
  type BrainPort,
  type BrainStep,
  type Usage,
} from "../brain/model-port.ts";
import type { Question } from "../question.ts";
import type { ToolCall } from "../tools/tool-source.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { answerCall, type CallDeps } from "./answer-call.ts";
import { type KeepDeps, keepResult } from "./keep-result.ts";
import type { LostTokens } from "./lost-tokens.ts";
import type { Speech } from "./speech.ts";
import type { ModelStep, StepLog, ToolStepResult } from "./steps.ts";
import { Transcript } from "./transcript.ts";

export type LoopDeps = CallDeps &
  KeepDeps & {
    readonly brain: BrainPort;
    readonly steps: StepLog;
    /** What the brain is saying, for the case that it does not come to an end. */
    readonly speech: Speech;
    readonly lost: LostTokens;
    /** Tells the asker what is being done. */
    readonly report: (activity: Activity) => void;
    /** The messages for the brain: the question in its context, and what came since. */
    readonly messages: (
      since: readonly BrainMessage[],
      isTight: boolean,
    ) => readonly BrainMessage[];
  };

export type Activity =
  | { readonly kind: "thinking" }
  | { readonly kind: "calling"; readonly call: ToolCall };

export type LoopRequest = { readonly question: Question; readonly system: string };

export const maxModelSteps = 20;
const maxOutputTokens = 4_096;

/**
 * Alternates brain and tools until the brain has an answer. Every step is stored before the next:
 * called again after a crash it goes on from them, asks the brain nothing twice, and repeats at
 * most the reading calls that were interrupted. After 20 steps the brain has no tools any more, so
 * that an answer comes.
 *
 * @throws BrainError when the brain gives none, or the reason of the signal
 */
export async function runLoop(
  deps: LoopDeps,
  request: LoopRequest,
  signal: AbortSignal,
): Promise<BrainStep> {
  const transcript = new Transcript(await deps.steps.load(signal));
  for (;;) {
    if (transcript.answer) return transcript.answer;
    await answerCalls(deps, request.question, transcript, signal);
    const isLast = transcript.modelSteps >= maxModelSteps;
    transcript.add(await think(deps, request, transcript, isLast, signal));
  }
}

/** Makes the open calls of the last step side by side. */
async function answerCalls(
  deps: LoopDeps,
  question: Question,
  transcript: Transcript,
  signal: AbortSignal,
): Promise<void> {
  const open = transcript.openCalls().map(({ call, number, isOneTooMany }) => ({
    call,
    number: number ?? transcript.nextNumber(),
    isOneTooMany,
    isRepeated: !isOneTooMany && transcript.isRepeated(call),
  }));
  await Promise.all(
    open.map(async (one) => {
      transcript.setResult(one.call, await answerOpenCall(deps, question, one, signal));
    }),
  );
}

/** One call between its two places in the record. */
async function answerOpenCall(
  deps: LoopDeps,
  question: Question,
  open: {
    readonly call: ToolCall;
    readonly number: number;
    readonly isOneTooMany: boolean;
    readonly isRepeated: boolean;
  },
  signal: AbortSignal,
): Promise<ToolStepResult> {
  const { call, number, isOneTooMany, isRepeated } = open;
  const step = { kind: "tool", number, call } as const;
  await deps.steps.startToolStep(step, signal);
  deps.report({ kind: "calling", call });
  const started = performance.now();
  const context = {
    requester: question.from,
    sessionId: question.sessionId,
    msgId: question.msgId,
    asked: [...question.earlier.map(({ text }) => text), question.text].join("\n"),
    language: question.language,
    nowMs: question.askedUntilMs,
    isOneTooMany,
    isRepeated,
  };
  failpoint("bot.before_tool");
  const answered = answerCall(deps, call, context, signal);
  failpoint("bot.amid_tool");
  const outcome = await answered;
  failpoint("bot.after_tool");
  const kept = await keepResult(deps, call, outcome, signal);
  const result = { ...kept, durationMs: Math.round(performance.now() - started) };
  await deps.steps.finishToolStep({ ...step, result }, signal);
  return result;
}

/** One step of the brain, handed to the record. */
async function think(
  deps: LoopDeps,
  request: LoopRequest,
  transcript: Transcript,
  isLast: boolean,
  signal: AbortSignal,
): Promise<ModelStep> {
  deps.report({ kind: "thinking" });
  failpoint("bot.before_first_token");
  const started = performance.now();
  const given = await ask(deps, request, { since: transcript.messages(), isLast }, signal);
  const step = isLast ? withoutCalls(given) : given;
  const unfit = whyUnfit(step);
  if (unfit) {
    deps.lost.add(step.usage);
    throw unfit;
  }
  const { toolCalls, finish, usage } = step;
  const stored: ModelStep = {
    kind: "model",
    number: transcript.nextNumber(),
    model: step.saidBy?.model ?? deps.brain.model,
    text: deps.redaction.text(step.text),
    toolCalls,
    finish,
    usage,
    durationMs: Math.round(performance.now() - started),
  };
  await deps.steps.addModelStep(stored, signal);
  return stored;
}

/** Asks the brain, and once more with half of it where that is too long for it. */
async function ask(
  deps: LoopDeps,
  { question, system }: LoopRequest,
  { since, isLast }: { readonly since: readonly BrainMessage[]; readonly isLast: boolean },
  signal: AbortSignal,
): Promise<BrainStep> {
  const next = (isTight: boolean) => {
    deps.speech.begin();
    const asked = {
      system: isLast ? `${system}\n\n${noMoreTools}` : system,
      question,
      messages: deps.messages(since, isTight),
      tools: isLast ? [] : deps.tools.definitions(),
      maxOutputTokens,
      onText: (delta: string) => deps.speech.add(delta),
      onRestart: () => deps.speech.begin(),
      onLost: (usage: Usage) => deps.lost.add(usage),
    };
    return unlessAborted(deps.brain.next(asked, signal), signal);
  };
  return await next(false).catch((error: unknown) => {
    // Once: a brain that finds half of it too long will not like a quarter.
    if (error instanceof BrainError && error.kind === "too_long") return next(true);
    throw error;
  });
}

const noMoreTools =
  "The tools are used up. Answer now, from what is known, and say what could not be looked at.";

function withoutCalls(step: BrainStep): BrainStep {
  return { ...step, toolCalls: [], finish: step.finish === "tool_calls" ? "answer" : step.finish };
}

/** Why a step is no step to go on with, or undefined. */
function whyUnfit(step: BrainStep): BrainError | undefined {
  if (step.finish === "refused") {
    return new BrainError("refused", "the brain refused", { partialText: step.text });
  }
  if (step.toolCalls.length === 0 && step.text.trim() === "") {
    return new BrainError("failed", "the brain said nothing");
  }
  return undefined;
}
