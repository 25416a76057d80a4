import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { crc32 } from "node:zlib";
import type { Bus, Receipt } from "@resonance/bus";
import { type Database, transaction } from "@resonance/db";
import { failpoint, type Logger } from "@resonance/kit";
import { audienceHeader, formatAudience, type MsgId } from "@resonance/mq-proto";
import { PublishTrouble } from "./publish-trouble.ts";
import { mark, type Published, SentMarks } from "./sent-marks.ts";
import {
  type ClaimedRow,
  claimDue,
  deleteOldSent,
  type OutboxRow,
  releaseClaims,
} from "./sql/outbox.ts";
import { StreamGuard } from "./stream-guard.ts";

export type Outbox = AsyncDisposable & {
  /** Publishes committed rows soon. Never fails and never waits: the sweeper is the safety net. */
  publish(rows: readonly OutboxRow[]): void;
};

export type OutboxMetrics = {
  publishFailed(events: number): void;
  /** Events that the stream had lost, or seemed to. */
  reopened(events: number): void;
};

const batchRows = 256;
// The next events do not wait for the confirmation of the last ones.
const maxPublishing = 4;
// A backlog has no hurry: larger batches take less of the database.
const sweptRows = 512;
// Beyond these, rows are left to the sweeper: the database holds them, memory need not.
const maxWaitingRows = 20_000;
const maxWaitingBytes = 32 * 1024 ** 2;
const sweepEveryMs = 1_000;
const purgeEveryMs = 60_000;

/**
 * Moves committed rows to JetStream and marks them as sent: at once for those handed over by
 * `publish`, within seconds for those that a crash, an outage or a lost stream left behind.
 * Disposing publishes what is waiting.
 */
export function openOutbox(deps: {
  db: Database;
  bus: Bus;
  log: Logger;
  metrics: OutboxMetrics;
}): Outbox {
  const { db, log, metrics } = deps;
  const stop = new AbortController();
  const guard = new StreamGuard(deps);
  const publisher = {
    ...deps,
    guard,
    claimer: randomUUID(),
    trouble: new PublishTrouble(log, (events) => metrics.publishFailed(events)),
  };
  let waiting: OutboxRow[] = [];
  let waitingBytes = 0;
  const publishing = new Set<Promise<void>>();

  const marks = new SentMarks(publisher);

  const publishSome = async (rows: readonly OutboxRow[]): Promise<void> => {
    const published = await publishRows(publisher, rows);
    if (published) marks.add(published);
    if (published?.isWhole) return;
    // NATS is away: trying the rest one timeout after another helps nobody.
    waiting = [];
    waitingBytes = 0;
  };
  const publishWaiting = (): void => {
    while (publishing.size < maxPublishing && waiting.length > 0) {
      const rows = waiting.splice(0, endOfBatch(waiting));
      waitingBytes -= bytesOf(rows);
      const run = publishSome(rows);
      publishing.add(run);
      void run.then(() => {
        publishing.delete(run);
        publishWaiting();
      });
    }
  };
  const sweeping = every(sweepEveryMs, stop.signal, log, () => sweep(publisher, stop.signal));
  const purging = every(purgeEveryMs, stop.signal, log, async () => {
    while ((await deleteOldSent(db, batchRows)) === batchRows) stop.signal.throwIfAborted();
  });

  return {
    publish(rows) {
      const bytes = bytesOf(rows);
      if (rows.length === 0 || waiting.length + rows.length > maxWaitingRows) return;
      if (waitingBytes + bytes > maxWaitingBytes) return;
      waiting.push(...rows);
      waitingBytes += bytes;
      publishWaiting();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      while (publishing.size > 0) await Promise.all(publishing);
      await marks[Symbol.asyncDispose]();
      await Promise.all([sweeping, purging]);
      await guard[Symbol.asyncDispose]();
    },
  };
}

type Publisher = {
  readonly db: Database;
  readonly bus: Bus;
  readonly log: Logger;
  readonly guard: StreamGuard;
  readonly trouble: PublishTrouble;
  /** What the rows that this process publishes are marked with. */
  readonly claimer: string;
};

/** Publishes what is due, a batch after another, until nothing is or something fails. */
async function sweep(publisher: Publisher, signal: AbortSignal): Promise<void> {
  const { db, guard, log, claimer } = publisher;
  let swept = 0;
  while (!signal.aborted) {
    // Rows are not claimed while they cannot be published: so they are due when they can.
    if (!(await guard.current())) break;
    const rows = await transaction(db, (tx) => claimDue(tx, claimer, sweptRows), signal);
    if (rows.length === 0) break;
    const published = await publishRows(publisher, rows);
    if (published) await mark(publisher, published);
    if (!published?.isWhole) {
      await releaseClaims(
        db,
        rows.map(({ id }) => id),
      );
      break;
    }
    swept += rows.length;
    if (rows.length < sweptRows) break;
  }
  if (swept > 0) log.info({ rows: swept }, "published events that were left in the outbox");
}

/** Publishes rows side by side. Says which of them the server has; undefined when it has none. */
async function publishRows(
  { bus, guard, trouble }: Publisher,
  rows: readonly (OutboxRow | ClaimedRow)[],
): Promise<Published | undefined> {
  const run = await guard.current();
  if (!run) {
    trouble.failed(rows.length, new Error("NATS is away, or its stream cannot be checked"));
    return undefined;
  }
  const outcomes = await bus.publishAllStored(
    rows.map((row) => ({
      topic: row.topic,
      payload: row.payload,
      id: publishId(row),
      ...(row.audience ? { header: [audienceHeader, formatAudience(row.audience)] } : {}),
    })),
  );
  failpoint("logic.after_publish");
  const receipts: Receipt[] = [];
  const failed = new Set<MsgId>();
  let cause: unknown;
  for (const [index, outcome] of outcomes.entries()) {
    if (!(outcome instanceof Error)) {
      receipts.push(outcome);
      continue;
    }
    cause = outcome;
    const row = rows[index];
    if (row) failed.add(row.msgId);
  }
  if (failed.size === 0) {
    trouble.passed();
  } else {
    trouble.failed(failed.size, cause);
    // The stream may be gone, which a look at it mends.
    guard.doubt();
  }
  const lastSeq = guard.confirm(run, receipts);
  const sent = rows.filter((row) => !failed.has(row.msgId));
  if (lastSeq === undefined || sent.length === 0) return undefined;
  return { run, lastSeq, rows: sent, isWhole: failed.size === 0 };
}

/** All rows of a message go together: they are marked together. */
function endOfBatch(rows: readonly OutboxRow[]): number {
  let end = Math.min(batchRows, rows.length);
  while (end < rows.length && rows[end]?.msgId === rows[end - 1]?.msgId) end += 1;
  return end;
}

/** One event's id for as long as it is in the outbox. Two bots asked by one message get two. */
function publishId(row: OutboxRow): string {
  return `${row.topic}:${row.msgId}:${crc32(row.payload).toString(16)}`;
}

function bytesOf(rows: readonly OutboxRow[]): number {
  return rows.reduce((bytes, row) => bytes + row.payload.length, 0);
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
