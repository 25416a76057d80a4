import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { JetStreamApiError, type JetStreamManager, StorageType } from "@nats-io/jetstream";

/** A stream that holds nothing: whose it is, who may make and delete the real one. */
export const lockName = "RESONANCE_MAKING";

const nameInUse = 10_058;
// What the server says of a stream that is being deleted at this moment.
const streamNotCreated = 10_049;
const lookAgainAfterMs = 50;
const heldForMs = 3_000;

/**
 * Does something that no other process does at the same time. The server deletes a stream in several
 * steps, and takes with it what somebody makes under its name in between. Who waits looks whether it
 * is done; a lock that is held for 3 s without that is of a process that died.
 */
export async function exclusively(
  manager: JetStreamManager,
  isDone: () => Promise<boolean>,
  work: () => Promise<void>,
): Promise<void> {
  // Of this process alone: for another one the name is in use.
  const subjects = [`resonance.making.${randomUUID()}`];
  const lock = { name: lockName, subjects, storage: StorageType.File, max_bytes: 1_024 };
  let heldSinceMs = performance.now();
  for (;;) {
    try {
      await manager.streams.add(lock);
      break;
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
    if (await isDone()) return;
    if (performance.now() - heldSinceMs > heldForMs) {
      await release(manager);
      heldSinceMs = performance.now();
    }
    await delay(lookAgainAfterMs);
  }
  try {
    if (!(await isDone())) await work();
  } finally {
    await release(manager);
  }
}

/** Does nothing when somebody has taken it for one of a dead process. */
async function release(manager: JetStreamManager): Promise<void> {
  await manager.streams.delete(lockName).catch(() => undefined);
}

function isHeld(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === nameInUse || error.code === streamNotCreated)
  );
}
