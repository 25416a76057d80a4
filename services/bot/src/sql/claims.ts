import type { Pipeline, Queryable } from "@resonance/db";
import { ChatError, failpoint } from "@resonance/kit";
import type { ClaimedRun, Run, RunState } from "../runs/run.ts";
import { isFree, runColumns, unfinished } from "./runs.ts";

export type Claim = {
  readonly run: ClaimedRun;
  /** Settles when the claim is durable; nothing may be stored or said before. */
  readonly durable: Promise<void>;
};

export type Lease = {
  readonly owner: string;
  readonly leaseMs: number;
  readonly deadlineMs: number;
};

/**
 * Takes a free run for `owner`; undefined when another worker was faster, or, where it is to be
 * `inTurn`, when an earlier one of its session is unfinished. From the moment that this resolves
 * nobody else takes the run; that it is durable takes as long as the disk does, and what may be
 * read meanwhile need not wait.
 */
export async function claimRun(
  pipeline: Pipeline,
  run: Run,
  lease: Lease,
  inTurn: boolean,
): Promise<Claim | undefined> {
  const claimed = Promise.withResolvers<ClaimedRun | undefined>();
  let isTold = false;
  const durable = pipeline.transaction(async (tx) => {
    const [isBehind, isTaken, row] = await Promise.all([
      inTurn && hasEarlier(tx, run),
      take(tx, run, lease),
      findClaimed(tx, run, lease.owner),
    ]);
    if (isBehind) throw new NotInTurn();
    // A cluster may refuse the commit, and give the run to somebody else before the second try.
    if (isTold && !isTaken) throw new ChatError("aborted", "the claim did not hold");
    failpoint("bot.amid_claim");
    const committed = tx.commit();
    isTold = isTaken;
    claimed.resolve(isTaken ? row : undefined);
    await committed;
  }, never);
  durable.catch(claimed.reject);
  const taken = await claimed.promise.catch((error: unknown) => {
    if (error instanceof NotInTurn) return undefined;
    throw error;
  });
  return taken && { run: taken, durable };
}

const never = new AbortController().signal;

/** Undoes a claim that came too early. */
class NotInTurn extends Error {
  override readonly name = "NotInTurn";
}

async function hasEarlier(db: Queryable, run: Run): Promise<boolean> {
  const rows = await db.query(
    `SELECT 1 FROM t_bot_run
      WHERE bot_username = ? AND ${unfinished} AND session_id = ?
        AND (seq_id < ? OR (seq_id = ? AND msg_id < ?))
      LIMIT 1`,
    [run.bot, run.sessionId, run.seqId, run.seqId, run.msgId],
  );
  return rows.length > 0;
}

async function take(
  db: Queryable,
  run: Run,
  { owner, leaseMs, deadlineMs }: Lease,
): Promise<boolean> {
  const { affectedRows } = await db.execute(
    `UPDATE t_bot_run
        SET state = 'running', lease_owner = ?, lease_until = NOW(3) + INTERVAL ? MICROSECOND,
            attempts = attempts + 1, started_at = COALESCE(started_at, NOW(3)),
            deadline = COALESCE(deadline, NOW(3) + INTERVAL ? MICROSECOND)
      WHERE msg_id = ? AND bot_username = ? AND ${unfinished} AND ${isFree}`,
    [owner, leaseMs * 1_000, deadlineMs * 1_000, run.msgId, run.bot],
  );
  return affectedRows === 1;
}

type Flag = "isCancelled" | "hasSteps" | "hasWaited";
type ClaimedRow = Omit<ClaimedRun, Flag> & { readonly [Name in Flag]: number | bigint };

/**
 * When the answer of a run was put on record, right before it was sent; the run itself ends a little
 * after that. Of one without an answer its end, and now while there is none.
 */
const answeredAt = (run: string) => `COALESCE(
  IF(${run}.state = 'answered',
     (SELECT MAX(s.created_at) FROM t_bot_step s
       WHERE s.msg_id = ${run}.msg_id AND s.bot_username = ${run}.bot_username), NULL),
  ${run}.finished_at, NOW(3))`;

/** How far back a question is looked for that another one may have waited for. */
const nearSeqs = 20n;
// All of them, so that the index on them leads to the session.
const states: readonly RunState[] = [
  "queued",
  "running",
  "answered",
  "failed",
  "cancelled",
  "ignored",
];

async function findClaimed(
  db: Queryable,
  { msgId, bot, sessionId, seqId }: Run,
  owner: string,
): Promise<ClaimedRun | undefined> {
  const [row] = await db.query<ClaimedRow>(
    `SELECT ${runColumns}, attempts, cancel_requested_at IS NOT NULL AS isCancelled,
            CAST(TIMESTAMPDIFF(MICROSECOND, NOW(3), deadline) / 1000 AS DOUBLE) AS remainingMs,
            EXISTS (SELECT 1 FROM t_bot_step s
                     WHERE s.msg_id = t_bot_run.msg_id
                       AND s.bot_username = t_bot_run.bot_username) AS hasSteps,
            EXISTS (SELECT 1 FROM t_bot_run earlier
                     WHERE earlier.bot_username = ? AND earlier.state IN (?)
                       AND earlier.session_id = ? AND earlier.seq_id BETWEEN ? AND ?
                       AND earlier.command = ''
                       AND ${answeredAt("earlier")} > t_bot_run.created_at) AS hasWaited
       FROM t_bot_run
      WHERE msg_id = ? AND bot_username = ? AND lease_owner = ?`,
    [bot, states, sessionId, seqId - nearSeqs, seqId - 1n, msgId, bot, owner],
  );
  return (
    row && {
      ...row,
      isCancelled: Number(row.isCancelled) === 1,
      hasSteps: Number(row.hasSteps) === 1,
      hasWaited: Number(row.hasWaited) === 1,
    }
  );
}
