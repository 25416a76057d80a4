import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import {
  answerIdOf,
  BotEventSchema,
  type PushEvent,
  PushEventSchema,
  type SessionId,
  topicOf,
  type Username,
} from "@resonance/mq-proto";
import { findInboxRows, type InboxKey } from "./sql/inbox.ts";
import { findFirstPeople } from "./sql/members.ts";
import { findClientMsgIds } from "./sql/messages.ts";
import { listSentBefore, reopen, type SentRow } from "./sql/outbox.ts";

const batchRows = 500;
const afterAll = (1n << 63n) - 1n;
const maxRemembered = 50_000;

/**
 * Has every event of the last day published again that was published and has no effect yet, the
 * newest first. Says how many. One that is still in the stream is among them: consumers take the
 * second copy for what it is.
 *
 * The effect of a PushEvent are its inbox rows, which Task writes all at once: one of them, that of
 * the member who joined first, stands for all. The effect of a BotEvent is the bot's answer.
 */
export async function reopenLost(db: Queryable, signal: AbortSignal): Promise<number> {
  // Asked for once a session, not once a batch: a large room takes a while to answer.
  const people = new Map<SessionId, Username | undefined>();
  let reopened = 0;
  let beforeId = afterAll;
  for (;;) {
    signal.throwIfAborted();
    const rows = await listSentBefore(db, beforeId, batchRows);
    const last = rows.at(-1);
    if (!last) return reopened;
    beforeId = last.id;
    const ids = [
      ...(await unseenPushes(db, rows, people)),
      ...(await unansweredQuestions(db, rows)),
    ];
    if (ids.length > 0) await reopen(db, ids);
    reopened += ids.length;
  }
}

async function unseenPushes(
  db: Queryable,
  rows: readonly SentRow[],
  people: Map<SessionId, Username | undefined>,
): Promise<bigint[]> {
  const events = decoded(PushEventSchema, rows);
  if (people.size > maxRemembered) people.clear();
  const sessionIds = new Set(events.map(({ event }) => sessionIdOf(event)));
  const unknown = [...sessionIds].filter((sessionId) => !people.has(sessionId));
  if (unknown.length > 0) {
    const found = await findFirstPeople(db, unknown);
    for (const sessionId of unknown) people.set(sessionId, found.get(sessionId));
  }
  const expected = events.flatMap(({ id, event }) => {
    const owner = people.get(sessionIdOf(event));
    // Nobody reads what is said among bots.
    return owner ? [{ id, key: inboxKey(owner, event) }] : [];
  });
  if (expected.length === 0) return [];
  const inbox = await findInboxRows(
    db,
    expected.map(({ key }) => key),
  );
  return expected.flatMap(({ id, key }) => (inbox.has(key) ? [] : [id]));
}

async function unansweredQuestions(db: Queryable, rows: readonly SentRow[]): Promise<bigint[]> {
  const expected = decoded(BotEventSchema, rows).map(({ id, event }) => ({
    id,
    sender: event.botUsername,
    clientMsgId: answerIdOf(event.msgId),
  }));
  if (expected.length === 0) return [];
  const answers = await findClientMsgIds(db, expected);
  return expected.flatMap(({ id, sender, clientMsgId }) =>
    answers.has(sender, clientMsgId) ? [] : [id],
  );
}

function sessionIdOf(event: PushEvent): SessionId {
  // Written into the event by Logic.
  return event.sessionId as SessionId;
}

function inboxKey(owner: Username, event: PushEvent): InboxKey {
  return { owner, sessionId: sessionIdOf(event), seqId: event.seqId };
}

function decoded<Desc extends DescMessage>(
  schema: Desc,
  rows: readonly SentRow[],
): { id: bigint; event: MessageShape<Desc> }[] {
  const topic = topicOf(schema);
  return rows.flatMap((row) => {
    if (row.topic !== topic) return [];
    try {
      return [{ id: row.id, event: fromBinary(schema, row.payload) }];
    } catch {
      // A replayed letter that no consumer can read has no effect to wait for.
      return [];
    }
  });
}
