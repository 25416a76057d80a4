import { setTimeout as delay } from "node:timers/promises";
import { fromBinary } from "@bufbuild/protobuf";
import { type Bus, batches, type Deliver, type StoredMessage } from "@resonance/bus";
import type { Database } from "@resonance/db";
import { isRetryable } from "@resonance/db";
import { failpoint, type Logger } from "@resonance/kit";
import { deliveredHeader, PushEventSchema, parseDelivered, topicOf } from "@resonance/mq-proto";
import type { Audiences } from "./audiences.ts";
import { type Announced, fanOut } from "./fan-out.ts";
import type { TaskMetrics } from "./metrics.ts";
import { insertDeadLetter } from "./sql/dead-letters.ts";
import { type InboxRow, insertInbox } from "./sql/inbox.ts";

type Deps = {
  readonly db: Database;
  readonly bus: Bus;
  readonly log: Logger;
  readonly deliver: Deliver;
  readonly audiences: Audiences;
  readonly metrics: TaskMetrics;
  /** Called once, when what is announced from then on arrives here. */
  readonly onOpen?: () => void;
};

type Arrived = Announced & { readonly stored: StoredMessage };

type Delivered = Arrived & {
  readonly inbox: readonly InboxRow[];
  /** The connection to NATS at that time. */
  readonly connection: number;
};

const maxBatch = 256;
// Of those that are delivered and not yet in the inboxes.
const maxBehind = 1_024;
// A commit for every few rows would make the next messages wait for the disk.
const togetherMs = 250;
// How late an event is whose Task has died. A batch that takes longer comes twice, which harms not.
const ackWaitMs = 10_000;
const maxAckPending = 4_096;
const retryDelayMs = 1_000;
/** An event that the database still refuses alone after this many deliveries is kept aside. */
const maxDeliveries = 8;

/**
 * Fans out what arrives, a batch at a time, until aborted. Inbox rows are written behind the
 * deliveries, those of a quarter of a second in one commit, and an event is acknowledged when its
 * rows are durable. One whose rows the database does not take comes again every second, and is not delivered again.
 * When a batch fails its events are tried alone, so that one bad event does not hold up the others;
 * one that cannot be handled ends in t_dead_letter with its cause.
 */
export async function consumePushes(deps: Deps, signal: AbortSignal): Promise<void> {
  const topic = topicOf(PushEventSchema);
  const options = {
    durable: "task",
    topic,
    maxMessages: maxBatch,
    ackWaitMs,
    maxAckPending,
    onOpen: deps.onOpen,
  };
  const delivered = new Set<bigint>();
  let behind: Delivered[] = [];
  let writing: Promise<void> | undefined;
  const write = async () => {
    while (behind.length > 0) {
      // An aborted wait is over sooner, and that is all.
      if (behind.length < maxBatch && !signal.aborted) {
        await delay(togetherMs, undefined, { signal }).catch(() => undefined);
      }
      const together = behind.splice(0, maxBatch);
      const isWritten = await each(deps, together, (some) => writeInboxes(deps, some));
      for (const one of isWritten) settle(deps.bus, one);
      remember(delivered, together, isWritten);
      deps.metrics.fannedOut(isWritten.length);
    }
    writing = undefined;
  };
  for await (const batch of batches(deps.bus, options, signal)) {
    const arrived = await decoded(deps, batch);
    // One that was set aside and is replayed is delivered.
    for (const { stored, event } of arrived) {
      if (stored.deliveryCount === 1) delivered.delete(event.msgId);
    }
    await each(deps, arrived, async (some) => {
      const connection = deps.bus.connection();
      const inboxes = await fanOut({ ...deps, delivered }, some);
      behind = behind.concat(
        some.map((one, index) => ({ ...one, inbox: inboxes[index] ?? [], connection })),
      );
    });
    if (behind.length > 0) writing ??= write();
    if (behind.length > maxBehind) await writing;
  }
  await writing;
}

/** What was delivered from here over a connection that broke may be lost: it comes again. */
function settle(bus: Bus, { stored, delivered, connection }: Delivered): void {
  if (delivered || connection === bus.connection()) stored.ack();
  else stored.nak();
}

/** Keeps which messages are delivered and come again. Others than this process may get them then. */
function remember(
  delivered: Set<bigint>,
  tried: readonly Delivered[],
  isWritten: readonly Delivered[],
): void {
  if (delivered.size === 0 && tried.length === isWritten.length) return;
  for (const { event } of tried) delivered.add(event.msgId);
  for (const { event } of isWritten) delivered.delete(event.msgId);
  for (const oldest of delivered) {
    if (delivered.size <= maxAckPending) break;
    delivered.delete(oldest);
  }
}

async function decoded(deps: Deps, batch: readonly StoredMessage[]): Promise<Arrived[]> {
  const arrived: Arrived[] = [];
  for (const stored of batch) {
    try {
      const event = fromBinary(PushEventSchema, stored.payload);
      arrived.push({ stored, event, delivered: deliveredBefore(stored) });
    } catch (cause) {
      await setAside(deps, stored, cause);
    }
  }
  return arrived;
}

/** Undefined for an event of the outbox's sweeper, of a room, or of a Go Logic. */
function deliveredBefore(stored: StoredMessage): Announced["delivered"] {
  const value = stored.header(deliveredHeader);
  return value === "" ? undefined : { owners: parseDelivered(value) };
}

async function writeInboxes(deps: Deps, some: readonly Delivered[]): Promise<void> {
  await insertInbox(
    deps.db,
    some.map(({ inbox }) => inbox),
  );
  failpoint("task.after_inbox");
  failpoint("task.before_ack");
}

/**
 * Does something for events together, or when that fails for each alone. Gives those for which it
 * was done; the others come again or are set aside. Never rejects.
 */
async function each<One extends Arrived>(
  deps: Deps,
  events: readonly One[],
  work: (some: readonly One[]) => Promise<void>,
): Promise<One[]> {
  if (events.length === 0) return [];
  try {
    await work(events);
    return [...events];
  } catch (error) {
    const [first, ...others] = events;
    if (!first || others.length > 0) {
      const done: One[] = [];
      for (const one of events) done.push(...(await each(deps, [one], work)));
      return done;
    }
    deps.log.error({ err: error, msgId: first.event.msgId.toString() }, "cannot fan out");
    if (first.stored.deliveryCount >= deliveriesFor(error)) {
      await setAside(deps, first.stored, error);
    } else {
      first.stored.nak(retryDelayMs);
    }
    return [];
  }
}

/** How often an event is tried that fails alone: as long as it takes if it is not its own fault. */
function deliveriesFor(error: unknown): number {
  if (isRetryable(error)) return Number.POSITIVE_INFINITY;
  // What stands in the event is impossible, and stays so.
  if (error instanceof TypeError) return 1;
  return error instanceof Error && "sqlState" in error ? maxDeliveries : Number.POSITIVE_INFINITY;
}

async function setAside(deps: Deps, stored: StoredMessage, cause: unknown): Promise<void> {
  try {
    await insertDeadLetter(deps.db, {
      topic: topicOf(PushEventSchema),
      payload: stored.payload,
      cause: String(cause),
      deliveryCount: stored.deliveryCount,
    });
    stored.ack();
    deps.metrics.deadLetter();
    deps.log.error({ err: cause }, "an event is set aside in t_dead_letter");
  } catch (error) {
    deps.log.error({ err: error }, "cannot set an event aside; it comes again");
    stored.nak(retryDelayMs);
  }
}
