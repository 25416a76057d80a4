import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Database, isDuplicateKey } from "@resonance/db";
import { ChatError, type Logger } from "@resonance/kit";

export type WorkerLease = AsyncDisposable & {
  /** 0 to 1023, held by no other process that uses this database. Another one when it was lost. */
  readonly workerId: () => number;
  /** Whether the lease is certain to hold still. */
  readonly valid: () => boolean;
};

const workerIds = 1024;
const leaseSeconds = 30;
const usualRenewEveryMs = 5_000;
// A database that comes back is not kept waiting for: messages are refused until then.
const tryAgainAfterMs = 250;
// Stops issuing before another process may take over, whatever the clocks' small differences.
const usualTrustedMs = 20_000;

/**
 * Leases a worker id for message ids. Renewed in the background; while the database does not
 * answer for 20 s, `valid` is false, until at most a quarter of a second after it does. A lease that
 * is lost, to another process or with a database that has gone back, is taken again, of the same id
 * if it is free.
 *
 * @throws ChatError `resource_exhausted` when all 1,024 are taken.
 */
export async function openWorkerLease(
  db: Database,
  log: Logger,
  { renewEveryMs = usualRenewEveryMs, trustedMs = usualTrustedMs } = {},
): Promise<WorkerLease> {
  const owner = randomUUID();
  let workerId = await claimAny(db, owner);
  let askedAtMs = performance.now();
  let renewedAtMs = askedAtMs;
  const stop = new AbortController();
  let isFailing = false;
  const renewing = (async () => {
    for (;;) {
      // From when it was asked: an answer that took long is old when it comes.
      const leftMs = renewEveryMs - (performance.now() - askedAtMs);
      const pauseMs = isFailing ? tryAgainAfterMs : Math.max(0, leftMs);
      await delay(pauseMs, undefined, { signal: stop.signal });
      askedAtMs = performance.now();
      try {
        if (!(await renew(db, workerId, owner))) {
          const lostId = workerId;
          workerId = await claimAny(db, owner, lostId);
          log.error({ lostId, workerId }, "the lease of this worker id was lost");
        }
        renewedAtMs = askedAtMs;
        isFailing = false;
      } catch (error) {
        // Once an outage: it is tried four times a second.
        if (!isFailing) log.warn({ err: error, workerId }, "cannot renew the worker id's lease");
        isFailing = true;
      }
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    workerId: () => workerId,
    valid: () => performance.now() - renewedAtMs < trustedMs,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await renewing;
      await release(db, workerId, owner).catch((error: unknown) =>
        log.warn({ err: error, workerId }, "the worker id stays leased until it lapses"),
      );
    },
  };
}

// Starting anywhere keeps processes that start together from queueing for the same ids.
async function claimAny(
  db: Database,
  owner: string,
  first = randomInt(workerIds),
): Promise<number> {
  for (let step = 0; step < workerIds; step++) {
    const workerId = (first + step) % workerIds;
    if (await claim(db, workerId, owner)) return workerId;
  }
  throw new ChatError("resource_exhausted", `all ${workerIds} worker ids are leased`);
}

async function claim(db: Database, workerId: number, owner: string): Promise<boolean> {
  try {
    await db.execute(
      "INSERT INTO t_worker (worker_id, owner, expires_at) VALUES (?, ?, NOW(3) + INTERVAL ? SECOND)",
      [workerId, owner, leaseSeconds],
    );
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const { affectedRows } = await db.execute(
    `UPDATE t_worker SET owner = ?, expires_at = NOW(3) + INTERVAL ? SECOND
      WHERE worker_id = ? AND expires_at < NOW(3)`,
    [owner, leaseSeconds, workerId],
  );
  return affectedRows === 1;
}

async function renew(db: Database, workerId: number, owner: string): Promise<boolean> {
  const { affectedRows } = await db.execute(
    `UPDATE t_worker SET expires_at = NOW(3) + INTERVAL ? SECOND
      WHERE worker_id = ? AND owner = ?`,
    [leaseSeconds, workerId, owner],
  );
  return affectedRows === 1;
}

async function release(db: Database, workerId: number, owner: string): Promise<void> {
  await db.execute("DELETE FROM t_worker WHERE worker_id = ? AND owner = ?", [workerId, owner]);
}
