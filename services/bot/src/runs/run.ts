import type { MsgId, SessionId, Username } from "@resonance/mq-proto";
import type { Language } from "../language.ts";

/** One bot's work on one question. */
export type RunKey = { readonly msgId: MsgId; readonly bot: Username };

export type Run = RunKey & {
  readonly sessionId: SessionId;
  readonly seqId: bigint;
  readonly requester: Username;
  readonly language: Language;
  /** Such as `/cancel`; empty for what is no command. */
  readonly command: string;
};

/**
 * `queued` → `running` → one of the others, which are final. A run that is `running` without a
 * valid lease is as free as a queued one: its worker died, and whoever claims it goes on from its
 * steps.
 */
export type RunState = "queued" | "running" | FinalState;

/**
 * `answered` and `failed` have an answer in the chat, `cancelled` has one that says so. `ignored`
 * has none: the question is gone, or was not for a bot to answer.
 */
export type FinalState = "answered" | "failed" | "cancelled" | "ignored";

export type ClaimedRun = Run & {
  /** From 1: how many workers have had it, this one included. */
  readonly attempts: number;
  /** Until the deadline; not above 0 when it has passed. */
  readonly remainingMs: number;
  /** Whether a worker before this one got so far that a step is stored. */
  readonly hasSteps: boolean;
  /** Whether a question of its session, which is no command, had no answer yet when it was asked. */
  readonly hasWaited: boolean;
  /** Whether the asker wants it stopped. */
  readonly isCancelled: boolean;
};

/** What becomes of a claimed run while somebody works on it. */
export type RunSignals = {
  /** Resolves when the claim is durable: nothing is asked or stored before. Rejects with RunStopped. */
  readonly claimed: Promise<void>;
  /** The run is not this worker's any more, or will not be. */
  readonly stop: AbortSignal;
  /** The asker does not want the answer any more. */
  readonly cancel: AbortSignal;
};
