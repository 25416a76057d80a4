import {
  isDuplicateKey,
  isNullRefused,
  isRetryable,
  openPipeline,
  type Pipeline,
  type PipelinedTransaction,
} from "@resonance/db";
import { ChatError, failpoint } from "@resonance/kit";
import { type MsgId, parseSessionId, type SessionId } from "@resonance/mq-proto";
import type { DirectDelivery } from "./direct-delivery.ts";
import { GroupCommit } from "./group-commit.ts";
import { KnownSessions } from "./known-sessions.ts";
import type { Outbox } from "./outbox.ts";
import type { Draft, StoredIds } from "./send-message.ts";
import type { OutboxRow } from "./sql/outbox.ts";
import { listRoutes } from "./sql/routes.ts";
import { lockFreeSessions } from "./sql/sessions.ts";
import { type Batch, decideBatch, readFacts, sessionIdsOf } from "./store-messages.ts";

export type MessageStore = AsyncDisposable & {
  /** Settles after the commit, or with the refusal. */
  store(draft: Draft): Promise<StoredIds>;
};

type Deps = {
  readonly pipeline: Pipeline;
  readonly delivery: DirectDelivery;
  readonly outbox: Outbox;
  readonly nextMsgId: () => MsgId;
  readonly nowMs: () => number;
};

const lanes = 4;

/**
 * Opens the connections of a message store, one for each batch that is committed at once. A table
 * that somebody holds, as an ALTER TABLE does, is waited for only for a second: where it is the one
 * of the routes, the messages are stored, and those after them in their sessions wait for nothing.
 * So is a session's row, three times: a batch's other sessions wait as long.
 */
export function openStorePipeline(url: string): Pipeline {
  return openPipeline(url, { poolSize: lanes, tableWaitSeconds: 1, lockWaitSeconds: 1 });
}

/**
 * Commits concurrent sends together and hands their events to the outbox. A batch is one round trip
 * to the database when all of its sessions are known, and else two: what is to be known, and what
 * is written with the commit.
 */
export function openMessageStore(deps: Deps): MessageStore {
  const known = new KnownSessions(() => performance.now());
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
    mayBeOneItem: isStatementError,
    isLockedOut,
    heldKeys: (keys) => heldSessions(deps.pipeline, keys.map(parseSessionId)),
    // A caller who gives up does not stop the transaction: its neighbours are in it.
    async commit(drafts, settle) {
      const committed = ({ results }: Batch) => {
        failpoint("logic.after_commit");
        settle(results);
      };
      const read = () => storeAsRead(deps, known, drafts, committed);
      const outbox =
        (await storeAsKnown(deps, known, drafts, committed)) ??
        (await read().catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
          // What the first read could not see, as it was not committed, the second one does.
          return read();
        }));
      deps.outbox.publish(outbox);
    },
  });
  return {
    store: (draft) => writer.submit(draft),
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  };
}

const never = new AbortController().signal;

/**
 * Stores drafts by what is remembered of their sessions, and gives what is to be published. Gives
 * undefined, with nothing stored, when that says too little or was not so, and for what only the
 * database may say: that a draft is refused, or stored already.
 */
async function storeAsKnown(
  deps: Deps,
  known: KnownSessions,
  drafts: readonly Draft[],
  committed: (batch: Batch) => void,
): Promise<OutboxRow[] | undefined> {
  const sessionIds = sessionIdsOf(drafts);
  const sessions = known.all(sessionIds);
  if (!sessions) return undefined;
  const batch = decideBatch(deps, drafts, {
    sessions,
    isMember: ({ sessionId, sender }) =>
      sessions.get(sessionId)?.members?.includes(sender) === true,
    stored: () => undefined,
  });
  if (batch.results.some((result) => result instanceof Error)) return undefined;
  try {
    return await deps.pipeline.transaction(
      (tx) =>
        writeAndCommit(deps, tx, batch, () => {
          known.raise(batch.rises);
          committed(batch);
        }),
      never,
    );
  } catch (error) {
    // Somebody else has written to one of the sessions, or a message is sent again.
    if (isNullRefused(error) || isDuplicateKey(error)) return undefined;
    known.forget(sessionIds);
    throw error;
  }
}

async function storeAsRead(
  deps: Deps,
  known: KnownSessions,
  drafts: readonly Draft[],
  committed: (batch: Batch) => void,
): Promise<OutboxRow[]> {
  return await deps.pipeline.transaction(async (tx) => {
    const facts = await readFacts(tx, drafts);
    const batch = decideBatch(deps, drafts, facts);
    return await writeAndCommit(deps, tx, batch, () => {
      known.learn(facts.sessions);
      known.raise(batch.rises);
      committed(batch);
    });
  }, never);
}

/**
 * In one round trip. At the COMMIT it tells so and delivers; the routes are read after that: who
 * comes later reads. Gives what is to be published; when only the routes cannot be read, delivering
 * is left to Task, and so is telling of the errors: the messages are stored.
 */
async function writeAndCommit(
  { delivery, outbox }: Deps,
  tx: PipelinedTransaction,
  batch: Batch,
  committed: () => void,
): Promise<OutboxRow[]> {
  failpoint("logic.before_commit");
  const announced = [...batch.announced.values()];
  const people = new Set(announced.flatMap(({ owners }) => owners));
  const cover = outbox.cover(batch.outbox);
  try {
    const [, begun, routes] = await Promise.all([
      batch.write(tx, cover),
      tx.commit().then(() => {
        committed();
        return delivery.begin(announced);
      }),
      listRoutes(tx, [...people]),
    ]);
    delivery.finish(begun, routes);
    return batch.outbox.map((row) => {
      const owners = batch.announced.get(row.msgId)?.owners;
      const delivered = owners && { owners, connection: begun.connection };
      return { ...row, delivered, cover };
    });
  } catch (error) {
    if (tx.isCommitted) return batch.outbox.map((row) => ({ ...row, cover }));
    if (cover) outbox.uncover(cover, isRolledBack(error) ? "no" : "unknown");
    throw error;
  }
}

/** Whether it comes before the COMMIT, for sure. */
function isRolledBack(error: unknown): boolean {
  return isNullRefused(error) || isDuplicateKey(error) || isRetryable(error);
}

/** An error of a statement, which one row may have caused; a lost connection is everybody's. */
function isStatementError(error: unknown): boolean {
  return (
    error instanceof Error && "sqlState" in error && !("fatal" in error && error.fatal === true)
  );
}

/** Which of these sessions somebody holds, or nobody knows. */
async function heldSessions(
  pipeline: Pipeline,
  sessionIds: readonly SessionId[],
): Promise<ReadonlySet<SessionId>> {
  const free = await pipeline.transaction((tx) => lockFreeSessions(tx, sessionIds), never);
  return new Set(sessionIds.filter((sessionId) => !free.has(sessionId)));
}

/** Somebody holds the lock of one session; those of the others are free. */
function isLockedOut(error: unknown): boolean {
  return error instanceof ChatError && error.code === "aborted";
}
