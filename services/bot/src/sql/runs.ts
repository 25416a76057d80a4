import type { Queryable } from "@resonance/db";
import type { MsgId, SessionId, Username } from "@resonance/mq-proto";
import type { Usage } from "../brain/model-port.ts";
import type { FinalState, Run, RunKey, RunState } from "../runs/run.ts";

export const runColumns = `msg_id AS msgId, bot_username AS bot, session_id AS sessionId,
  seq_id AS seqId, requester, language, command`;
export const unfinished = "state IN ('queued', 'running')";
export const isFree = "(lease_until IS NULL OR lease_until < NOW(3))";

/**
 * The state of a question's run, whose row is made if it came without one: from a Logic that knows
 * no runs.
 */
export async function ensureRun(db: Queryable, run: Run): Promise<RunState> {
  const [there] = await db.query<{ state: RunState }>(
    "SELECT state FROM t_bot_run WHERE msg_id = ? AND bot_username = ?",
    [run.msgId, run.bot],
  );
  if (there) return there.state;
  await db.execute(
    `INSERT INTO t_bot_run
       (msg_id, bot_username, session_id, seq_id, requester, language, command)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE msg_id = t_bot_run.msg_id`,
    [run.msgId, run.bot, run.sessionId, run.seqId, run.requester, run.language, run.command],
  );
  return "queued";
}

export type WaitingRun = Run & { readonly isCancelled: boolean };

/**
 * Runs that may be claimed now: the earliest unfinished one of each session, and those that need
 * not wait for it (`outOfTurn` commands, and what its asker has cancelled). In a fair order: first
 * the earliest of each person, then the second of each. With `sessionIds`, only those of them.
 */
export async function listClaimable(
  db: Queryable,
  wanted: {
    bot: Username;
    outOfTurn: readonly string[];
    sessionIds: readonly SessionId[] | undefined;
    limit: number;
  },
): Promise<WaitingRun[]> {
  const { bot, outOfTurn, sessionIds, limit } = wanted;
  const inSessions = sessionIds === undefined ? "" : "AND session_id IN (?)";
  const rows = await db.query<Run & { isCancelled: number }>(
    `SELECT ${runColumns}, cancel_requested_at IS NOT NULL AS isCancelled
       FROM (SELECT claimable.*,
                    ROW_NUMBER() OVER (PARTITION BY requester ORDER BY msg_id) AS turn
               FROM (SELECT r.*,
                            ROW_NUMBER() OVER (PARTITION BY session_id ORDER BY seq_id, msg_id)
                              AS place
                       FROM t_bot_run r
                      WHERE bot_username = ? AND ${unfinished} ${inSessions}) claimable
              WHERE (place = 1 OR command IN (?) OR cancel_requested_at IS NOT NULL)
                AND ${isFree}) fair
      ORDER BY turn, msg_id
      LIMIT ?`,
    [bot, ...(sessionIds === undefined ? [] : [sessionIds]), outOfTurn, limit],
  );
  return rows.map((row) => ({ ...row, isCancelled: row.isCancelled === 1 }));
}

const renewedAtOnce = 100;

/**
 * Prolongs the leases of these runs of `owner`, and says which of them it holds still. A run that
 * it has claimed without knowing so is not among them, and lapses.
 */
export async function renewLeases(
  db: Queryable,
  lease: { bot: Username; owner: string; leaseMs: number; msgIds: readonly MsgId[] },
): Promise<Set<MsgId>> {
  const held = "msg_id IN (?) AND bot_username = ? AND state = 'running' AND lease_owner = ?";
  // One commit of a thousand rows would hold up everybody's.
  for (let first = 0; first < lease.msgIds.length; first += renewedAtOnce) {
    const msgIds = lease.msgIds.slice(first, first + renewedAtOnce);
    await db.execute(
      `UPDATE t_bot_run SET lease_until = NOW(3) + INTERVAL ? MICROSECOND WHERE ${held}`,
      [lease.leaseMs * 1_000, msgIds, lease.bot, lease.owner],
    );
  }
  const rows = await db.query<{ msgId: MsgId }>(
    `SELECT msg_id AS msgId FROM t_bot_run WHERE ${held}`,
    [lease.msgIds, lease.bot, lease.owner],
  );
  return new Set(rows.map(({ msgId }) => msgId));
}

/** Which of these runs `owner` has, or nobody has begun. */
export async function listTold(
  db: Queryable,
  told: { bot: Username; owner: string; msgIds: readonly MsgId[] },
): Promise<Set<MsgId>> {
  const rows = await db.query<{ msgId: MsgId }>(
    `SELECT msg_id AS msgId FROM t_bot_run
      WHERE msg_id IN (?) AND bot_username = ?
        AND (state = 'queued' OR (state = 'running' AND lease_owner = ?))`,
    [told.msgIds, told.bot, told.owner],
  );
  return new Set(rows.map(({ msgId }) => msgId));
}

/** Which of the runs of `owner` their askers do not want any more. */
export async function listCancelled(
  db: Queryable,
  lease: { bot: Username; owner: string },
): Promise<MsgId[]> {
  const rows = await db.query<{ msgId: MsgId }>(
    `SELECT msg_id AS msgId FROM t_bot_run
      WHERE bot_username = ? AND state = 'running' AND lease_owner = ?
        AND cancel_requested_at IS NOT NULL`,
    [lease.bot, lease.owner],
  );
  return rows.map(({ msgId }) => msgId);
}

/** Whether `owner` still has the run. */
export async function holdsRun(db: Queryable, key: RunKey, owner: string): Promise<boolean> {
  const rows = await db.query(
    `SELECT 1 FROM t_bot_run
      WHERE msg_id = ? AND bot_username = ? AND lease_owner = ? AND state = 'running'`,
    [key.msgId, key.bot, owner],
  );
  return rows.length > 0;
}

/** Gives a run back unfinished, to be claimed at once. */
export async function releaseRun(
  db: Queryable,
  key: RunKey,
  owner: string,
  { countsAsAttempt }: { countsAsAttempt: boolean },
): Promise<void> {
  await db.execute(
    `UPDATE t_bot_run
        SET lease_owner = NULL, lease_until = NULL, attempts = GREATEST(attempts - ?, 0)
      WHERE msg_id = ? AND bot_username = ? AND lease_owner = ? AND state = 'running'`,
    [countsAsAttempt ? 0 : 1, key.msgId, key.bot, owner],
  );
}

export type Ending = {
  readonly state: FinalState;
  readonly failure?: string;
  readonly correlationId?: string;
  readonly brain: string;
  readonly model: string;
  /** What was spent on tries that came to no step, as far as this process knows. */
  readonly lost: Usage;
};

/** Ends a run that `owner` holds. Says whether it did. */
export async function finishRun(
  db: Queryable,
  key: RunKey,
  owner: string,
  ending: Ending,
): Promise<boolean> {
  const sum = (column: string) =>
    `${column} = ? + (SELECT COALESCE(SUM(s.${column}), 0) FROM t_bot_step s
                   WHERE s.msg_id = t_bot_run.msg_id AND s.bot_username = t_bot_run.bot_username)`;
  const { affectedRows } = await db.execute(
    `UPDATE t_bot_run
        SET state = ?, failure = ?, correlation_id = ?, brain = ?, model = ?,
            lease_owner = NULL, lease_until = NULL, finished_at = NOW(3),
            ${sum("input_tokens")}, ${sum("output_tokens")}, ${sum("cached_input_tokens")}
      WHERE msg_id = ? AND bot_username = ? AND lease_owner = ? AND state = 'running'`,
    [
      ending.state,
      ending.failure ?? null,
      ending.correlationId ?? null,
      ending.brain,
      ending.model,
      ending.lost.inputTokens,
      ending.lost.outputTokens,
      ending.lost.cachedInputTokens,
      key.msgId,
      key.bot,
      owner,
    ],
  );
  return affectedRows === 1;
}

/** Asks for the end of what a person asked in a session before a message. Says of how much. */
export async function requestCancel(
  db: Queryable,
  wanted: { bot: Username; sessionId: SessionId; requester: Username; beforeSeq: bigint },
): Promise<number> {
  const { affectedRows } = await db.execute(
    `UPDATE t_bot_run SET cancel_requested_at = NOW(3)
      WHERE bot_username = ? AND ${unfinished} AND session_id = ? AND seq_id < ?
        AND requester = ? AND command <> '/cancel' AND cancel_requested_at IS NULL`,
    [wanted.bot, wanted.sessionId, wanted.beforeSeq, wanted.requester],
  );
  return affectedRows;
}

export type RunSummary = Run & {
  readonly state: RunState;
  readonly failure: string | null;
  readonly correlationId: string | null;
  readonly brain: string | null;
  readonly model: string | null;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

/** A person's runs, the newest first. */
export async function listRunsOf(
  db: Queryable,
  wanted: { bot: Username; requester: Username; sessionId: SessionId | undefined; limit: number },
): Promise<RunSummary[]> {
  return await db.query<RunSummary>(
    `SELECT ${runColumns}, state, failure, correlation_id AS correlationId, brain, model,
            input_tokens AS inputTokens, output_tokens AS outputTokens,
            created_at AS createdAt, started_at AS startedAt, finished_at AS finishedAt
       FROM t_bot_run
      WHERE requester = ? AND bot_username = ? AND (? IS NULL OR session_id = ?)
      ORDER BY msg_id DESC
      LIMIT ?`,
    [
      wanted.requester,
      wanted.bot,
      wanted.sessionId ?? null,
      wanted.sessionId ?? null,
      wanted.limit,
    ],
  );
}

const keptDays = 30;

/** Deletes what ended over a month ago, with its steps, some of it at a time. Says how much. */
export async function deleteOldRuns(db: Queryable, limit: number): Promise<number> {
  // An id holds its time, so that the primary key finds what is old.
  const rows = await db.query<RunKey>(
    `SELECT msg_id AS msgId, bot_username AS bot FROM t_bot_run
      WHERE msg_id < (CAST(UNIX_TIMESTAMP(NOW() - INTERVAL ${keptDays} DAY) AS UNSIGNED) * 1000) << 22
        AND NOT (${unfinished})
      LIMIT ?`,
    [limit],
  );
  if (rows.length === 0) return 0;
  const keys = rows.map(({ msgId, bot }) => [msgId, bot]);
  await db.execute("DELETE FROM t_bot_step WHERE (msg_id, bot_username) IN (?)", [keys]);
  await db.execute("DELETE FROM t_bot_run WHERE (msg_id, bot_username) IN (?)", [keys]);
  return rows.length;
}
