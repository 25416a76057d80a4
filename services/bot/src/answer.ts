import { randomBytes } from "node:crypto";
import type { Logger } from "@resonance/kit";
import type { BotEvent, MsgId, Username } from "@resonance/mq-proto";
import { redactText } from "@resonance/ops-mcp";
import type { Answered } from "./answered.ts";
import type { BrainPort } from "./brain/model-port.ts";
import { isCommand } from "./brain/offline/commands.ts";
import { commandBrain } from "./commands/command-brain.ts";
import { earlierQuestions } from "./context/earlier-questions.ts";
import { type HistoryDeps, readHistory } from "./context/read-history.ts";
import { failureText } from "./failure-text.ts";
import { fitAnswer } from "./fit-answer.ts";
import { refuseWrite } from "./loop/answer-call.ts";
import { MemoryStepLog } from "./loop/memory-step-log.ts";
import { type Activity, type LoopDeps, runLoop } from "./loop/run-loop.ts";
import { Speech } from "./loop/speech.ts";
import type { BotMetrics } from "./metrics.ts";
import { describeCall, onIt, thinking } from "./progress-text.ts";
import { parseQuestion, type Question, shouldAnswer } from "./question.ts";
import type { Slots } from "./slots.ts";
import { type StoreDeps, storeAnswer } from "./store-answer.ts";
import type { ToolSource } from "./tools/tool-source.ts";

export type AnswerDeps = StoreDeps &
  HistoryDeps & {
    /** The bot's own name. */
    readonly me: Username;
    readonly brain: BrainPort;
    readonly tools: ToolSource;
    /** Tells the session what is being done; may be lost. */
    readonly publishProgress: (question: Question, text: string) => void;
    readonly slots: Slots;
    readonly answered: Answered;
    readonly metrics: BotMetrics;
    readonly deadlineMs: number;
    readonly log: Logger;
  };

/**
 * Answers one question. Resolves when nothing is left to do for this event: the answer is stored,
 * or there is none to give. Called twice for one question, one answer is stored.
 *
 * @throws the signal's reason when the process stops before the answer is stored, and a ChatError
 * when Logic fails for good: the event has to come again.
 */
export async function answer(
  deps: AnswerDeps,
  event: BotEvent,
  signal: AbortSignal,
): Promise<void> {
  const question = readQuestion(deps, event);
  if (!question) return deps.metrics.count("ignored");
  if (deps.answered.has(question.msgId)) return deps.metrics.count("repeated");

  const started = performance.now();
  deps.publishProgress(question, onIt(question.language));
  using _slot = await deps.slots.take(signal);
  const thought = await think(deps, question, signal);

  const content = fitAnswer(redactText(thought.text), question.language);
  const stored = await storeAnswer(deps, question, content, signal);
  deps.answered.add(question.msgId);
  deps.metrics.count(stored === "stored" ? thought.outcome : stored);
  deps.metrics.observeSeconds((performance.now() - started) / 1_000);
  deps.log.info({ msgId: question.msgId.toString(), outcome: thought.outcome, stored }, "answered");
}

/** The question, or undefined when it is not this bot's to answer. */
function readQuestion(deps: AnswerDeps, event: BotEvent): Question | undefined {
  try {
    const question = parseQuestion(event);
    return shouldAnswer(deps.me, question, event.messageType) ? question : undefined;
  } catch (error) {
    // It will be as malformed the next time.
    deps.log.error({ err: error, msgId: event.msgId.toString() }, "event cannot be a question");
    return undefined;
  }
}

type Thought = { readonly text: string; readonly outcome: "answered" | "failed" };

/** Never throws but for a process that stops: every question gets an answer. */
async function think(deps: AnswerDeps, asked: Question, signal: AbortSignal): Promise<Thought> {
  const deadline = AbortSignal.timeout(deps.deadlineMs);
  const limited = AbortSignal.any([signal, deadline]);
  try {
    const question = { ...asked, earlier: await readEarlier(deps, asked, limited) };
    const loop: LoopDeps = {
      ...deps,
      brain: isCommand(question.text) ? commandBrain : deps.brain,
      steps: new MemoryStepLog(),
      speech: new Speech(),
      report: (activity) => reportActivity(deps, question, activity),
      onWrite: refuseWrite,
      toolTimeoutMs,
      fitMessages: ({ before, since }) => [
        ...before,
        { role: "user", text: question.text },
        ...since,
      ],
      redaction: { text: redactText, json: (value) => value },
      storeArtifact: async () => "-",
    };
    const { text } = await runLoop(loop, { question, system: "", before: [] }, limited);
    return { text, outcome: "answered" };
  } catch (error) {
    signal.throwIfAborted();
    const correlationId = randomBytes(4).toString("hex");
    const failure = deadline.aborted ? "timed_out" : "failed";
    logFailure(deps, asked.msgId, { error, failure, correlationId });
    const details = { correlationId, deadlineMs: deps.deadlineMs };
    return { text: failureText(failure, asked.language, details), outcome: "failed" };
  }
}

const toolTimeoutMs = 30_000;

function reportActivity(deps: AnswerDeps, question: Question, activity: Activity): void {
  if (activity.kind === "calling") {
    deps.publishProgress(question, describeCall(activity.call, question.language));
  } else if (deps.brain.name !== "offline") {
    deps.publishProgress(question, thinking(question.language));
  }
}

const contextMessages = 10;

async function readEarlier(
  deps: AnswerDeps,
  question: Question,
  signal: AbortSignal,
): Promise<Question["earlier"]> {
  const { sessionId, bot, msgId, seqId } = question;
  const wanted = { sessionId, bot, msgId, seqId, before: contextMessages };
  const { before } = await readHistory(deps, wanted, signal);
  return earlierQuestions(before, question);
}

function logFailure(
  deps: AnswerDeps,
  msgId: MsgId,
  what: { error: unknown; failure: string; correlationId: string },
): void {
  const { error, failure, correlationId } = what;
  deps.log.error(
    { err: error, msgId: msgId.toString(), failure, correlationId },
    "no answer found",
  );
}
