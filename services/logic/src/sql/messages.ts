import type { Queryable, Transaction } from "@resonance/db";
import type { ClientMsgId, MsgId, SeqId, SessionId } from "@resonance/mq-proto";
import type { Draft } from "../send-message.ts";

export type MessageRow = Draft & {
  readonly msgId: MsgId;
  readonly seqId: SeqId;
  readonly createdAt: Date;
};

export type StoredMessage = Pick<
  MessageRow,
  "msgId" | "seqId" | "sessionId" | "sender" | "content" | "type"
> & {
  /** Null, or an invalid date, in rows that none of our services has written. */
  readonly createdAt: Date | null;
  /** Null for a message of the Go system. */
  readonly clientMsgId?: ClientMsgId | null;
};

// A database of the Go services may have no content in a row.
const storedColumns = `msg_id AS msgId, seq_id AS seqId, session_id AS sessionId,
  sender_username AS sender, COALESCE(content, '') AS content, msg_type AS type,
  created_at AS createdAt, client_msg_id AS clientMsgId`;

/**
 * Inserts messages, as the statement after the one that has raised so many sessions' max_seq_id. When
 * one of those is not there, as in a database that was restored, this fails with an error that
 * `isNullRefused` knows: seq_id takes no NULL.
 */
export async function insertMessages(
  tx: Transaction,
  rows: readonly MessageRow[],
  raisedSessions: number,
): Promise<void> {
  const [first = [], ...others] = rows.map((row) => [
    row.seqId,
    row.msgId,
    row.sessionId,
    row.sender,
    row.content,
    row.type,
    row.createdAt,
    row.clientMsgId,
  ]);
  const [seqId = null, ...values] = first;
  await tx.execute(
    `INSERT INTO t_message_content
       (seq_id, msg_id, session_id, sender_username, content, msg_type, created_at, client_msg_id)
     VALUES (IF(ROW_COUNT() = ?, ?, NULL), ?)${others.length > 0 ? ", ?" : ""}`,
    [raisedSessions, seqId, values, others],
  );
}

type ByClientMsgId = Pick<
  StoredMessage,
  "msgId" | "seqId" | "sessionId" | "sender" | "content" | "type"
> & {
  clientMsgId: ClientMsgId;
};

/** What is stored under the drafts' client ids. */
export async function findByClientMsgId(
  db: Queryable,
  drafts: readonly Draft[],
): Promise<{ get(draft: Draft): ByClientMsgId | undefined }> {
  const rows = await db.query<ByClientMsgId>(
    `SELECT sender_username AS sender, client_msg_id AS clientMsgId, msg_id AS msgId,
            seq_id AS seqId, session_id AS sessionId, content, msg_type AS type
       FROM t_message_content
      WHERE (sender_username, client_msg_id) IN (?)`,
    [drafts.map((draft) => [draft.sender, draft.clientMsgId])],
  );
  const found = new Map(rows.map((row) => [`${row.sender}\n${row.clientMsgId}`, row]));
  return { get: (draft) => found.get(`${draft.sender}\n${draft.clientMsgId}`) };
}

/** Messages of one session with seq_ids over `afterSeq`, up to and with `untilSeq`. */
export type SeqRange = {
  readonly sessionId: SessionId;
  readonly afterSeq: bigint;
  readonly untilSeq: bigint;
};

export type MessageSize = Pick<StoredMessage, "msgId" | "seqId" | "sessionId"> & {
  /** Of the content. */
  readonly bytes: bigint;
};

/** How large the messages of these ranges are, ascending in each session. */
export async function listMessageSizes(
  db: Queryable,
  ranges: readonly SeqRange[],
): Promise<Map<SessionId, MessageSize[]>> {
  if (ranges.length === 0) return new Map();
  const condition = "(session_id = ? AND seq_id > ? AND seq_id <= ?)";
  const rows = await db.query<MessageSize>(
    `SELECT msg_id AS msgId, seq_id AS seqId, session_id AS sessionId,
            CAST(COALESCE(OCTET_LENGTH(content), 0) AS SIGNED) AS bytes
       FROM t_message_content
      WHERE ${ranges.map(() => condition).join(" OR ")}
      ORDER BY session_id, seq_id`,
    ranges.flatMap(({ sessionId, afterSeq, untilSeq }) => [sessionId, afterSeq, untilSeq]),
  );
  return Map.groupBy(rows, (row) => row.sessionId);
}

/** Which of these client ids, with their senders, messages are stored under. */
export async function findClientMsgIds(
  db: Queryable,
  keys: readonly { sender: string; clientMsgId: string }[],
): Promise<{ has(sender: string, clientMsgId: string): boolean }> {
  const rows = await db.query<{ sender: string; clientMsgId: string }>(
    `SELECT sender_username AS sender, client_msg_id AS clientMsgId
       FROM t_message_content
      WHERE (sender_username, client_msg_id) IN (?)`,
    [keys.map(({ sender, clientMsgId }) => [sender, clientMsgId])],
  );
  const found = new Set(rows.map((row) => `${row.sender}\n${row.clientMsgId}`));
  return { has: (sender, clientMsgId) => found.has(`${sender}\n${clientMsgId}`) };
}

/** Messages by their ids. */
export async function findMessages(
  db: Queryable,
  msgIds: readonly MsgId[],
): Promise<Map<MsgId, StoredMessage>> {
  if (msgIds.length === 0) return new Map();
  const rows = await db.query<StoredMessage>(
    `SELECT ${storedColumns}
       FROM t_message_content
      WHERE msg_id IN (?)`,
    [msgIds],
  );
  return new Map(rows.map((row) => [row.msgId, row]));
}

/** The newest messages before `beforeSeq` (0 or less: the newest of all), ascending. */
export async function listHistory(
  db: Queryable,
  sessionId: SessionId,
  beforeSeq: bigint,
  limit: number,
): Promise<StoredMessage[]> {
  const rows = await db.query<StoredMessage>(
    `SELECT ${storedColumns}
       FROM t_message_content
      WHERE session_id = ? AND (? <= 0 OR seq_id < ?)
      ORDER BY seq_id DESC
      LIMIT ?`,
    [sessionId, beforeSeq, beforeSeq, limit],
  );
  return rows.reverse();
}

export type CountRow = {
  readonly bucket: bigint;
  readonly sender: "person" | "bot" | "system";
  readonly messages: bigint;
};

/** Counts messages by the time in their ids, in equal parts of the window. */
export async function countMessages(
  db: Queryable,
  window: { fromMsgId: bigint; untilMsgId: bigint; fromMs: number; bucketMs: number },
): Promise<CountRow[]> {
  return await db.query<CountRow>(
    `SELECT (CAST(c.msg_id >> 22 AS SIGNED) - ?) DIV ? AS bucket,
            CASE WHEN u.is_bot = 1 THEN 'bot' WHEN c.sender_username = 'system' THEN 'system'
                 ELSE 'person' END AS sender,
            COUNT(*) AS messages
       FROM t_message_content c
       LEFT JOIN t_user u ON u.username = c.sender_username
      WHERE c.msg_id >= ? AND c.msg_id < ?
      GROUP BY bucket, sender`,
    [window.fromMs, window.bucketMs, window.fromMsgId, window.untilMsgId],
  );
}
