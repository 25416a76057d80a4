import type { Queryable, Transaction } from "@resonance/db";
import type { SeqId, SessionId, Username } from "@resonance/mq-proto";

export type MemberLookup = { has(sessionId: SessionId, username: Username): boolean };

/** Which of these people are members of the sessions. */
export async function findMembers(
  db: Queryable,
  pairs: readonly { readonly sessionId: SessionId; readonly username: Username }[],
): Promise<MemberLookup> {
  const rows = await db.query<{ sessionId: SessionId; username: Username }>(
    `SELECT session_id AS sessionId, username
       FROM t_session_member
      WHERE (session_id, username) IN (?)`,
    [pairs.map(({ sessionId, username }) => [sessionId, username])],
  );
  const found = new Set(rows.map((row) => `${row.sessionId}\n${row.username}`));
  // Compared byte by byte here, whatever the column's collation.
  return { has: (sessionId, username) => found.has(`${sessionId}\n${username}`) };
}

/** The bots in each of these sessions. Sessions without one are absent. */
export async function listBotsOf(
  db: Queryable,
  sessionIds: readonly SessionId[],
): Promise<ReadonlyMap<SessionId, readonly Username[]>> {
  // In this order: few bots are looked up in few sessions, however many members either has.
  const rows = await db.query<{ sessionId: SessionId; username: Username }>(
    `SELECT STRAIGHT_JOIN s.session_id AS sessionId, u.username
       FROM t_session s
       JOIN t_user u ON u.is_bot = 1
       JOIN t_session_member m ON m.session_id = s.session_id AND m.username = u.username
      WHERE s.session_id IN (?)`,
    [sessionIds],
  );
  const bots = new Map<SessionId, Username[]>();
  for (const { sessionId, username } of rows) {
    bots.set(sessionId, [...(bots.get(sessionId) ?? []), username]);
  }
  return bots;
}

export type NewMember = {
  readonly username: Username;
  /** 1 for the session's admin. */
  readonly role: 0 | 1;
  /** Later messages are news to the member. 0 unless told: all of them. */
  readonly joinedSeq?: SeqId;
};

/** Members who are in already stay as they are. */
export async function insertMembers(
  tx: Transaction,
  sessionId: SessionId,
  members: readonly NewMember[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO t_session_member (session_id, username, role, joined_seq) VALUES ?
     ON DUPLICATE KEY UPDATE username = t_session_member.username`,
    [members.map(({ username, role, joinedSeq = 0n }) => [sessionId, username, role, joinedSeq])],
  );
}

export type Membership = {
  readonly sessionId: SessionId;
  /** The session's last message when the member joined. */
  readonly joinedSeq: bigint;
  readonly maxSeqId: SeqId;
};

/** The sessions that a user is in. */
export async function listMemberships(db: Queryable, username: Username): Promise<Membership[]> {
  return await db.query<Membership>(
    `SELECT m.session_id AS sessionId, m.joined_seq AS joinedSeq, s.max_seq_id AS maxSeqId
       FROM t_session_member m
       JOIN t_session s ON s.session_id = m.session_id
      WHERE m.username = ?`,
    [username],
  );
}

/** Moves a read position forward, never back and never past the session's last message. */
export async function raiseReadPosition(
  db: Queryable,
  sessionId: SessionId,
  username: Username,
  seqId: bigint,
): Promise<void> {
  await db.execute(
    `UPDATE t_session_member m
       JOIN t_session s ON s.session_id = m.session_id
        SET m.last_read_seq = LEAST(?, s.max_seq_id)
      WHERE m.session_id = ? AND m.username = ? AND m.last_read_seq < LEAST(?, s.max_seq_id)`,
    [seqId, sessionId, username, seqId],
  );
}

/** How many messages of a session the member has not read, or undefined for a non-member. */
export async function countUnread(
  db: Queryable,
  sessionId: SessionId,
  username: Username,
): Promise<bigint | undefined> {
  const [row] = await db.query<{ maxSeqId: SeqId; lastReadSeq: bigint }>(
    `SELECT s.max_seq_id AS maxSeqId, m.last_read_seq AS lastReadSeq
       FROM t_session_member m
       JOIN t_session s ON s.session_id = m.session_id
      WHERE m.session_id = ? AND m.username = ?`,
    [sessionId, username],
  );
  if (!row) return undefined;
  return row.maxSeqId > row.lastReadSeq ? row.maxSeqId - row.lastReadSeq : 0n;
}

/** Who of the people in each of these sessions joined first. Sessions without people are absent. */
export async function findFirstPeople(
  db: Queryable,
  sessionIds: readonly SessionId[],
): Promise<Map<SessionId, Username>> {
  const rows = await db.query<{ sessionId: SessionId; username: Username | null }>(
    `SELECT s.session_id AS sessionId,
            (SELECT m.username
               FROM t_session_member m
               LEFT JOIN t_user u ON u.username = m.username
              WHERE m.session_id = s.session_id AND COALESCE(u.is_bot, 0) = 0
              ORDER BY m.joined_seq, m.username
              LIMIT 1) AS username
       FROM t_session s
      WHERE s.session_id IN (?)`,
    [sessionIds],
  );
  return new Map(
    rows.flatMap(({ sessionId, username }) => (username ? [[sessionId, username] as const] : [])),
  );
}
