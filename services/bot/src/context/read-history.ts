import type { MsgId, SessionId, Username } from "@resonance/mq-proto";
import type { PushMessage } from "@resonance/mq-proto/gateway";
import type { SessionService } from "@resonance/mq-proto/logic";
import type { RpcClient } from "@resonance/rpc";

export type HistoryDeps = {
  readonly sessions: Pick<RpcClient<typeof SessionService>, "getHistoryMessages">;
};

export type HistoryWanted = {
  readonly bot: Username;
  readonly sessionId: SessionId;
  /** The question. */
  readonly msgId: MsgId;
  /** 0 where nobody knows it. */
  readonly seqId: bigint;
  /** How many messages before the question. */
  readonly before: number;
};

export type History = {
  /** Undefined when it is not there any more. */
  readonly question: PushMessage | undefined;
  /** Oldest first. */
  readonly before: readonly PushMessage[];
};

const pageMessages = 100;

/** Reads the question and what was said before it, as the bot may read it: through Logic. */
export async function readHistory(
  deps: HistoryDeps,
  wanted: HistoryWanted,
  signal: AbortSignal,
): Promise<History> {
  const found: PushMessage[] = [];
  let beforeSeq = wanted.seqId === 0n ? 0n : wanted.seqId + 1n;
  let missing = wanted.before + 1;
  while (missing > 0) {
    const limit = Math.min(pageMessages, missing);
    const { messages } = await deps.sessions.getHistoryMessages(
      {
        username: wanted.bot,
        sessionId: wanted.sessionId,
        limit: BigInt(limit),
        beforeSeq,
      },
      signal,
    );
    found.unshift(...messages);
    const first = messages[0];
    if (!first || messages.length < limit) break;
    beforeSeq = first.seqId;
    missing -= messages.length;
  }
  const at = found.findIndex(({ msgId }) => msgId === wanted.msgId);
  if (at < 0) return { question: undefined, before: [] };
  return { question: found[at], before: found.slice(0, at) };
}
