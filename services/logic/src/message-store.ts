import { type Database, transaction } from "@resonance/db";
import { failpoint } from "@resonance/kit";
import type { MsgId } from "@resonance/mq-proto";
import { GroupCommit } from "./group-commit.ts";
import type { Outbox } from "./outbox.ts";
import type { Draft, StoredIds } from "./send-message.ts";
import { storeMessages } from "./store-messages.ts";

export type MessageStore = AsyncDisposable & {
  /** Settles after the commit, or with the refusal. */
  store(draft: Draft): Promise<StoredIds>;
};

/** Commits concurrent sends together and hands their events to the outbox. */
export function openMessageStore(deps: {
  db: Database;
  outbox: Outbox;
  nextMsgId: () => MsgId;
  nowMs: () => number;
}): MessageStore {
  const never = new AbortController().signal;
  const writer = new GroupCommit<Draft, StoredIds>({
    keyOf: (draft) => draft.sessionId,
    lanes: 4,
    maxBatchItems: 64,
    maxWaitingItems: 5_000,
    mayBeOneItem: isStatementError,
    async commit(drafts) {
      // A caller who gives up does not stop the transaction: its neighbours are in it.
      const { results, outbox } = await transaction(
        deps.db,
        async (tx) => {
          const outcome = await storeMessages(deps, tx, drafts);
          failpoint("logic.before_commit");
          return outcome;
        },
        never,
      );
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
