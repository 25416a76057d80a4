import { setTimeout as delay } from "node:timers/promises";
import { people, sessionOf } from "../ground.ts";
import { collectGarbage } from "./collect-garbage.ts";
import type { System } from "./open-system.ts";

export type Paces = { readonly perSecond: number; readonly seconds: number };

export type Trip = {
  /** Where the nth message goes, and who is to be heard there at the end of its way. */
  readonly target: (n: number) => { sessionId: string; sender: string; heard: string };
};

export const toPerson: Trip = {
  target: (n) => {
    const { pair, person } = sessionOf(n % people);
    return { sessionId: pair, sender: person, heard: person };
  },
};

export const toBot: Trip = {
  target: (n) => {
    const { withBot, person } = sessionOf(n % people);
    return { sessionId: withBot, sender: person, heard: "ops-bot" };
  },
};

/**
 * Sends at a fixed pace and takes the time from when a message was due until the announcement of
 * the message that ends its way: itself, or the answer to it. Sorted, in milliseconds; what has
 * not come after 30 s counts as 30 s. A session is used again only after its message has come.
 */
export async function openLoop(
  system: System,
  trip: Trip,
  { perSecond, seconds }: Paces,
  signal: AbortSignal,
): Promise<number[]> {
  // What this process collects it collects before, not amid what it measures.
  collectGarbage();
  const waiting = new Map<string, number>();
  const latencies: number[] = [];
  const stop = system.listen(({ sessionId, sender }) => {
    const key = `${sessionId}\n${sender}`;
    const dueMs = waiting.get(key);
    if (dueMs === undefined) return;
    waiting.delete(key);
    latencies.push(performance.now() - dueMs);
  });
  const startMs = performance.now();
  const total = Math.round(perSecond * seconds);
  const sending: Promise<void>[] = [];
  for (let n = 0; n < total; n++) {
    const dueMs = startMs + (n * 1_000) / perSecond;
    const early = dueMs - performance.now();
    if (early > 1) await delay(early, undefined, { signal });
    const { sessionId, sender, heard } = trip.target(n);
    const key = `${sessionId}\n${heard}`;
    if (waiting.has(key)) throw new Error(`${sessionId} still waits: too few sessions`);
    waiting.set(key, dueMs);
    sending.push(system.send(sessionId, sender));
  }
  await Promise.all(sending);
  for (let waited = 0; waiting.size > 0 && waited < 30_000; waited += 20) {
    await delay(20, undefined, { signal });
  }
  stop();
  latencies.push(...Array.from(waiting, () => 30_000));
  return latencies.toSorted((one, other) => one - other);
}

export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
