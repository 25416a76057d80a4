import { setTimeout as delay } from "node:timers/promises";
import {
  type Database,
  isDuplicateKey,
  type Pipeline,
  type PipelinedTransaction,
  type Transaction,
  transaction,
} from "@resonance/db";
import { ChatError } from "@resonance/kit";
import { type AuditEntry, type AuditRow, hashOf, noHash } from "./audit-entry.ts";
import { findLast, insertRows, setHead } from "./audit-rows.ts";

const attempts = 50;
const maxBatch = 200;
const never = new AbortController().signal;

/**
 * Statements whose effect is committed with entries, begun in one turn. They may run again. Says
 * whether the entries are to be added; where not, it has changed nothing.
 */
export type Alongside = (tx: Transaction) => Promise<boolean>;

type Waiting = {
  readonly entries: readonly AuditEntry[];
  readonly alongside: Alongside;
  readonly resolve: (isAdded: boolean) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Adds to the audit. Whoever is about to do what has to be on record awaits `append` first: it
 * resolves when the entry is durable and in its place in the chain. Entries of one process keep
 * their order; several processes take turns.
 */
export class AuditLog {
  readonly #store: Pick<Pipeline, "transaction">;
  readonly #key: string;
  readonly #nowMs: () => number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  /**
   * @param db a pipeline where entries are waited for: two round trips instead of six
   * @param key of the hash chain: without it nobody can make a chain that holds
   */
  constructor(db: Database | Pipeline, key: string, nowMs: () => number = Date.now) {
    this.#store = "pool" in db ? oneByOne(db) : db;
    this.#key = key;
    this.#nowMs = nowMs;
  }

  /** @throws ChatError when it cannot be written: what it tells of is not to be done then */
  async append(entry: AuditEntry): Promise<void> {
    await this.appendWith([entry], async () => true);
  }

  /**
   * Adds entries, one after the other, in one commit with what `alongside` does. Says whether they
   * were added.
   *
   * @throws ChatError when it cannot be written, or what `alongside` throws: nothing is done then
   */
  appendWith(entries: readonly AuditEntry[], alongside: Alongside): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, alongside, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    // What is appended in one turn is one transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#settle(this.#waiting.splice(0, maxBatch));
    this.#writing = undefined;
  }

  async #settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const added = await this.#writeBatch(batch);
      for (const one of batch) one.resolve(added.has(one));
    } catch (error) {
      const isOfOne = batch.length > 1 && !(error instanceof ChatError && error.retryable);
      // One whose values the database does not take is not to keep out those beside it.
      if (isOfOne) for (const one of batch) await this.#settle([one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<ReadonlySet<Waiting>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#store.transaction((tx) => this.#writeIn(tx, batch), never);
      } catch (error) {
        // Another process was at it: its rows are before ours then.
        if (!isDuplicateKey(error)) throw error;
        if (attempt === attempts) {
          throw new ChatError("aborted", "the audit cannot be written to", { cause: error });
        }
        await delay(Math.random() * 10 * Math.min(attempt, 10));
      }
    }
  }

  async #writeIn(
    tx: PipelinedTransaction,
    batch: readonly Waiting[],
  ): Promise<ReadonlySet<Waiting>> {
    const [last, ...isAdded] = await Promise.all([
      findLast(tx),
      ...batch.map(({ alongside }) => alongside(tx)),
    ]);
    const added = batch.filter((_one, index) => isAdded[index]);
    const rows = this.#chain(
      added.flatMap(({ entries }) => entries),
      last,
    );
    const end = rows.at(-1);
    if (end) await Promise.all([insertRows(tx, rows), setHead(tx, end), tx.commit()]);
    return new Set(added);
  }

  #chain(entries: readonly AuditEntry[], last: AuditRow | undefined): AuditRow[] {
    const rows: AuditRow[] = [];
    for (const { kind, actor, sessionId, msgId, details } of entries) {
      const before = rows.at(-1) ?? last;
      const row = {
        seq: (before?.seq ?? 0n) + 1n,
        atMs: BigInt(this.#nowMs()),
        kind,
        actor,
        sessionId: sessionId ?? null,
        msgId: msgId ?? null,
        details: JSON.stringify(details),
        previousHash: before?.hash ?? noHash,
      };
      rows.push({ ...row, hash: hashOf(this.#key, row) });
    }
    return rows;
  }
}

/** A database whose statements travel one by one, and whose transactions commit at their end. */
function oneByOne(db: Database): Pick<Pipeline, "transaction"> {
  return {
    transaction: (work, signal) =>
      transaction(
        db,
        (tx) => work({ ...tx, commit: () => Promise.resolve(), isCommitted: false }),
        signal,
      ),
  };
}
