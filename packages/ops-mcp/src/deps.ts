import type { Logger } from "@resonance/kit";
import type { Backends } from "./backends/open-backends.ts";
import type { ReadSystemStatus } from "./im-status.ts";
import type { Sampler } from "./local/sampler.ts";

export type MessageCount = {
  readonly total: number;
  readonly fromPeople: number;
  readonly fromBots: number;
  readonly fromSystem: number;
  /** Totals of the equal parts of the window, oldest first. */
  readonly bucketTotals: readonly number[];
};

/** Counts messages stored in `[fromMs, untilMs)`, exactly. Throws while the store is away. */
export type CountMessages = (
  window: { readonly fromMs: number; readonly untilMs: number; readonly buckets: number },
  signal: AbortSignal,
) => Promise<MessageCount>;

/** What the tools work on. */
export type OpsDeps = {
  /** The stack on this machine; undefined where the process was not started as part of one. */
  readonly local: LocalBackend | undefined;
  /** What is looked at besides the local stack. */
  readonly backends: Backends;
  readonly countMessages: CountMessages;
  readonly readSystemStatus: ReadSystemStatus;
  /** The end of windows that name none: the time of the question. */
  readonly nowMs: () => number;
  /** IANA name; times are told in it besides UTC. */
  readonly timeZone: string;
  readonly log: Logger;
};

/** The stack that `npm start` runs on this machine. */
export type LocalBackend = {
  /** Path of `run/services.json`, read anew at every call. */
  readonly stackFile: string;
  readonly sampler: Sampler;
};
