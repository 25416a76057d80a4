import { setTimeout as delay } from "node:timers/promises";
import { type Database, isDuplicateKey, transaction } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import { type AuditEntry, type AuditRow, hashOf, noHash } from "./audit-entry.ts";
import { findLast, insertRows, setHead } from "./audit-rows.ts";

const attempts = 50;
const maxBatch = 200;
const never = new AbortController().signal;

type Waiting = {
  readonly entry: AuditEntry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Adds to the audit. Whoever is about to do what has to be on record awaits `append` first: it
 * resolves when the entry is durable and in its place in the chain. Entries of one process keep
 * their order; several processes take turns.
 */
export class AuditLog {
  readonly #db: Database;
  readonly #key: string;
  readonly #nowMs: () => number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  /** @param key of the hash chain: without it nobody can make a chain that holds */
  constructor(db: Database, key: string, nowMs: () => number = Date.now) {
    this.#db = db;
    this.#key = key;
    this.#nowMs = nowMs;
  }

  /** @throws ChatError when it cannot be written: what it tells of is not to be done then */
  append(entry: AuditEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    // What is appended in one turn is one transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch);
      try {
        await this.#writeBatch(batch.map(({ entry }) => entry));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = undefined;
  }

  async #writeBatch(entries: readonly AuditEntry[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await transaction(
          this.#db,
          async (tx) => {
            const last = await findLast(tx);
            const rows = this.#chain(entries, last);
            const end = rows.at(-1);
            if (!end) return;
            await insertRows(tx, rows);
            await setHead(tx, end);
          },
          never,
        );
        return;
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
