import { create, toBinary } from "@bufbuild/protobuf";
import type { Transaction } from "@resonance/db";
import {
  BotEventSchema,
  commandOf,
  languageOf,
  type MsgId,
  type PushEvent,
  PushEventSchema,
  type SeqId,
  type SessionId,
  topicOf,
  type Username,
  withoutMention,
} from "@resonance/mq-proto";
import type { Announced } from "./direct-delivery.ts";
import type { SessionFacts } from "./known-sessions.ts";
import { type Draft, decide, type Facts, type Route, type StoredIds } from "./send-message.ts";
import { type BotRunRow, insertBotRuns } from "./sql/bot-runs.ts";
import { insertInbox } from "./sql/inbox.ts";
import { findParticipants } from "./sql/members.ts";
import { findByClientMsgId, insertMessages, type MessageRow } from "./sql/messages.ts";
import { insertOutbox, type OutboxRow } from "./sql/outbox.ts";
import { lockSessions, raiseMaxSeqIds, type SeqRise } from "./sql/sessions.ts";
import type { Cover } from "./watermark.ts";

export type StoreOutcome = {
  /** For each draft in order: its ids, or why it was refused. */
  readonly results: readonly (StoredIds | Error)[];
  /** To be published after the commit. */
  readonly outbox: readonly OutboxRow[];
};

/** What the decisions about drafts rest on. */
export type BatchFacts = {
  /** Unknown sessions are absent. */
  readonly sessions: ReadonlyMap<SessionId, SessionFacts>;
  isMember(draft: Draft): boolean;
  /** What is stored under a draft's client id. */
  stored(draft: Draft): Facts["stored"];
};

type Deps = { readonly nextMsgId: () => MsgId; readonly nowMs: () => number };

/** Decides about drafts and stores those that may be, in one transaction of the caller's. */
export async function storeMessages(
  deps: Deps,
  tx: Transaction,
  drafts: readonly Draft[],
): Promise<StoreOutcome> {
  const batch = decideBatch(deps, drafts, await readFacts(tx, drafts));
  await batch.write(tx);
  return batch;
}

/** The sessions, locked until the transaction ends, and what is known of each draft: asked at once. */
export async function readFacts(tx: Transaction, drafts: readonly Draft[]): Promise<BatchFacts> {
  const sessionIds = [...sessionIdsOf(drafts)].sort();
  // The first of these waits for the locks; the others see what was committed meanwhile.
  const [rows, participants, stored] = await Promise.all([
    lockSessions(tx, sessionIds),
    findParticipants(tx, drafts),
    findByClientMsgId(tx, drafts),
  ]);
  const sessions = new Map<SessionId, SessionFacts>();
  for (const [sessionId, { type, maxSeqId }] of rows) {
    sessions.set(sessionId, {
      type,
      maxSeqId,
      members: participants.membersOf(sessionId),
      bots: participants.botsIn(sessionId),
    });
  }
  return {
    sessions,
    isMember: (draft) => participants.has(draft.sessionId, draft.sender),
    stored: (draft) => stored.get(draft),
  };
}

export function sessionIdsOf(drafts: readonly Draft[]): ReadonlySet<SessionId> {
  return new Set(drafts.map((draft) => draft.sessionId));
}

/** Decides about drafts, and makes the rows of those that are to be stored, in their order. */
export function decideBatch(deps: Deps, drafts: readonly Draft[], facts: BatchFacts): Batch {
  const batch = new Batch(deps);
  for (const draft of drafts) {
    const session = facts.sessions.get(draft.sessionId);
    const decision = decide(draft, {
      sessionType: session?.type,
      // The system is a member of nothing and speaks everywhere; nobody can sign in under its name.
      isMember: draft.type === "system" || facts.isMember(draft),
      senderIsBot: session?.bots.includes(draft.sender) === true,
      botsInSession: session?.bots ?? [],
      // A draft may repeat another one of the same batch, which no query has seen.
      stored: batch.storedAs(draft) ?? facts.stored(draft),
    });
    if (decision.kind === "refuse") batch.results.push(decision.error);
    else if (decision.kind === "duplicate") batch.results.push(decision.ids);
    else if (session) batch.add(draft, session, decision.route);
    else throw new TypeError(`session ${draft.sessionId} is stored into without its facts`);
  }
  return batch;
}

/**
 * The rows of one transaction: messages, the askers' inbox rows, the runs of bots that are asked and
 * outbox rows. The seq_ids of a session are dense: they follow the one that the facts name, and
 * nothing is written unless it is still the last.
 */
export class Batch {
  readonly results: (StoredIds | Error)[] = [];
  readonly outbox: OutboxRow[] = [];
  /** How far the sessions' seq_ids rise. */
  readonly rises = new Map<SessionId, SeqRise>();
  /** Messages of one-to-one sessions, and the people they are for. */
  readonly announced = new Map<MsgId, Announced>();
  readonly #deps: Deps;
  readonly #messages: MessageRow[] = [];
  readonly #askersInbox: MessageRow[] = [];
  readonly #botRuns: BotRunRow[] = [];
  readonly #byClientMsgId = new Map<string, MessageRow>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  storedAs(draft: Draft): MessageRow | undefined {
    return this.#byClientMsgId.get(clientKey(draft));
  }

  add(draft: Draft, session: SessionFacts, route: Route): void {
    const { from, to } = this.rises.get(draft.sessionId) ?? {
      from: session.maxSeqId,
      to: session.maxSeqId,
    };
    // The successor of a session's last seq_id is its next one.
    const seqId = (to + 1n) as SeqId;
    const row: MessageRow = {
      ...draft,
      msgId: this.#deps.nextMsgId(),
      seqId,
      createdAt: new Date(this.#deps.nowMs()),
    };
    this.rises.set(draft.sessionId, { from, to: seqId });
    this.#byClientMsgId.set(clientKey(draft), row);
    this.#messages.push(row);
    this.results.push(row);
    if (route.people) {
      const event = pushEventOf(row);
      this.outbox.push(pushOutboxRow(row.msgId, event));
      const owners = session.members?.filter((username) => !session.bots.includes(username));
      if (owners) this.announced.set(row.msgId, { event, owners });
    } else {
      this.#askersInbox.push(row);
    }
    for (const bot of route.bots) {
      this.#botRuns.push(botRunRow(row, bot));
      this.outbox.push(botOutboxRow(row, bot, session.type));
    }
  }

  /**
   * Begins all writes at once. Lock order of the system: sessions, messages, inbox, runs, outbox.
   *
   * @throws an error that `isNullRefused` knows when somebody has written to a session meanwhile, or
   * one is gone.
   */
  async write(tx: Transaction, cover?: Cover): Promise<void> {
    if (this.#messages.length === 0) return;
    await Promise.all([
      raiseMaxSeqIds(tx, this.rises),
      insertMessages(tx, this.#messages, this.rises.size),
      insertInbox(tx, this.#askersInbox),
      insertBotRuns(tx, this.#botRuns),
      insertOutbox(tx, this.outbox, cover),
    ]);
  }
}

function clientKey(draft: Draft): string {
  return `${draft.sender}\n${draft.clientMsgId}`;
}

function pushEventOf(row: MessageRow): PushEvent {
  return create(PushEventSchema, {
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
}

function pushOutboxRow(msgId: MsgId, event: PushEvent): OutboxRow {
  return { msgId, topic: topicOf(PushEventSchema), payload: toBinary(PushEventSchema, event) };
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
