import type { BrainStep } from "../brain/model-port.ts";
import type { ToolCall, ToolOutcome } from "../tools/tool-source.ts";

/** What the brain said at one step, and which tools it asked for. */
export type ModelStep = Pick<BrainStep, "text" | "toolCalls" | "finish" | "usage"> & {
  readonly kind: "model";
  /** From 1, over both kinds. */
  readonly number: number;
  /** Which model said it; empty for rules. */
  readonly model: string;
  readonly durationMs: number;
};

/** A call that the step of the brain before it asked for. */
export type ToolStep = {
  readonly kind: "tool";
  readonly number: number;
  readonly call: ToolCall;
  /** Absent while the call runs, and after a crash in the middle of it. */
  readonly result?: ToolStepResult;
};

/** As much of a call's id as the record of its tool step keeps. */
export const keptIdLength = 128;

export type ToolStepResult = Pick<ToolOutcome, "outcome" | "data"> & {
  /** Redacted and cut to what a brain is given. */
  readonly text: string;
  /** Where the whole text is, if it was cut. */
  readonly artifactId?: string;
  readonly durationMs: number;
};

export type Step = ModelStep | ToolStep;

/**
 * The record of one run's steps, from which another process can go on. Each function resolves when
 * it is durable, and rejects once the run is another worker's. A step of the brain that asks for no
 * tools is the run's answer: it is durable before that is sent, and may be kept until then.
 */
export type StepLog = {
  /** In the order of their numbers. */
  load(signal: AbortSignal): Promise<readonly Step[]>;
  addModelStep(step: ModelStep, signal: AbortSignal): Promise<void>;
  /** Before the call is made. Called again for a call that a crash interrupted. */
  startToolStep(step: ToolStep, signal: AbortSignal): Promise<void>;
  finishToolStep(step: Required<ToolStep>, signal: AbortSignal): Promise<void>;
};
