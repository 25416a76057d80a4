import { crc32 } from "node:zlib";
import type { Bus, Receipt } from "@resonance/bus";
import type { Database } from "@resonance/db";
import { failpoint, type Logger } from "@resonance/kit";
import { deliveredHeader, formatDelivered, type MsgId } from "@resonance/mq-proto";
import type { PublishTrouble } from "./publish-trouble.ts";
import type { Published } from "./sent-marks.ts";
import type { DueRow, OutboxRow } from "./sql/outbox.ts";
import type { StreamGuard } from "./stream-guard.ts";

export type Publisher = {
  readonly db: Database;
  readonly bus: Bus;
  readonly log: Logger;
  readonly guard: StreamGuard;
  readonly trouble: PublishTrouble;
};

/**
 * Publishes all rows side by side. Says which of them the server has; undefined when it has none.
 */
export async function publishRows(
  { bus, guard, trouble }: Publisher,
  rows: readonly (OutboxRow | DueRow)[],
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

/** One event's id for as long as it is in the outbox. Two bots asked by one message get two. */
function publishId(row: OutboxRow): string {
  return `${row.topic}:${row.msgId}:${crc32(row.payload).toString(16)}`;
}

export function bytesOf(rows: readonly OutboxRow[]): number {
  return rows.reduce((bytes, row) => bytes + row.payload.length, 0);
}
