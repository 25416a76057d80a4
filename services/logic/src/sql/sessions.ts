import type { Queryable, Transaction } from "@resonance/db";
import type { MsgId, SeqId, SessionId, Username } from "@resonance/mq-proto";
import { livingGateway } from "./routes.ts";

export type SessionRow = {
  readonly sessionId: SessionId;
  readonly type: number;
  readonly maxSeqId: SeqId;
};

/**
 * Locks the sessions' rows, ascending, until the transaction ends. The ids come in that order.
 * Unknown ids are absent.
 */
export async function lockSessions(
  tx: Transaction,
  sessionIds: readonly SessionId[],
): Promise<ReadonlyMap<SessionId, SessionRow>> {
  const rows = await tx.query<SessionRow>(
    `SELECT session_id AS sessionId, type, max_seq_id AS maxSeqId
       FROM t_session
      WHERE session_id IN (?)
      ORDER BY session_id
        FOR UPDATE`,
    [sessionIds],
  );
  return new Map(rows.map((row) => [row.sessionId, row]));
}

/** Locks the rows of those sessions that nobody has locked, and says which they are. */
export async function lockFreeSessions(
  tx: Transaction,
  sessionIds: readonly SessionId[],
): Promise<ReadonlySet<SessionId>> {
  const rows = await tx.query<Pick<SessionRow, "sessionId">>(
    `SELECT session_id AS sessionId
       FROM t_session FORCE INDEX (PRIMARY)
      WHERE session_id IN (?)
        FOR UPDATE SKIP LOCKED`,
    [sessionIds],
  );
  return new Set(rows.map(({ sessionId }) => sessionId));
}

export type SeqRise = { readonly from: SeqId; readonly to: SeqId };

/**
 * Raises sessions' max_seq_id, locking their rows in ascending order. When one of them is not what
 * it is said to be raised from, somebody else has written, and the statement fails with an error
 * that `isNullRefused` knows: the column takes no NULL.
 */
export async function raiseMaxSeqIds(
  tx: Transaction,
  rises: ReadonlyMap<SessionId, SeqRise>,
): Promise<void> {
  const each = [...rises].map(([sessionId, { from, to }]) => [sessionId, from, to]);
  // With statistics of a small table the server would read, and lock, all of it.
  await tx.execute(
    `UPDATE t_session FORCE INDEX (PRIMARY)
        SET max_seq_id = CASE session_id
              ${each.map(() => "WHEN ? THEN IF(max_seq_id = ?, ?, NULL)").join("\n              ")}
            END
      WHERE session_id IN (?)`,
    [...each.flat(), [...rises.keys()].sort()],
  );
}

/** Creates a session if there is none of this id. Says whether it did. */
export async function insertSession(
  tx: Transaction,
  session: { sessionId: SessionId; type: number; name: string; owner: Username },
): Promise<boolean> {
  // A plain INSERT would end in 1062 and poison nothing, but cannot tell "there" from "locked".
  const { affectedRows } = await tx.execute(
    `INSERT INTO t_session (session_id, type, name, owner_username, max_seq_id)
     VALUES (?, ?, ?, ?, 0)
     ON DUPLICATE KEY UPDATE session_id = t_session.session_id`,
    [session.sessionId, session.type, session.name, session.owner],
  );
  return affectedRows === 1;
}

/** The highest seq_id of a session, or undefined for an unknown one. */
export async function findMaxSeqId(
  db: Queryable,
  sessionId: SessionId,
): Promise<SeqId | undefined> {
  const [row] = await db.query<{ maxSeqId: SeqId }>(
    "SELECT max_seq_id AS maxSeqId FROM t_session WHERE session_id = ?",
    [sessionId],
  );
  return row?.maxSeqId;
}

export type SessionListRow = {
  readonly sessionId: SessionId;
  readonly type: number;
  readonly name: string | null;
  readonly peerNickname: string | null;
  readonly peerUsername: Username | null;
  /** How many gateways the other one is connected to. */
  readonly peerRoutes: bigint;
  readonly maxSeqId: SeqId;
  readonly lastReadSeq: bigint;
  readonly msgId: MsgId | null;
  readonly sender: Username | null;
  /** At most the first 2,000 characters. */
  readonly content: string | null;
  readonly isCut: boolean;
  readonly msgType: string | null;
  readonly createdAt: Date | null;
};

const listedCharacters = 2_000;

/** A member's sessions with the last message of each, the most recent first. */
export async function listSessions(db: Queryable, username: Username): Promise<SessionListRow[]> {
  const rows = await db.query<Omit<SessionListRow, "isCut"> & { isCut: number | bigint | null }>(
    `SELECT s.session_id AS sessionId, s.type, s.name, s.max_seq_id AS maxSeqId,
            m.last_read_seq AS lastReadSeq,
            peer.username AS peerUsername, peer.nickname AS peerNickname,
            (SELECT COUNT(*)
               FROM t_route r
               JOIN t_gateway g ON ${livingGateway}
              WHERE r.username = peer.username) AS peerRoutes,
            c.msg_id AS msgId, c.sender_username AS sender,
            LEFT(c.content, ${listedCharacters}) AS content,
            CHAR_LENGTH(c.content) > ${listedCharacters} AS isCut,
            c.msg_type AS msgType, c.created_at AS createdAt
       FROM t_session_member m
       JOIN t_session s ON s.session_id = m.session_id
       LEFT JOIN t_session_member other
              ON s.type = 1 AND other.session_id = s.session_id AND other.username <> m.username
       LEFT JOIN t_user peer ON peer.username = other.username
       LEFT JOIN t_message_content c ON c.session_id = s.session_id AND c.seq_id = s.max_seq_id
      WHERE m.username = ?
      ORDER BY COALESCE(c.created_at, s.created_at) DESC, s.session_id`,
    [username],
  );
  return rows.map((row) => ({ ...row, isCut: Number(row.isCut) === 1 }));
}
