import { ChatError, retry } from "@resonance/kit";
import { errno, readable } from "./driver-error.ts";
import { type Database, giveBack, type Queryable, queryable } from "./open-database.ts";

export type Transaction = Queryable;

/**
 * Runs `work` in one READ COMMITTED transaction. A deadlock (1213) or lock wait (1205) rolls back
 * and runs the whole of it again, three times in all: `work` must have no other effects.
 *
 * @throws ChatError `aborted` when it is locked out three times, `unavailable` when the connection
 * is lost (it may be committed then) or the server cannot write. What `work` throws comes out as it is.
 */
export async function transaction<Result>(
  db: Database,
  work: (tx: Transaction) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  return await retriedWhenLockedOut(() => runOnce(db, work), signal);
}

/** Runs a whole transaction up to three times. @throws ChatError `aborted` after the third. */
export async function retriedWhenLockedOut<Result>(
  run: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const options = { attempts: 3, baseMs: 5, maxMs: 50, retryable: isRetryable };
  try {
    return await retry(run, options, signal);
  } catch (error) {
    if (!isRetryable(error)) throw error;
    throw new ChatError("aborted", "locked out by other transactions", { cause: error });
  }
}

/** Whether the statement hit a unique key. The numbers are the same on MySQL and MariaDB. */
export function isDuplicateKey(error: unknown): boolean {
  return errno(error) === 1062;
}

/** Whether the statement gave NULL to a column that takes none. */
export function isNullRefused(error: unknown): boolean {
  return errno(error) === 1048;
}

/** Whether the same transaction may succeed when run again: deadlock or lock wait. */
export function isRetryable(error: unknown): boolean {
  return errno(error) === 1213 || errno(error) === 1205;
}

async function runOnce<Result>(
  db: Database,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const connection = await db.pool.getConnection().catch((error: unknown) => {
    throw readable(error);
  });
  const { tx, end } = oneAfterAnother(queryable(connection));
  try {
    await connection.beginTransaction();
    const result = await work(tx);
    end();
    await connection.commit();
    connection.release();
    return result;
  } catch (error) {
    end();
    // A connection whose state is unknown never goes back into the pool.
    connection.rollback().then(
      () => giveBack(connection, error),
      () => connection.destroy(),
    );
    throw readable(error);
  }
}

/**
 * The statements of one transaction in the order in which they are begun. When one fails, those that
 * are begun already do not run: a deadlock has ended the transaction, and the server would commit
 * each of them by itself. None runs after `end`.
 */
function oneAfterAnother(connection: Queryable): { tx: Queryable; end(): void } {
  let last: Promise<unknown> = Promise.resolve();
  let isOver = false;
  const next = <Result>(run: () => Promise<Result>): Promise<Result> => {
    const result = last.then(() => {
      if (isOver) throw new TypeError("the transaction is over");
      return run();
    });
    last = result;
    result.catch(() => {
      // Whoever takes the failure may go on.
      if (last === result) last = Promise.resolve();
    });
    return result;
  };
  return {
    tx: {
      query: (sql, parameters) => next(() => connection.query(sql, parameters)),
      execute: (sql, parameters) => next(() => connection.execute(sql, parameters)),
    },
    end() {
      isOver = true;
    },
  };
}
