import type { EventEmitter } from "node:events";
import type { PoolConnection, ResultSetHeader } from "mysql2/promise";
import { readable } from "./driver-error.ts";
import {
  type Database,
  giveBack,
  openPool,
  type Parameter,
  type PoolOptions,
  type Queryable,
  typeCast,
} from "./open-database.ts";
import { retriedWhenLockedOut } from "./transaction.ts";

/**
 * A transaction whose statements travel together: those that are begun in one turn, as in
 * `Promise.all([a(tx), b(tx)])`, are one round trip, and run in that order. When one fails, those
 * after it do not run, and all of the round trip reject with its error, also those before it, but
 * for a commit that is done.
 */
export type PipelinedTransaction = Queryable & {
  /**
   * Commits, in the round trip of the statements that are begun in the same turn. Once. It settles
   * at once when that is done; a query that is begun after it, in the same turn, is answered later,
   * and sees what everybody has committed by then.
   */
  commit(): Promise<void>;
  /** Also where the round trip of the commit failed at a statement after it. */
  readonly isCommitted: boolean;
};

export type Pipeline = AsyncDisposable & {
  /**
   * Like `transaction`. Commits after `work` unless it has done so itself.
   */
  transaction<Result>(
    work: (tx: PipelinedTransaction) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>;
};

/**
 * Opens a pool of its own for transactions of few round trips. Its connections take several
 * statements in one text, which only this file writes: each statement is one of `sql/` whose
 * values the driver has escaped.
 */
export function openPipeline(
  url: string,
  options: Pick<
    PoolOptions,
    "poolSize" | "answerWithinMs" | "tableWaitSeconds" | "lockWaitSeconds"
  >,
): Pipeline {
  const pool = openPool(url, { ...options, multipleStatements: true });
  return {
    transaction: (work, signal) => retriedWhenLockedOut(() => runOnce(pool, work), signal),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

async function runOnce<Result>(
  pool: Database["pool"],
  work: (tx: PipelinedTransaction) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.getConnection().catch((error: unknown) => {
    throw readable(error);
  });
  const tx = new Turns(connection);
  try {
    const began = tx.execute("START TRANSACTION").catch((error: unknown) => {
      // Its round trip may be that of the commit.
      if (!tx.isCommitted) throw error;
    });
    const [result] = await Promise.all([work(tx), began]);
    if (!tx.isCommitted) await tx.commit();
    connection.release();
    return result;
  } catch (error) {
    // A connection whose state is unknown never goes back into the pool.
    connection.rollback().then(
      () => giveBack(connection, error),
      () => connection.destroy(),
    );
    throw readable(error);
  }
}

const commit = "COMMIT";

type Waiting = {
  readonly sql: string;
  resolve(result: unknown): void;
  reject(error: unknown): void;
};

/** Collects the statements of one turn and sends them as one text. */
class Turns implements PipelinedTransaction {
  isCommitted = false;
  readonly #connection: PoolConnection;
  #waiting: Waiting[] = [];

  constructor(connection: PoolConnection) {
    this.#connection = connection;
  }

  async query<Row>(sql: string, parameters: readonly (Parameter | readonly unknown[])[] = []) {
    // The statement's author names the row type: the driver cannot know it.
    return (await this.#add(sql, parameters)) as Row[];
  }

  async execute(sql: string, parameters: readonly (Parameter | readonly unknown[])[] = []) {
    // What the driver answers to a write.
    return (await this.#add(sql, parameters)) as ResultSetHeader;
  }

  async commit(): Promise<void> {
    await this.#add(commit, []);
  }

  #add(sql: string, parameters: readonly (Parameter | readonly unknown[])[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) queueMicrotask(() => void this.#send());
      this.#waiting.push({ sql: this.#connection.format(sql, [...parameters]), resolve, reject });
    });
  }

  /** Never rejects: each statement is settled. */
  async #send(): Promise<void> {
    const statements = this.#waiting;
    this.#waiting = [];
    const sql = statements.map((statement) => statement.sql).join(";\n");
    let answered = 0;
    try {
      const results = await queryAll(this.#connection, sql, () => {
        const statement = statements[answered++];
        if (statement?.sql !== commit) return;
        this.isCommitted = true;
        statement.resolve(undefined);
      });
      const each: readonly unknown[] = statements.length === 1 ? [results] : results;
      for (const [index, { resolve }] of statements.entries()) resolve(each[index]);
    } catch (error) {
      const failure = readable(error);
      for (const { reject } of statements) reject(failure);
    }
  }
}

/** Tells of each statement whose result begins, which the driver's promises do not. */
function queryAll(
  { connection }: PoolConnection,
  sql: string,
  onAnswer: () => void,
): Promise<readonly unknown[]> {
  // The driver's types call it a connection of promises, too.
  const callbackStyle = connection as unknown as CallbackConnection;
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, results: readonly unknown[]) =>
      error ? reject(error) : resolve(results);
    callbackStyle.query({ sql, typeCast }, done).on("fields", onAnswer);
  });
}

type CallbackConnection = {
  query(
    options: { sql: string; typeCast: typeof typeCast },
    done: (error: Error | null, results: readonly unknown[]) => void,
  ): EventEmitter;
};
