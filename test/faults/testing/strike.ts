import { setTimeout as delay } from "node:timers/promises";
import type { SupervisedService } from "@resonance/stack";
import { eventually } from "@resonance/testkit";

/** Kills a service as a crash would and resolves when its successor serves. */
export async function killAndAwaitReturn(service: SupervisedService): Promise<void> {
  const returned = awaitReturn(service);
  service.kill();
  await returned;
}

/** Resolves when the process that serves now has died and its successor serves. */
export async function awaitReturn(service: SupervisedService): Promise<void> {
  const { pid, restarts } = service;
  await eventually(
    () => service.state === "running" && service.pid !== pid && service.restarts > restarts,
    { timeoutMs: 30_000 },
  );
}

/** Lets a fault last: how long is what such a test is about, and no event marks its end. */
export async function last(durationMs: number, signal: AbortSignal): Promise<void> {
  await delay(durationMs, undefined, { signal });
}

/** Resolves when that many more messages are stored than at the time of the call. */
export async function moreAcked(load: { acked: () => number }, messages: number): Promise<void> {
  const before = load.acked();
  await eventually(() => load.acked() >= before + messages, { timeoutMs: 30_000 });
}
