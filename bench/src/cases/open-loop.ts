import { setTimeout as delay } from "node:timers/promises";
import type { Case, Figures } from "../case.ts";
import { percentilesOf } from "../percentiles.ts";
import { arrives, type ChatSystem, nextCount, openPairs } from "../systems/chat-system.ts";
import { warmUp } from "./warm-up.ts";

const pairs = 250;
const warmUpMs = 1_500;

/**
 * Messages that come at their times, whether the last ones have arrived or not. A latency begins
 * when a message was to be sent, so that a system that is behind cannot hide it.
 */
export function openLoopCase(
  systems: readonly ChatSystem[],
  perSecond: number,
  seconds: number,
  target: string,
): Case {
  return {
    name: `socket to socket, open loop, ${perSecond} a second`,
    compares: "p99_ms",
    target,
    contestants: systems.map((system) => ({
      name: system.name,
      measure: (signal) => measure(system, perSecond, seconds, signal),
    })),
  };
}

async function measure(
  system: ChatSystem,
  perSecond: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Figures> {
  await using open = await system.open(signal);
  await warmUp(open);
  const all = await openPairs(open, pairs);
  const latencies: number[] = [];
  let lost = 0;
  const startsAtMs = performance.now();
  const total = Math.floor((perSecond * (warmUpMs + seconds * 1_000)) / 1_000);
  const sending: Promise<void>[] = [];
  const send = async (index: number, intendedAtMs: number) => {
    const pair = all[index % pairs];
    if (pair && !(await arrives(pair, nextCount()))) lost += 1;
    if (intendedAtMs - startsAtMs >= warmUpMs) latencies.push(performance.now() - intendedAtMs);
  };
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, ((performance.now() - startsAtMs) * perSecond) / 1_000);
    for (; sent < due; sent++) sending.push(send(sent, startsAtMs + (sent * 1_000) / perSecond));
    await delay(1, undefined, { signal });
  }
  await Promise.all(sending);
  for (const pair of all) pair.close();
  return { messages: latencies.length, ...percentilesOf(latencies), lost };
}
