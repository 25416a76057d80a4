import type { Queryable, Transaction } from "@resonance/db";
import type { Language, MsgId, SeqId, SessionId, Username } from "@resonance/mq-proto";

/** A question that a bot is to answer, as the bot's workers find it. */
export type BotRunRow = {
  readonly msgId: MsgId;
  readonly bot: Username;
  readonly sessionId: SessionId;
  readonly seqId: SeqId;
  readonly requester: Username;
  readonly language: string;
  /** Such as `/cancel`; empty for what is no command. */
  readonly command: string;
  readonly createdAt: Date;
};

export async function insertBotRuns(tx: Transaction, rows: readonly BotRunRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(
    `INSERT INTO t_bot_run
       (msg_id, bot_username, session_id, seq_id, requester, language, command, created_at)
     VALUES ?`,
    [
      rows.map((row) => [
        row.msgId,
        row.bot,
        row.sessionId,
        row.seqId,
        row.requester,
        row.language,
        row.command,
        row.createdAt,
      ]),
    ],
  );
}

export type AbandonedRun = Pick<BotRunRow, "msgId" | "bot" | "sessionId"> & {
  /** Of a command: in which its asker last spoke there. */
  readonly language: Language;
};

const unfinished = "state IN ('queued', 'running')";
const isFree = "(lease_until IS NULL OR lease_until < NOW(3))";

/**
 * Runs past their deadline that nobody works on, of bots none of whose workers live. One that was
 * never begun is given `deadlineMs` from when it was asked. Questions from `beforeMsgId` on are too
 * young, and not read: many may be waiting.
 */
export async function listAbandonedRuns(
  db: Queryable,
  wanted: { bots: readonly Username[]; beforeMsgId: bigint; deadlineMs: number; limit: number },
): Promise<AbandonedRun[]> {
  if (wanted.bots.length === 0) return [];
  return await db.query<AbandonedRun>(
    `SELECT msg_id AS msgId, bot_username AS bot, session_id AS sessionId,
            IF(r.command = '', r.language, COALESCE(
              (SELECT s.language FROM t_bot_run s
                WHERE s.requester = r.requester AND s.msg_id < r.msg_id AND s.command = ''
                  AND s.bot_username = r.bot_username AND s.session_id = r.session_id
                ORDER BY s.msg_id DESC LIMIT 1), r.language)) AS language
       FROM t_bot_run r
      WHERE bot_username IN (?) AND msg_id < ? AND ${unfinished} AND ${isFree}
        AND COALESCE(deadline, created_at + INTERVAL ? MICROSECOND) < NOW(3)
        AND NOT EXISTS (SELECT 1 FROM t_bot_worker w
                         WHERE w.bot_username = r.bot_username AND w.alive_until > NOW(3))
      ORDER BY msg_id
      LIMIT ?`,
    [wanted.bots, wanted.beforeMsgId, wanted.deadlineMs * 1_000, wanted.limit],
  );
}

/** Ends a run that nobody works on. */
export async function endRun(
  db: Queryable,
  run: Pick<AbandonedRun, "msgId" | "bot">,
  end: { state: "failed" | "answered"; failure: string; correlationId: string },
): Promise<void> {
  await db.execute(
    `UPDATE t_bot_run
        SET state = ?, failure = ?, correlation_id = ?, lease_owner = NULL,
            lease_until = NULL, finished_at = NOW(3)
      WHERE msg_id = ? AND bot_username = ? AND ${unfinished} AND ${isFree}`,
    [end.state, end.failure, end.correlationId, run.msgId, run.bot],
  );
}
