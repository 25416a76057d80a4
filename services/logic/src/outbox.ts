import { setTimeout as delay } from "node:timers/promises";
import { crc32 } from "node:zlib";
import type { Bus, Receipt } from "@resonance/bus";
import { type Database, transaction } from "@resonance/db";
import { failpoint, type Logger, startRepeating } from "@resonance/kit";
import { deliveredHeader, formatDelivered, type MsgId } from "@resonance/mq-proto";
import { PublishTrouble } from "./publish-trouble.ts";
import { mark, type Published, SentMarks } from "./sent-marks.ts";
import {
  type ClaimedRow,
  claimDue,
  type DuePlace,
  deleteOldSent,
  type OutboxRow,
  releaseClaims,
} from "./sql/outbox.ts";
import { StreamGuard } from "./stream-guard.ts";
import { type Cover, reopenUncertain, Watermark } from "./watermark.ts";

export type Outbox = AsyncDisposable & {
  /**
   * What answers for the events of one transaction, so that they may be stored as sent; undefined
   * where they are to be stored as pending. What is given is published, or uncovered.
   */
  cover(rows: readonly OutboxRow[]): Cover | undefined;
  /** After a transaction that has stored nothing of it, or nobody knows. */
  uncover(cover: Cover, isStored: "no" | "unknown"): void;
  /** Publishes committed rows soon. Never fails and never waits: the sweeper is the safety net. */
  publish(rows: readonly OutboxRow[]): void;
};

export type OutboxMetrics = {
  publishFailed(events: number): void;
  /** Events that the stream had lost, or seemed to. */
  reopened(events: number): void;
};

const batchRows = 256;
// Nobody waits for the event of a message that is delivered, and every few of them wake NATS and Task.
const togetherMs = 20;
// The next events do not wait for the confirmation of the last ones.
const maxPublishing = 4;
// Larger ones, some side by side, and no rest between them, are through sooner and hold up who sends.
const sweptRows = 96;
const sweptBytes = 4 * 1024 ** 2;
const sweepRestShare = 0.3;
// Beyond these, rows are left to the sweeper: the database holds them, memory need not.
const maxWaitingRows = 20_000;
const maxWaitingBytes = 32 * 1024 ** 2;
const sweepEveryMs = 1_000;
const purgeEveryMs = 60_000;

/**
 * Moves committed rows to JetStream and marks them as sent: at once for those handed over by
 * `publish`, within seconds for those that a crash, an outage or a lost stream left behind.
 * Disposing publishes what is waiting.
 *
 * @param manyRows from how many that wait to be marked events are covered instead.
 */
export function openOutbox(
  deps: {
    db: Database;
    bus: Bus;
    log: Logger;
    metrics: OutboxMetrics;
  },
  { manyRows = 256 } = {},
): Outbox {
  const { db, log, metrics } = deps;
  const guard = new StreamGuard(deps);
  const publisher = {
    ...deps,
    guard,
    trouble: new PublishTrouble(log, (events) => metrics.publishFailed(events)),
  };
  let waiting: OutboxRow[] = [];
  let waitingBytes = 0;
  const publishing = new Set<Promise<void>>();

  const marks = new SentMarks(publisher);
  const watermark = new Watermark(publisher);

  const publishSome = async (rows: readonly OutboxRow[]): Promise<void> => {
    const published = await publishRows(publisher, rows);
    if (published) {
      watermark.published(published);
      const pending = published.rows.filter((row) => !row.cover);
      if (pending.length > 0) marks.add({ ...published, rows: pending });
      if (marks.waitingRows >= manyRows) watermark.begin(lastMsgId(rows));
    }
    if (published?.isWhole) return;
    // NATS is away: trying the rest one timeout after another helps nobody.
    waiting = [];
    waitingBytes = 0;
    watermark.giveUp();
  };
  let together: NodeJS.Timeout | undefined;
  const publishWaiting = (): void => {
    clearTimeout(together);
    together = undefined;
    while (publishing.size < maxPublishing && waiting.length > 0) {
      const rows = waiting.splice(0, endOfBatch(waiting));
      waitingBytes -= bytesOf(rows);
      const run = publishSome(rows);
      publishing.add(run);
      void run.then(() => {
        publishing.delete(run);
        if (!together) publishWaiting();
      });
    }
  };
  const failure = "outbox work failed; it is tried again";
  const sweeping = startRepeating({ everyMs: sweepEveryMs, log, failure }, (signal) =>
    sweep(publisher, signal),
  );
  const purging = startRepeating({ everyMs: purgeEveryMs, log, failure }, async (signal) => {
    // What is old may not be published yet, if there was no Logic for a day.
    await reopenUncertain(db, signal);
    while ((await deleteOldSent(db, batchRows)) === batchRows) signal.throwIfAborted();
  });

  return {
    cover: (rows) => watermark.cover(rows),
    uncover(cover, isStored) {
      if (isStored === "no") watermark.drop(cover);
      else watermark.giveUp();
    },
    publish(rows) {
      if (rows.length === 0) return;
      const bytes = bytesOf(rows);
      if (waiting.length + rows.length > maxWaitingRows || waitingBytes + bytes > maxWaitingBytes) {
        watermark.giveUp();
        return;
      }
      waiting.push(...rows);
      waitingBytes += bytes;
      const mayWait = waiting.length < batchRows && rows.every(({ delivered }) => delivered);
      if (mayWait) together ??= setTimeout(publishWaiting, togetherMs);
      else publishWaiting();
    },
    async [Symbol.asyncDispose]() {
      publishWaiting();
      const repeating = [sweeping, purging].map((one) => one[Symbol.asyncDispose]());
      while (publishing.size > 0) await Promise.all(publishing);
      await watermark[Symbol.asyncDispose]();
      await marks[Symbol.asyncDispose]();
      await Promise.all(repeating);
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
};

/**
 * Publishes what is due, batch after batch, until nothing is or something fails. Looks for rows
 * behind those that it had, and now and then from the start: what others held, or committed late,
 * may stand before them.
 */
async function sweep(publisher: Publisher, signal: AbortSignal): Promise<void> {
  const { db, guard, log } = publisher;
  const uncertain = await reopenUncertain(db, signal);
  if (uncertain > 0) log.info({ rows: uncertain }, "events may not be published: pending again");
  let limit = sweptRows;
  let swept = 0;
  let after: DuePlace | undefined;
  let fromStartAtMs = performance.now() + sweepEveryMs;
  // Rows are not claimed while they cannot be published: so they are due when they can.
  while (!signal.aborted && (await guard.current())) {
    const startedAtMs = performance.now();
    if (startedAtMs >= fromStartAtMs) {
      after = undefined;
      fromStartAtMs = startedAtMs + sweepEveryMs;
    }
    const rows = await transaction(db, (tx) => claimDue(tx, limit, after), signal);
    if (!(await publishClaimed(publisher, rows))) break;
    swept += rows.length;
    if (rows.length < limit) break;
    after = rows.at(-1);
    limit = rowsWithin(sweptBytes, rows);
    const restMs = sweepRestShare * (performance.now() - startedAtMs);
    // An aborted rest is over sooner, and that is all.
    await delay(restMs, undefined, { signal }).catch(() => undefined);
  }
  if (swept > 0) log.info({ rows: swept }, "published events that were left in the outbox");
}

/** How many rows like these have so many bytes. */
function rowsWithin(bytes: number, rows: readonly ClaimedRow[]): number {
  const bytesEach = bytesOf(rows) / rows.length;
  return Math.max(1, Math.min(sweptRows, Math.floor(bytes / bytesEach)));
}

/** Says whether all are published; those that are not are due again soon. Never rejects. */
async function publishClaimed(publisher: Publisher, rows: readonly ClaimedRow[]): Promise<boolean> {
  if (rows.length === 0) return true;
  const published = await publishRows(publisher, rows);
  if (published) await mark(publisher, published);
  if (published?.isWhole) return true;
  const ids = rows.map(({ id }) => id);
  await releaseClaims(publisher.db, ids).catch((error: unknown) =>
    publisher.log.warn({ err: error }, "claimed events are due again when their claim is over"),
  );
  return false;
}

/**
 * Publishes all rows side by side. Says which of them the server has; undefined when it has none.
 */
async function publishRows(
  { bus, guard, trouble }: Publisher,
  rows: readonly (OutboxRow | ClaimedRow)[],
): Promise<Published | undefined> {
  const run = await guard.current();
  if (!run) {
    trouble.failed(rows.length, new Error("NATS is away, or its stream cannot be checked"));
    return undefined;
  }
  const connection = bus.connection();
  const outcomes = await bus.publishAllStored(
    rows.map((row) => ({
      topic: row.topic,
      payload: row.payload,
      id: publishId(row),
      // With an event that is confirmed over the same connection its delivery is out; else Task has
      // to deliver.
      ...(row.delivered?.connection === connection
        ? { header: [deliveredHeader, formatDelivered(row.delivered.owners)] }
        : {}),
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

function lastMsgId(rows: readonly OutboxRow[]): MsgId {
  const [first, ...rest] = rows.map(({ msgId }) => msgId);
  if (first === undefined) throw new TypeError("no rows");
  return rest.reduce((last, msgId) => (msgId > last ? msgId : last), first);
}

function bytesOf(rows: readonly OutboxRow[]): number {
  return rows.reduce((bytes, row) => bytes + row.payload.length, 0);
}
