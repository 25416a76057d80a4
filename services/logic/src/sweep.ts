import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { bytesOf, type Publisher, publishRows } from "./publish-rows.ts";
import { mark } from "./sent-marks.ts";
import { type DuePlace, type DueRow, listDue, postpone } from "./sql/outbox.ts";
import { leaseSweeping, releaseSweeping } from "./sql/sweepers.ts";
import type { Watermark } from "./watermark.ts";

// Larger ones, some side by side, and less rest between them, are through sooner and hold up who sends.
const sweptRows = 96;
const sweptBytes = 4 * 1024 ** 2;
const restShare = 1;
const fromStartEveryMs = 1_000;
const renewEveryMs = 1_000;

/**
 * Publishes what a crash or an outage left in the outbox, batch after batch, until nothing is due or
 * something fails. One process at a time does so, under a lease: to claim rows would cost as much as
 * to mark them. Where a lease lapses amid the work two publish the same, which consumers take for
 * what it is.
 */
export class Sweeper {
  readonly #publisher: Publisher;
  readonly #watermark: Watermark;
  readonly #owner = randomUUID();

  constructor(publisher: Publisher, watermark: Watermark) {
    this.#publisher = publisher;
    this.#watermark = watermark;
  }

  async sweep(signal: AbortSignal): Promise<void> {
    const { db, guard, log } = this.#publisher;
    const uncertain = await this.#watermark.reopenUncertain(signal);
    if (uncertain > 0) log.info({ rows: uncertain }, "events may not be published: pending again");
    // Without NATS nothing is swept, and where nothing is due nothing is written.
    if (!(await guard.current()) || (await listDue(db, 1)).length === 0) return;
    if (!(await leaseSweeping(db, this.#owner))) return;
    try {
      const swept = await this.#sweepAll(signal);
      if (swept > 0) log.info({ rows: swept }, "published events that were left in the outbox");
    } finally {
      await releaseSweeping(db, this.#owner);
    }
  }

  /**
   * Looks for rows behind those that it had, and now and then from the start: what was postponed,
   * or committed late, may stand before them.
   */
  async #sweepAll(signal: AbortSignal): Promise<number> {
    const { db, guard } = this.#publisher;
    let limit = sweptRows;
    let swept = 0;
    let after: DuePlace | undefined;
    let fromStartAtMs = performance.now() + fromStartEveryMs;
    let renewAtMs = performance.now() + renewEveryMs;
    while (!signal.aborted && (await guard.current())) {
      const startedAtMs = performance.now();
      if (startedAtMs >= fromStartAtMs) {
        after = undefined;
        fromStartAtMs = startedAtMs + fromStartEveryMs;
      }
      if (startedAtMs >= renewAtMs) {
        if (!(await leaseSweeping(db, this.#owner))) break;
        renewAtMs = startedAtMs + renewEveryMs;
      }
      const rows = await listDue(db, limit, after);
      if (!(await this.#publish(rows))) break;
      swept += rows.length;
      if (rows.length < limit) break;
      after = rows.at(-1);
      limit = rowsWithin(sweptBytes, rows);
      const restMs = restShare * (performance.now() - startedAtMs);
      // An aborted rest is over sooner, and that is all.
      await delay(restMs, undefined, { signal }).catch(() => undefined);
    }
    return swept;
  }

  /** Says whether all are published; those that are not are due again soon. Never rejects. */
  async #publish(rows: readonly DueRow[]): Promise<boolean> {
    if (rows.length === 0) return true;
    const { db, log } = this.#publisher;
    const published = await publishRows(this.#publisher, rows);
    if (published) await mark(this.#publisher, published);
    if (published?.isWhole) return true;
    const sent = new Set<unknown>(published?.rows);
    const ids = rows.filter((row) => !sent.has(row)).map(({ id }) => id);
    await postpone(db, ids).catch((error: unknown) =>
      log.warn({ err: error }, "events that could not be published stay first in line"),
    );
    return false;
  }
}

/** How many rows like these have so many bytes. */
function rowsWithin(bytes: number, rows: readonly DueRow[]): number {
  const bytesEach = bytesOf(rows) / rows.length;
  return Math.max(1, Math.min(sweptRows, Math.floor(bytes / bytesEach)));
}
