import type { Queryable, Transaction } from "@resonance/db";
import { isSingleSessionId, type SeqId, type SessionId, type Username } from "@resonance/mq-proto";

export type MemberLookup = { has(sessionId: SessionId, username: Username): boolean };

/** Which of these people are members of the sessions. */
export async function findMembers(
  db: Queryable,
  pairs: readonly { readonly sessionId: SessionId; readonly username: Username }[],
): Promise<MemberLookup> {
  if (pairs.length === 0) return { has: () => false };
  // By this index: that of the names is taken for a list of many, which reads much more.
  const rows = await db.query<Member>(
    `SELECT session_id AS sessionId, username
       FROM t_session_member FORCE INDEX (PRIMARY)
      WHERE (session_id, username) IN (?)`,
    [pairs.map(({ sessionId, username }) => [sessionId, username])],
  );
  const found = new Set(rows.map((row) => `${row.sessionId}\n${row.username}`));
  // Compared byte by byte here, whatever the column's collation.
  return { has: (sessionId, username) => found.has(`${sessionId}\n${username}`) };
}

/** Who of the senders is a member, and which bots are in the sessions. */
export type Participants = MemberLookup & {
  botsIn(sessionId: SessionId): readonly Username[];
  /** Everybody in a one-to-one session; undefined for a group. */
  membersOf(sessionId: SessionId): readonly Username[] | undefined;
};

/** What of the sessions' members matters for sending into them, however many there are. */
export async function findParticipants(
  db: Queryable,
  sends: readonly { readonly sessionId: SessionId; readonly sender: Username }[],
): Promise<Participants> {
  const singles = sends.filter(({ sessionId }) => isSingleSessionId(sessionId));
  const groups = sends.filter(({ sessionId }) => !isSingleSessionId(sessionId));
  const [members, senders, bots] = await Promise.all([
    listMembers(db, idsOf(singles)),
    findMembers(
      db,
      groups.map(({ sessionId, sender }) => ({ sessionId, username: sender })),
    ),
    listBotsIn(db, idsOf(groups)),
  ]);
  const bySingle = Map.groupBy(members, ({ sessionId }) => sessionId);
  const membersOf = (sessionId: SessionId) =>
    isSingleSessionId(sessionId)
      ? (bySingle.get(sessionId) ?? []).map(({ username }) => username)
      : undefined;
  const allBots = [...members.filter(({ isBot }) => isBot), ...bots];
  const botsBySession = Map.groupBy(allBots, ({ sessionId }) => sessionId);
  return {
    has: (sessionId, username) =>
      membersOf(sessionId)?.includes(username) ?? senders.has(sessionId, username),
    membersOf,
    botsIn: (sessionId) => (botsBySession.get(sessionId) ?? []).map(({ username }) => username),
  };
}

function idsOf(sends: readonly { readonly sessionId: SessionId }[]): SessionId[] {
  return [...new Set(sends.map(({ sessionId }) => sessionId))];
}

type Member = { readonly sessionId: SessionId; readonly username: Username };

/** Everybody in these sessions: for such as have few members. */
async function listMembers(
  db: Queryable,
  sessionIds: readonly SessionId[],
): Promise<(Member & { readonly isBot: boolean })[]> {
  if (sessionIds.length === 0) return [];
  const rows = await db.query<Member & { isBot: number | bigint | null }>(
    `SELECT STRAIGHT_JOIN m.session_id AS sessionId, m.username, u.is_bot AS isBot
       FROM t_session_member m
       LEFT JOIN t_user u ON u.username = m.username
      WHERE m.session_id IN (?)`,
    [sessionIds],
  );
  return rows.map((row) => ({ ...row, isBot: Number(row.isBot) === 1 }));
}

/** Members of a session by name, the first `atMost`. */
export async function listMemberNames(
  db: Queryable,
  sessionId: SessionId,
  atMost: number,
): Promise<Username[]> {
  const rows = await db.query<{ username: Username }>(
    "SELECT username FROM t_session_member WHERE session_id = ? ORDER BY username LIMIT ?",
    [sessionId, atMost],
  );
  return rows.map(({ username }) => username);
}

/** The bots in each of these sessions. */
export async function listBotsIn(
  db: Queryable,
  sessionIds: readonly SessionId[],
): Promise<Member[]> {
  if (sessionIds.length === 0) return [];
  // In this order: few bots are looked up in few sessions, however many members either has.
  return await db.query<Member>(
    `SELECT STRAIGHT_JOIN s.session_id AS sessionId, u.username
       FROM t_session s
       JOIN t_user u ON u.is_bot = 1
       JOIN t_session_member m ON m.session_id = s.session_id AND m.username = u.username
      WHERE s.session_id IN (?)`,
    [sessionIds],
  );
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
