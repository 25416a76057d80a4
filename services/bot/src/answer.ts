import { randomBytes } from "node:crypto";
import type { Database } from "@resonance/db";
import { failpoint, type Logger, type Tracing } from "@resonance/kit";
import { storedAtMs, withoutMention } from "@resonance/mq-proto";
import type { ChosenBrain } from "./boundary/boundary.ts";
import { BrainError, type BrainName, type BrainPort } from "./brain/model-port.ts";
import { commandBrain } from "./commands/command-brain.ts";
import { answerText, type ConcludeDeps, type Conclusion, conclude } from "./conclude.ts";
import type { History } from "./context/read-history.ts";
import { readSituation } from "./context/read-situation.ts";
import { durably } from "./durably.ts";
import { type Failure, failureText, withPartialText } from "./failure-text.ts";
import { LostTokens } from "./loop/lost-tokens.ts";
import { Speech } from "./loop/speech.ts";
import type { Step } from "./loop/steps.ts";
import type { BotMetrics } from "./metrics.ts";
import { openJoinedSignal } from "./open-joined-signal.ts";
import { onIt } from "./progress-text.ts";
import { putOnRecord, type RecordDeps } from "./put-on-record.ts";
import { presentAnswer } from "./render/present-answer.ts";
import { quoteQuestion } from "./render/quote-question.ts";
import type { ClaimedRun, RunSignals } from "./runs/run.ts";
import { openStepLog } from "./runs/run-step-log.ts";
import { RunStopped } from "./runs/stop-reasons.ts";
import { type Ending, finishRun } from "./sql/runs.ts";
import { type StoreDeps, storeAnswer } from "./store-answer.ts";

export type AnswerDeps = ConcludeDeps &
  RecordDeps &
  StoreDeps & {
    readonly db: Database;
    readonly metrics: BotMetrics;
    readonly tracing?: Tracing | undefined;
    readonly deadlineMs: number;
    readonly log: Logger;
  };

// A question that kills whoever works on it is not given to a sixth.
const mostAttempts = 5;

/**
 * Answers one claimed question: reads it, has it thought about, and sends the answer through Logic.
 * Resolves when the run is finished. Whatever goes wrong on the way ends in plain words in the
 * chat; only a run that somebody else is to go on with rejects.
 *
 * @throws the reason of `stop`, or a ChatError when Logic fails for good
 */
export async function answer(
  deps: AnswerDeps,
  run: ClaimedRun,
  owner: string,
  { claimed, stop, cancel }: RunSignals,
): Promise<void> {
  const started = performance.now();
  const startMs = Date.now();
  if (run.attempts === 1) deps.metrics.queued(Math.max(0, startMs - storedAtMs(run.msgId)) / 1_000);
  deps.progress.tell(run, onIt(run.language));
  using deadline = deadlineOf(run);
  using joined = openJoinedSignal(stop, cancel, deadline.signal);
  const speech = new Speech(() => failpoint("bot.after_first_token"));
  const lost = new LostTokens();
  const steps = openStepLog(deps.db, run, { owner, redact: deps.redaction.json });
  let chosen: ChosenBrain = { brain: deps.brains.any, policy: deps.defaultPolicy };
  let { language } = run;
  let quote = "";
  let end: End;
  try {
    if (run.attempts > mostAttempts) throw new Error(`given up after ${mostAttempts} attempts`);
    const [situation] = await Promise.all([readSituation(deps, run, joined.signal), claimed]);
    chosen = situation.chosen;
    language = situation.language;
    quote = quoteOf(deps, run, situation.history);
    const spoken = { ...run, language };
    end = endOf(await conclude(deps, spoken, { situation, steps, speech, lost }, joined.signal));
  } catch (error) {
    // What is not committed cannot be given back.
    await claimed;
    stop.throwIfAborted();
    if (error instanceof RunStopped && error.kind === "lease_lost") throw error;
    const spoken = { ...run, language };
    const ended = { error, speech, cancel, deadline: deadline.signal };
    end = lateEnd(await steps.load(stop), spoken, ended) ?? failedEnd(deps, spoken, ended);
  }
  const brain =
    run.command === "" ? whoAnswered(chosen.brain, await steps.load(stop)) : commandBrain;
  if (end.text !== undefined) {
    failpoint("bot.before_answer");
    const content = presentAnswer(quote + deps.redaction.text(end.text), language);
    const record = { ...end, owner, brain, steps, text: content };
    await putOnRecord(deps, run, record, stop);
    failpoint("bot.after_record");
    const sendingMs = Date.now();
    const stored = await storeAnswer(deps, run, content, stop);
    deps.tracing?.record({
      traceOf: run.msgId,
      name: "bot.answer",
      key: "answer",
      parent: "run",
      kind: "client",
      startMs: sendingMs,
      attributes: { "resonance.outcome": stored },
    });
    failpoint("bot.after_answer");
    if (stored === "refused") end = { ...end, state: "failed", failure: "not_taken" };
  }
  await durably(
    () =>
      finishRun(deps.db, run, owner, {
        ...end,
        brain: brain.name,
        model: brain.model,
        lost: lost.usage,
      }),
    stop,
  );
  deps.progress.end(run.msgId);
  deps.metrics.count(end.state);
  if (end.failure !== undefined) deps.metrics.failed(end.failure);
  if (deps.tracing) recordRun(deps.tracing, run, { startMs, end });
  deps.metrics.observeSeconds((performance.now() - started) / 1_000);
  deps.log.info(
    { msgId: run.msgId.toString(), state: end.state, failure: end.failure },
    "run ended",
  );
}

/**
 * The question, where its answer comes below that of another: nothing else in the contract says
 * what an answer answers. An answer to a command says so in its own words.
 */
function quoteOf(
  { redaction }: Pick<AnswerDeps, "redaction">,
  { bot, command, hasWaited }: ClaimedRun,
  { question }: History,
): string {
  if (!question || !hasWaited || command !== "") return "";
  return quoteQuestion(redaction.text(withoutMention(question.content, bot)));
}

/** Who said the last of it: known from what is stored, also when another process heard it. */
function whoAnswered(brain: BrainPort, steps: readonly Step[]): BrainName {
  const last = steps.findLast((step) => step.kind === "model");
  const { fallback } = brain;
  return fallback && last?.model === fallback.model ? fallback : brain;
}

function recordRun(
  tracing: Tracing,
  run: ClaimedRun,
  { startMs, end }: { readonly startMs: number; readonly end: End },
): void {
  const traceOf = run.msgId;
  tracing.record({
    traceOf,
    name: "bot.queue",
    parent: "run",
    startMs: storedAtMs(run.msgId),
    endMs: startMs,
    attributes: {},
  });
  tracing.record({
    traceOf,
    name: "bot.run",
    key: "run",
    parent: "message",
    // The wait is part of it.
    startMs: Math.min(storedAtMs(run.msgId), startMs),
    attributes: {
      "resonance.is_command": run.command !== "",
      "resonance.attempts": run.attempts,
      "resonance.outcome": end.state,
    },
    failure: end.failure,
  });
}

type End = {
  readonly state: Ending["state"];
  readonly failure?: string;
  readonly correlationId?: string;
  readonly named?: readonly string[] | undefined;
  /** What the asker is told; undefined when nobody is to be told anything. */
  readonly text: string | undefined;
};

function endOf(conclusion: Conclusion): End {
  return conclusion.kind === "ignored"
    ? { state: "ignored", text: undefined }
    : { state: "answered", text: conclusion.text, named: conclusion.named };
}

type Ended = {
  readonly error: unknown;
  readonly speech: Speech;
  readonly cancel: AbortSignal;
  readonly deadline: AbortSignal;
};

/** The answer that a worker before this one has put on record, for a run whose time is over since. */
function lateEnd(steps: readonly Step[], run: ClaimedRun, what: Ended): End | undefined {
  const last = steps.at(-1);
  if (failureOf(what) !== "deadline" || run.attempts > mostAttempts) return undefined;
  if (last?.kind !== "model" || last.toolCalls.length > 0) return undefined;
  return { state: "answered", text: answerText(last, run.language) };
}

/** What the asker is told when something went wrong, and what the log is told. */
function failedEnd(deps: AnswerDeps, run: ClaimedRun, what: Ended): End {
  const { error } = what;
  const failure = failureOf(what);
  const correlationId = randomBytes(4).toString("hex");
  const facts = { msgId: run.msgId.toString(), failure, correlationId };
  if (failure === "cancelled") deps.log.info(facts, "the asker has stopped the run");
  else deps.log.error({ err: error, ...facts }, "no answer found");
  const said = error instanceof BrainError ? error.partialText : "";
  const details = { correlationId, deadlineMs: deps.deadlineMs };
  const sentence = failureText(failure, run.language, details);
  return {
    state: failure === "cancelled" ? "cancelled" : "failed",
    failure,
    correlationId,
    text: withPartialText(said || what.speech.text, sentence, run.language),
  };
}

function failureOf(what: Pick<Ended, "error" | "cancel" | "deadline">): Failure {
  if (what.cancel.aborted) return "cancelled";
  if (what.deadline.aborted) return "deadline";
  return what.error instanceof BrainError ? what.error.kind : "failed";
}

function deadlineOf({ remainingMs }: ClaimedRun): Disposable & { readonly signal: AbortSignal } {
  const passed = new AbortController();
  const pass = () => passed.abort(new RunStopped("timed_out"));
  // A crash may have left nothing of it.
  if (remainingMs <= 0) pass();
  const timer = setTimeout(pass, Math.max(0, remainingMs));
  return { signal: passed.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}
