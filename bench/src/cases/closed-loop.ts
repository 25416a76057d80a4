import type { Case, Figures } from "../case.ts";
import { percentilesOf } from "../percentiles.ts";
import { arrives, type ChatSystem, nextCount, openPairs } from "../systems/chat-system.ts";
import { warmUp } from "./warm-up.ts";

const warmUpMs = 1_500;

/** Pairs of people who write as soon as the last message has arrived. */
export function closedLoopCase(
  systems: readonly ChatSystem[],
  pairs: number,
  seconds: number,
  target: string,
): Case {
  return {
    name: `socket to socket, ${pairs} ${pairs === 1 ? "pair" : "pairs"}, closed loop`,
    compares: "per_second",
    target,
    ...(systems.length > 1 ? { reference: systems.at(-1)?.name ?? "" } : {}),
    contestants: systems.map((system) => ({
      name: system.name,
      measure: (signal) => measure(system, pairs, seconds, signal),
    })),
  };
}

async function measure(
  system: ChatSystem,
  pairs: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Figures> {
  await using open = await system.open(signal);
  await warmUp(open);
  const all = await openPairs(open, pairs);
  const latencies: number[] = [];
  let lost = 0;
  const startsAtMs = performance.now() + warmUpMs;
  const endsAtMs = startsAtMs + seconds * 1_000;
  await Promise.all(
    all.map(async (pair) => {
      for (;;) {
        const sentAtMs = performance.now();
        if (sentAtMs >= endsAtMs) return;
        if (!(await arrives(pair, nextCount()))) lost += 1;
        const nowMs = performance.now();
        if (sentAtMs >= startsAtMs && nowMs <= endsAtMs) latencies.push(nowMs - sentAtMs);
      }
    }),
  );
  for (const pair of all) pair.close();
  return { per_second: latencies.length / seconds, ...percentilesOf(latencies), lost };
}
