import type { Pipeline } from "@resonance/db";
import { ChatError, failpoint } from "@resonance/kit";
import type { MsgId } from "@resonance/mq-proto";
import { GroupCommit } from "./group-commit.ts";
import type { Outbox } from "./outbox.ts";
import type { Draft, StoredIds } from "./send-message.ts";
import { prepareMessages } from "./store-messages.ts";

export type MessageStore = AsyncDisposable & {
  /** Settles after the commit, or with the refusal. */
  store(draft: Draft): Promise<StoredIds>;
};

/** How many batches are committed at once, and how many connections that takes. */
export const lanes = 4;

/**
 * Commits concurrent sends together and hands their events to the outbox. A batch is two round
 * trips to the database: what is known, and what is written with the commit.
 */
export function openMessageStore(deps: {
  pipeline: Pipeline;
  outbox: Outbox;
  nextMsgId: () => MsgId;
  nowMs: () => number;
}): MessageStore {
  const never = new AbortController().signal;
  const writer = new GroupCommit<Draft, StoredIds>({
    keyOf: (draft) => draft.sessionId,
    lanes,
    spareLaneAfterMs: 30,
    maxBatchItems: 64,
    // Of content, which stands in a batch's text up to five times: max_allowed_packet is 16 MiB.
    sizeOf: (draft) => draft.content.length,
    maxBatchSize: 256 * 1024,
    maxWaitingItems: 5_000,
    maxWaitingSize: 16 * 1024 ** 2,
    mayBeOneItem: (error) => isStatementError(error) || isLockedOut(error),
    async commit(drafts) {
      // A caller who gives up does not stop the transaction: its neighbours are in it.
      const { results, outbox } = await deps.pipeline.transaction(async (tx) => {
        const prepared = await prepareMessages(deps, tx, drafts);
        failpoint("logic.before_commit");
        await Promise.all([prepared.write(tx), tx.commit()]);
        return prepared;
      }, never);
      failpoint("logic.after_commit");
      deps.outbox.publish(outbox);
      return [...results];
    },
  });
  return {
    store: (draft) => writer.submit(draft),
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  };
}

/** An error of a statement, which one row may have caused; a lost connection is everybody's. */
function isStatementError(error: unknown): boolean {
  return (
    error instanceof Error && "sqlState" in error && !("fatal" in error && error.fatal === true)
  );
}

/** Somebody holds the lock of one session; those of the others are free. */
function isLockedOut(error: unknown): boolean {
  return error instanceof ChatError && error.code === "aborted";
}
