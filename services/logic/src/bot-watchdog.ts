import type { Database } from "@resonance/db";
import { ChatError, type Logger, startRepeating } from "@resonance/kit";
import { answerIdOf, type Language } from "@resonance/mq-proto";
import { msgIdAtMs } from "./ids.ts";
import type { MessageStore } from "./message-store.ts";
import { type AbandonedRun, endRun, listAbandonedRuns } from "./sql/bot-runs.ts";
import { listBots } from "./sql/users.ts";

export type WatchdogDeps = {
  readonly db: Database;
  readonly messageStore: Pick<MessageStore, "store">;
  /** How long a question may wait that nobody has begun with. */
  readonly deadlineMs: number;
  readonly log: Logger;
};

const lookEveryMs = 5_000;
const atOnce = 100;
// Between the clocks of the Logics, which are in the ids, and the database's, which decides.
const clocksDifferMs = 60_000;

/**
 * Answers questions to bots whose time is over and that no worker is left to answer, with a plain
 * sentence, from now on until disposed. As long as one worker of the bot lives, they are its own.
 */
export function startBotWatchdog(deps: WatchdogDeps): AsyncDisposable {
  const failure = "cannot look after abandoned questions; it is tried again";
  return startRepeating({ everyMs: lookEveryMs, log: deps.log, failure }, () =>
    answerAbandoned(deps),
  );
}

/**
 * One look. The answer has the client id that a worker's would have: several Logics, and a worker
 * that comes back meanwhile, store one of them.
 */
export async function answerAbandoned(deps: WatchdogDeps): Promise<number> {
  const { db, deadlineMs, log } = deps;
  const runs = await listAbandonedRuns(db, {
    bots: await listBots(db),
    beforeMsgId: msgIdAtMs(Date.now() - deadlineMs + clocksDifferMs),
    deadlineMs,
    limit: atOnce,
  });
  for (const run of runs) {
    const correlationId = run.msgId.toString(16).slice(-8);
    const state = await storeOnce(deps, run, abandonedText(run.language, correlationId));
    await endRun(db, run, { state, failure: "no_worker", correlationId });
    log.error({ msgId: run.msgId.toString(), state, correlationId }, "no worker ended this run");
  }
  return runs.length;
}

/** Says whether a worker had answered before it died. */
async function storeOnce(
  deps: WatchdogDeps,
  run: AbandonedRun,
  content: string,
): Promise<"failed" | "answered"> {
  try {
    await deps.messageStore.store({
      sessionId: run.sessionId,
      sender: run.bot,
      content,
      type: "text",
      clientMsgId: answerIdOf(run.msgId),
      clientChoseId: true,
    });
  } catch (error) {
    if (!(error instanceof ChatError) || error.retryable || error.code === "internal") throw error;
    if (error.reason === "client_msg_id_conflict") return "answered";
    deps.log.warn({ err: error, msgId: run.msgId.toString() }, "nobody can be told any more");
  }
  return "failed";
}

function abandonedText(language: Language, correlationId: string): string {
  return language === "zh"
    ? `抱歉，这个问题没有得到回答：运维助手没有在运行，或者中途停止了。请稍后再问一次；如果还不行，请联系管理员。（编号 ${correlationId}）`
    : `Sorry, this question was not answered: the bot is not running, or stopped on the way. Please ask again in a while; if that does not help, tell an administrator. (reference ${correlationId})`;
}
