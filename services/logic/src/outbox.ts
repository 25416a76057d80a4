import type { Bus } from "@resonance/bus";
import type { Database } from "@resonance/db";
import { type Logger, startRepeating } from "@resonance/kit";
import type { MsgId } from "@resonance/mq-proto";
import { bytesOf, publishRows } from "./publish-rows.ts";
import { PublishTrouble } from "./publish-trouble.ts";
import { SentMarks } from "./sent-marks.ts";
import { deleteOldSent, type OutboxRow } from "./sql/outbox.ts";
import { StreamGuard } from "./stream-guard.ts";
import { Sweeper } from "./sweep.ts";
import { type Cover, Watermark } from "./watermark.ts";

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
  const sweeper = new Sweeper(publisher, watermark);
  const sweeping = startRepeating({ everyMs: sweepEveryMs, log, failure }, (signal) =>
    sweeper.sweep(signal),
  );
  const purging = startRepeating({ everyMs: purgeEveryMs, log, failure }, async (signal) => {
    // What is old may not be published yet, if there was no Logic for a day.
    await watermark.reopenUncertain(signal);
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

/** All rows of a message go together: they are marked together. */
function endOfBatch(rows: readonly OutboxRow[]): number {
  let end = Math.min(batchRows, rows.length);
  while (end < rows.length && rows[end]?.msgId === rows[end - 1]?.msgId) end += 1;
  return end;
}

function lastMsgId(rows: readonly OutboxRow[]): MsgId {
  const [first, ...rest] = rows.map(({ msgId }) => msgId);
  if (first === undefined) throw new TypeError("no rows");
  return rest.reduce((last, msgId) => (msgId > last ? msgId : last), first);
}
