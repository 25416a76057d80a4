import type { Queryable } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import type { BotEvent, SessionId, Username } from "@resonance/mq-proto";
import type { BotMetrics } from "./metrics.ts";
import type { Progress } from "./progress.ts";
import { onIt } from "./progress-text.ts";
import { runOfEvent } from "./question.ts";
import type { Run } from "./runs/run.ts";
import { ensureRun } from "./sql/runs.ts";

export type NoticeDeps = {
  readonly db: Queryable;
  /** The bot's own name. */
  readonly me: Username;
  readonly progress: Progress;
  readonly metrics: BotMetrics;
  /** Has a run worked on at once where that is possible. Says whether it is. */
  readonly take: (run: Run) => Promise<boolean>;
  /** Has runs of a session looked for. */
  readonly wake: (sessionId: SessionId) => void;
  readonly log: Logger;
};

/**
 * Takes note of a question. The event only says that it is worth looking now: the run's row is
 * what the question is answered by, so a second event for it changes nothing.
 */
export async function notice(deps: NoticeDeps, event: BotEvent): Promise<void> {
  const run = readRun(deps, event);
  if (!run) return deps.metrics.count("ignored");
  if (await deps.take(run)) return;
  const state = await ensureRun(deps.db, run);
  if (state !== "queued" && state !== "running") return deps.metrics.count("repeated");
  if (state === "queued") deps.progress.tell(run, onIt(run.language));
  deps.wake(run.sessionId);
}

function readRun(deps: NoticeDeps, event: BotEvent): Run | undefined {
  try {
    return runOfEvent(deps.me, event);
  } catch (error) {
    // It will be as malformed the next time.
    deps.log.error({ err: error, msgId: event.msgId.toString() }, "event cannot be a question");
    return undefined;
  }
}
