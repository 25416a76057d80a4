import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Bus } from "@resonance/bus";
import type { Database } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import type { MsgId } from "@resonance/mq-proto";
import { claimDue, deleteOldSent, markSent, type OutboxRow } from "./sql/outbox.ts";

export type Outbox = AsyncDisposable & {
  /** Publishes committed rows soon. Never fails and never waits: the sweeper is the safety net. */
  publish(rows: readonly OutboxRow[]): void;
};

const batchRows = 256;
// Beyond this, rows are left to the sweeper: the database holds them, memory need not.
const maxWaitingRows = 20_000;
const sweepEveryMs = 1_000;
const purgeEveryMs = 60_000;

/**
 * Moves committed rows to JetStream and marks them as sent: at once for those handed over by
 * `publish`, within seconds for those that a crash or an outage left behind. Disposing publishes
 * what is waiting.
 */
export function openOutbox(deps: { db: Database; bus: Bus; log: Logger }): Outbox {
  const { db, log } = deps;
  const stop = new AbortController();
  let waiting: OutboxRow[] = [];
  let publishing: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const rows = waiting.splice(0, batchRows);
      if (!(await publishRows(deps, rows))) {
        // NATS is away: trying the rest one timeout after another helps nobody.
        waiting = [];
      }
    }
  };
  const publishWaiting = (): void => {
    if (publishing || waiting.length === 0) return;
    publishing = drain().finally(() => {
      publishing = undefined;
      // What arrived between the last look and now has found somebody at work.
      publishWaiting();
    });
  };
  const sweeping = every(sweepEveryMs, stop.signal, log, async () => {
    for (;;) {
      const rows = await claimDue(db, randomUUID(), batchRows);
      if (rows.length === 0) return;
      log.info({ rows: rows.length }, "publishing events that were left in the outbox");
      if (!(await publishRows(deps, rows)) || rows.length < batchRows) return;
    }
  });
  const purging = every(purgeEveryMs, stop.signal, log, async () => {
    while ((await deleteOldSent(db, batchRows)) === batchRows) stop.signal.throwIfAborted();
  });

  return {
    publish(rows) {
      if (rows.length === 0 || waiting.length + rows.length > maxWaitingRows) return;
      waiting.push(...rows);
      publishWaiting();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      while (publishing) await publishing;
      await Promise.all([sweeping, purging]);
    },
  };
}

/** Publishes rows side by side and marks those that the server has. Says whether it has all. */
async function publishRows(
  { db, bus, log }: { db: Database; bus: Bus; log: Logger },
  rows: readonly OutboxRow[],
): Promise<boolean> {
  const outcomes = await Promise.allSettled(
    rows.map((row) => bus.publishStored(row.topic, row.payload, `${row.topic}:${row.msgId}`)),
  );
  const failed = new Set<MsgId>();
  let cause: unknown;
  for (const [index, outcome] of outcomes.entries()) {
    const row = rows[index];
    if (outcome.status === "fulfilled" || !row) continue;
    failed.add(row.msgId);
    cause = outcome.reason;
  }
  if (failed.size > 0) log.warn({ err: cause, rows: failed.size }, "events stay in the outbox");
  const sent = new Set(rows.map((row) => row.msgId).filter((msgId) => !failed.has(msgId)));
  try {
    await markSent(db, [...sent]);
  } catch (error) {
    // They are published again later; consumers take the second copy for what it is.
    log.warn({ err: error, rows: sent.size }, "cannot mark events as sent");
  }
  return failed.size === 0;
}

async function every(
  intervalMs: number,
  signal: AbortSignal,
  log: Logger,
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await delay(intervalMs, undefined, { signal });
      await work();
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "outbox work failed; it is tried again");
    }
  }
}
