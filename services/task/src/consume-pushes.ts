import { fromBinary } from "@bufbuild/protobuf";
import { type Bus, batches, type StoredMessage } from "@resonance/bus";
import type { Database } from "@resonance/db";
import { isRetryable } from "@resonance/db";
import { failpoint, type Logger } from "@resonance/kit";
import { type PushEvent, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { type Deliver, fanOut } from "./fan-out.ts";
import type { TaskMetrics } from "./metrics.ts";
import { insertDeadLetter } from "./sql/dead-letters.ts";

type Deps = {
  readonly db: Database;
  readonly bus: Bus;
  readonly log: Logger;
  readonly deliver: Deliver;
  readonly metrics: TaskMetrics;
};

type Arrived = { readonly stored: StoredMessage; readonly event: PushEvent };

const maxBatch = 128;
// How late an event is whose Task has died. A batch that takes longer comes twice, which harms not.
const ackWaitMs = 10_000;
const retryDelayMs = 1_000;
/** An event that the database still refuses alone after this many deliveries is kept aside. */
const maxDeliveries = 8;

/**
 * Fans out what arrives, a batch at a time, until aborted. An event is acknowledged when its inbox
 * rows are durable. When a batch fails its events are tried alone, so that one bad event does not
 * hold up the others; one that cannot be handled ends in t_dead_letter with its cause.
 */
export async function consumePushes(deps: Deps, signal: AbortSignal): Promise<void> {
  const topic = topicOf(PushEventSchema);
  const options = {
    durable: "task",
    topic,
    maxMessages: maxBatch,
    ackWaitMs,
    maxAckPending: 4_096,
  };
  for await (const batch of batches(deps.bus, options, signal)) {
    const arrived: Arrived[] = [];
    for (const stored of batch) {
      try {
        arrived.push({ stored, event: fromBinary(PushEventSchema, stored.payload) });
      } catch (cause) {
        await setAside(deps, stored, cause);
      }
    }
    if (await tryFanOut(deps, arrived)) continue;
    for (const one of arrived) await tryFanOut(deps, [one]);
  }
}

/** Says false when the batch is to be taken apart; a batch of one is always finished. */
async function tryFanOut(deps: Deps, arrived: readonly Arrived[]): Promise<boolean> {
  const [first] = arrived;
  if (!first) return true;
  try {
    await fanOut(
      deps,
      arrived.map(({ event }) => event),
    );
  } catch (error) {
    if (arrived.length > 1) return false;
    deps.log.error({ err: error, msgId: first.event.msgId.toString() }, "cannot fan out");
    if (first.stored.deliveryCount >= deliveriesFor(error)) {
      await setAside(deps, first.stored, error);
    } else {
      first.stored.nak(retryDelayMs);
    }
    return true;
  }
  failpoint("task.before_ack");
  for (const { stored } of arrived) stored.ack();
  deps.metrics.fannedOut(arrived.length);
  return true;
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
