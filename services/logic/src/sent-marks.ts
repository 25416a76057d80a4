import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import type { DueRow, OutboxRow } from "./sql/outbox.ts";
import { markSent, type StreamRun } from "./sql/stream-runs.ts";
import type { StreamGuard } from "./stream-guard.ts";

/** Rows that the server has. */
export type Published = {
  readonly run: StreamRun;
  /** How far the stream reaches. */
  readonly lastSeq: number;
  readonly rows: readonly (OutboxRow | DueRow)[];
  /** Whether they are all that was to be published. */
  readonly isWhole: boolean;
};

type Deps = { readonly db: Database; readonly log: Logger; readonly guard: StreamGuard };

// Rows are due for the sweeper 2 s after their commit.
const usualTogetherMs = 500;
// MariaDB turns a list of 1,000 values into a table of its own, and reads the outbox whole for it.
const maxRows = 512;

/**
 * Marks published rows as sent, behind the publishing and many in one commit: a mark of its own for
 * every few rows costs as much as storing their messages. What fills a commit does not wait: else
 * more than 5,000 rows a second would wait longer and longer, and be swept. Rows that a crash leaves
 * unmarked are published twice. Disposing marks what is waiting.
 */
export class SentMarks implements AsyncDisposable {
  readonly #deps: Deps;
  readonly #stop = new AbortController();
  readonly #togetherMs: number;
  #waiting: Published[] = [];
  #waitingRows = 0;
  #marking: Promise<void> | undefined;

  constructor(deps: Deps, { togetherMs = usualTogetherMs }: { togetherMs?: number } = {}) {
    this.#deps = deps;
    this.#togetherMs = togetherMs;
  }

  get waitingRows(): number {
    return this.#waitingRows;
  }

  add(published: Published): void {
    this.#waiting.push(published);
    this.#waitingRows += published.rows.length;
    this.#marking ??= this.#mark();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#marking;
  }

  /** Never rejects. */
  async #mark(): Promise<void> {
    while (this.#waiting.length > 0) {
      const { signal } = this.#stop;
      if (this.#waitingRows < maxRows && !signal.aborted) {
        // An aborted wait is over sooner, and that is all.
        await delay(this.#togetherMs, undefined, { signal }).catch(() => undefined);
      }
      await mark(this.#deps, this.#takeOneRun());
    }
    this.#marking = undefined;
  }

  #takeOneRun(): Published {
    const [first, ...rest] = this.#waiting;
    if (!first) throw new TypeError("nothing waits");
    const rows = [...first.rows];
    let { lastSeq } = first;
    let taken = 1;
    for (const next of rest) {
      if (next.run !== first.run && !isSameRun(next.run, first.run)) break;
      if (rows.length + next.rows.length > maxRows) break;
      rows.push(...next.rows);
      lastSeq = Math.max(lastSeq, next.lastSeq);
      taken += 1;
    }
    this.#waiting = this.#waiting.slice(taken);
    this.#waitingRows -= rows.length;
    return { run: first.run, lastSeq, rows, isWhole: true };
  }
}

/** Marks rows now. Never rejects: what is not marked is published again later. */
export async function mark(
  { db, log, guard }: Deps,
  { run, lastSeq, rows }: Published,
): Promise<void> {
  const ids = rows.flatMap((row) => ("id" in row ? [row.id] : []));
  const marked = ids.length > 0 ? { ids } : { msgIds: rows.map(({ msgId }) => msgId) };
  try {
    if (!(await markSent(db, run, marked, lastSeq))) guard.doubt();
  } catch (error) {
    // Consumers take the second copy for what it is.
    log.warn({ err: error, rows: rows.length }, "cannot mark events as sent");
  }
}

export function isSameRun(one: StreamRun, other: StreamRun): boolean {
  return one.runId === other.runId && one.createdAt === other.createdAt;
}
