import { create, toBinary } from "@bufbuild/protobuf";
import type { Transaction } from "@resonance/db";
import {
  BotEventSchema,
  commandOf,
  languageOf,
  type MsgId,
  PushEventSchema,
  type SeqId,
  type SessionId,
  topicOf,
  type Username,
  withoutMention,
} from "@resonance/mq-proto";
import { type Draft, decide, type Facts, type StoredIds } from "./send-message.ts";
import { type BotRunRow, insertBotRuns } from "./sql/bot-runs.ts";
import { insertInbox } from "./sql/inbox.ts";
import { findParticipants } from "./sql/members.ts";
import { findByClientMsgId, insertMessages, type MessageRow } from "./sql/messages.ts";
import { insertOutbox, type OutboxRow } from "./sql/outbox.ts";
import { lockSessions, type SessionRow, setMaxSeqIds } from "./sql/sessions.ts";

export type StoreOutcome = {
  /** For each draft in order: its ids, or why it was refused. */
  readonly results: readonly (StoredIds | Error)[];
  /** To be published after the commit. */
  readonly outbox: readonly OutboxRow[];
};

export type PreparedMessages = StoreOutcome & {
  /** Begins all writes at once, and resolves when they are done. */
  write(tx: Transaction): Promise<void>;
};

type Deps = { readonly nextMsgId: () => MsgId; readonly nowMs: () => number };

/** Decides about drafts and stores those that may be, in one transaction of the caller's. */
export async function storeMessages(
  deps: Deps,
  tx: Transaction,
  drafts: readonly Draft[],
): Promise<StoreOutcome> {
  const prepared = await prepareMessages(deps, tx, drafts);
  await prepared.write(tx);
  return prepared;
}

/**
 * Decides about drafts: messages, the askers' inbox rows, the runs of bots that are asked and outbox
 * rows are ready to be written in the same transaction. Drafts of one session keep their order, and
 * their seq_ids are dense: they are given out under the session's row lock, which is held until the
 * commit.
 */
export async function prepareMessages(
  deps: Deps,
  tx: Transaction,
  drafts: readonly Draft[],
): Promise<PreparedMessages> {
  const { sessions, factsOf } = await readFacts(tx, drafts);
  const batch = new Batch(deps);
  const results = drafts.map((draft) => {
    const facts = factsOf(draft);
    const session = sessions.get(draft.sessionId);
    // A draft may repeat another one of the same batch, which no query has seen.
    const stored = batch.storedAs(draft) ?? facts.stored;
    const decision = decide(draft, { ...facts, stored });
    if (decision.kind === "refuse") return decision.error;
    if (decision.kind === "duplicate") return decision.ids;
    if (!session) throw new TypeError(`session ${draft.sessionId} is stored into without its row`);
    return batch.add(draft, session, decision.route);
  });
  return { results, outbox: batch.outbox, write: (tx) => batch.write(tx) };
}

/** The sessions, locked, and what is known of each draft: all asked at once. */
async function readFacts(tx: Transaction, drafts: readonly Draft[]) {
  const sessionIds = [...new Set(drafts.map((draft) => draft.sessionId))].sort();
  // The first of these waits for the locks; the others see what was committed meanwhile.
  const [sessions, participants, stored] = await Promise.all([
    lockSessions(tx, sessionIds),
    findParticipants(tx, drafts),
    findByClientMsgId(tx, drafts),
  ]);
  const factsOf = (draft: Draft): Facts => {
    const botsInSession = participants.botsIn(draft.sessionId);
    return {
      sessionType: sessions.get(draft.sessionId)?.type,
      // The system is a member of nothing and speaks everywhere; nobody can sign in under its name.
      isMember: draft.type === "system" || participants.has(draft.sessionId, draft.sender),
      senderIsBot: botsInSession.includes(draft.sender),
      botsInSession,
      stored: stored.get(draft),
    };
  };
  return { sessions, factsOf };
}

/** The rows of one transaction, collected while deciding. */
class Batch {
  readonly outbox: OutboxRow[] = [];
  readonly #deps: Deps;
  readonly #messages: MessageRow[] = [];
  readonly #askersInbox: MessageRow[] = [];
  readonly #botRuns: BotRunRow[] = [];
  readonly #maxSeqIds = new Map<SessionId, SeqId>();
  readonly #byClientMsgId = new Map<string, MessageRow>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  storedAs(draft: Draft): MessageRow | undefined {
    return this.#byClientMsgId.get(clientKey(draft));
  }

  add(
    draft: Draft,
    session: SessionRow,
    route: { people: boolean; bots: readonly Username[] },
  ): StoredIds {
    const last = this.#maxSeqIds.get(draft.sessionId) ?? session.maxSeqId;
    // The successor of a seq_id under the row lock is the next one.
    const seqId = (last + 1n) as SeqId;
    const row: MessageRow = {
      ...draft,
      msgId: this.#deps.nextMsgId(),
      seqId,
      createdAt: new Date(this.#deps.nowMs()),
    };
    this.#maxSeqIds.set(draft.sessionId, seqId);
    this.#byClientMsgId.set(clientKey(draft), row);
    this.#messages.push(row);
    if (!route.people) this.#askersInbox.push(row);
    if (route.people) this.outbox.push(pushOutboxRow(row));
    for (const bot of route.bots) {
      this.#botRuns.push(botRunRow(row, bot));
      this.outbox.push(botOutboxRow(row, bot, session.type));
    }
    return row;
  }

  /** Lock order of the system: sessions (already held), messages, inbox, runs, outbox. */
  async write(tx: Transaction): Promise<void> {
    if (this.#messages.length === 0) return;
    await Promise.all([
      setMaxSeqIds(tx, this.#maxSeqIds),
      insertMessages(tx, this.#messages),
      insertInbox(tx, this.#askersInbox),
      insertBotRuns(tx, this.#botRuns),
      insertOutbox(tx, this.outbox),
    ]);
  }
}

function clientKey(draft: Draft): string {
  return `${draft.sender}\n${draft.clientMsgId}`;
}

function pushOutboxRow(row: MessageRow): OutboxRow {
  const event = create(PushEventSchema, {
    msgId: row.msgId,
    seqId: row.seqId,
    sessionId: row.sessionId,
    fromUsername: row.sender,
    content: row.content,
    type: row.type,
    timestamp: unixSeconds(row.createdAt),
    sessionName: row.sessionMeta?.name ?? "",
    sessionType: row.sessionMeta?.type ?? 0,
    clientMsgId: row.clientChoseId ? row.clientMsgId : "",
  });
  return {
    msgId: row.msgId,
    topic: topicOf(PushEventSchema),
    payload: toBinary(PushEventSchema, event),
  };
}

function botRunRow(row: MessageRow, bot: Username): BotRunRow {
  const { msgId, sessionId, seqId, sender, content, createdAt } = row;
  const question = withoutMention(content, bot);
  const language = languageOf(question);
  const command = commandOf(question);
  return { msgId, bot, sessionId, seqId, requester: sender, language, command, createdAt };
}

function botOutboxRow(row: MessageRow, bot: Username, sessionType: number): OutboxRow {
  const event = create(BotEventSchema, {
    msgId: row.msgId,
    sessionId: row.sessionId,
    fromUsername: row.sender,
    content: row.content,
    timestamp: unixSeconds(row.createdAt),
    messageType: row.type,
    seqId: row.seqId,
    botUsername: bot,
    sessionType,
  });
  return {
    msgId: row.msgId,
    topic: topicOf(BotEventSchema),
    payload: toBinary(BotEventSchema, event),
  };
}

function unixSeconds(time: Date): bigint {
  return BigInt(Math.floor(time.getTime() / 1_000));
}
