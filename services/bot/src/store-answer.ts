import { ChatError, type Logger, retry } from "@resonance/kit";
import { answerIdOf, type ErrorReason, isErrorReason } from "@resonance/mq-proto";
import type { ChatService } from "@resonance/mq-proto/logic";
import type { RpcClient } from "@resonance/rpc";
import type { Run } from "./runs/run.ts";

export type StoreDeps = {
  readonly chat: Pick<RpcClient<typeof ChatService>, "sendMessage">;
  readonly log: Logger;
};

/** `repeated`: an answer was stored before. `refused`: there will never be one. */
export type Stored = "stored" | "repeated" | "refused";

const backoff = { baseMs: 100, maxMs: 5_000 };
// Logic says these in its response when the fault is its own, and not the message's.
const passing: readonly ErrorReason[] = ["busy", "timed_out", "unavailable", "internal"];

/** Sends an answer: one is stored, however often it is sent, and in whatever words. */
export async function storeAnswer(
  deps: StoreDeps,
  { msgId, sessionId, bot }: Pick<Run, "msgId" | "sessionId" | "bot">,
  content: string,
  signal: AbortSignal,
): Promise<Stored> {
  const clientMsgId = answerIdOf(msgId);
  return await sendAsBot(deps, { sessionId, bot, clientMsgId, content }, signal);
}

/**
 * Says something as the bot through Logic, for as long as Logic is away. Sending it twice under its
 * client id stores one message, and another text under it is not stored.
 *
 * @throws the signal's reason, or a ChatError that no retry helps.
 */
export async function sendAsBot(
  deps: StoreDeps,
  message: {
    readonly sessionId: string;
    readonly bot: string;
    readonly clientMsgId: string;
    readonly content: string;
  },
  signal: AbortSignal,
): Promise<Stored> {
  const { sessionId, bot, clientMsgId, content } = message;
  const request = { sessionId, fromUsername: bot, content, type: "text", clientMsgId };
  const send = async (attempt: number): Promise<Stored> => {
    const response = await deps.chat.sendMessage(request, signal);
    if (response.error === "") return "stored";
    const reason = isErrorReason(response.errorReason) ? response.errorReason : "internal";
    // An earlier delivery of this question was answered, in other words.
    if (reason === "client_msg_id_conflict") return "repeated";
    if (passing.includes(reason)) throw new ChatError("unavailable", response.error, { reason });
    deps.log.error({ attempt, reason, clientMsgId }, "message of the bot is refused");
    return "refused";
  };
  const options = {
    ...backoff,
    attempts: Number.POSITIVE_INFINITY,
    retryable: (error: unknown) => {
      const isRetryable = error instanceof ChatError && error.retryable;
      if (isRetryable && !signal.aborted) {
        deps.log.warn({ err: error, clientMsgId }, "message of the bot waits for Logic");
      }
      return isRetryable;
    },
  };
  return await retry(send, options, signal);
}
