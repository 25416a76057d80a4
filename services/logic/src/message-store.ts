import {
  isDuplicateKey,
  isNullRefused,
  type Pipeline,
  type PipelinedTransaction,
} from "@resonance/db";
import { ChatError, failpoint } from "@resonance/kit";
import type { MsgId, Route } from "@resonance/mq-proto";
import { GroupCommit } from "./group-commit.ts";
import { KnownSessions } from "./known-sessions.ts";
import type { Outbox } from "./outbox.ts";
import type { Draft, StoredIds } from "./send-message.ts";
import { listRoutes } from "./sql/routes.ts";
import {
  type Batch,
  decideBatch,
  readFacts,
  type StoreOutcome,
  sessionIdsOf,
} from "./store-messages.ts";

export type MessageStore = AsyncDisposable & {
  /** Settles after the commit, or with the refusal. */
  store(draft: Draft): Promise<StoredIds>;
};

type Deps = {
  readonly pipeline: Pipeline;
  readonly outbox: Outbox;
  readonly nextMsgId: () => MsgId;
  readonly nowMs: () => number;
};

/** How many batches are committed at once, and how many connections that takes. */
export const lanes = 4;

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
    mayBeOneItem: (error) => isStatementError(error) || isLockedOut(error),
    // A caller who gives up does not stop the transaction: its neighbours are in it.
    async commit(drafts) {
      const { results, outbox } =
        (await storeAsKnown(deps, known, drafts)) ?? (await storeAsRead(deps, known, drafts));
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

const never = new AbortController().signal;

/**
 * Stores drafts by what is remembered of their sessions. Gives undefined, with nothing stored, when
 * that says too little or was not so, and for what only the database may say: that a draft is
 * refused, or stored already.
 */
async function storeAsKnown(
  deps: Deps,
  known: KnownSessions,
  drafts: readonly Draft[],
): Promise<StoreOutcome | undefined> {
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
    const routes = await deps.pipeline.transaction((tx) => writeAndCommit(tx, batch), never);
    known.raise(batch.rises);
    return stored(batch, routes);
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
): Promise<StoreOutcome> {
  const { batch, sessions, routes } = await deps.pipeline.transaction(async (tx) => {
    const facts = await readFacts(tx, drafts);
    const batch = decideBatch(deps, drafts, facts);
    return { batch, sessions: facts.sessions, routes: await writeAndCommit(tx, batch) };
  }, never);
  known.learn(sessions);
  known.raise(batch.rises);
  return stored(batch, routes);
}

/**
 * In one round trip. Where people are connected is asked after the commit: who comes later reads.
 * Gives undefined when that alone cannot be told, for the messages are stored then.
 */
async function writeAndCommit(
  tx: PipelinedTransaction,
  batch: Batch,
): Promise<Route[] | undefined> {
  failpoint("logic.before_commit");
  const people = new Set([...batch.people.values()].flat());
  try {
    const [, , routes] = await Promise.all([
      batch.write(tx),
      tx.commit(),
      listRoutes(tx, [...people]),
    ]);
    return routes;
  } catch (error) {
    if (!tx.isCommitted) throw error;
    return undefined;
  }
}

/** Without routes the events go without an audience: Task asks for it, and tells of its errors. */
function stored(batch: Batch, routes: readonly Route[] | undefined): StoreOutcome {
  if (!routes) return batch;
  const routesOf = Map.groupBy(routes, ({ username }) => username);
  const outbox = batch.outbox.map((row) => {
    const owners = batch.people.get(row.msgId);
    if (!owners) return row;
    return {
      ...row,
      audience: { owners, routes: owners.flatMap((name) => routesOf.get(name) ?? []) },
    };
  });
  return { results: batch.results, outbox };
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
