import type { Queryable } from "@resonance/db";
import type { SessionId, Username } from "@resonance/mq-proto";
import type { RunKey } from "../runs/run.ts";

export type SessionContext = {
  /** Messages up to this one are not looked at. */
  readonly clearedSeq: bigint;
  /** What was named last at the end. */
  readonly named: readonly string[];
};

type Place = { readonly sessionId: SessionId; readonly bot: Username };

export async function findContext(
  db: Queryable,
  { sessionId, bot }: Place,
): Promise<SessionContext> {
  const [row] = await db.query<{ clearedSeq: bigint; named: string | null }>(
    `SELECT cleared_seq AS clearedSeq, named FROM t_bot_context
      WHERE session_id = ? AND bot_username = ?`,
    [sessionId, bot],
  );
  // Written by saveNamed.
  const named = JSON.parse(row?.named ?? "[]") as string[];
  return { clearedSeq: row?.clearedSeq ?? 0n, named };
}

/** Only while `owner` holds the run in which it was named. */
export async function saveNamed(
  db: Queryable,
  run: RunKey & Place,
  owner: string,
  named: readonly string[],
): Promise<void> {
  await db.execute(
    `INSERT INTO t_bot_context (session_id, bot_username, named)
     SELECT session_id, bot_username, ?
       FROM t_bot_run
      WHERE msg_id = ? AND bot_username = ? AND lease_owner = ? AND state = 'running'
         ON DUPLICATE KEY UPDATE named = VALUES(named)`,
    [JSON.stringify(named), run.msgId, run.bot, owner],
  );
}

/** From now on nothing up to `seqId` is looked at, and nothing is known to be named. */
export async function clearContext(db: Queryable, place: Place, seqId: bigint): Promise<void> {
  await db.execute(
    `INSERT INTO t_bot_context (session_id, bot_username, cleared_seq, named)
     VALUES (?, ?, ?, NULL)
     ON DUPLICATE KEY UPDATE cleared_seq = GREATEST(cleared_seq, VALUES(cleared_seq)), named = NULL`,
    [place.sessionId, place.bot, seqId],
  );
}
