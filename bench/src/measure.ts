import type { Sender } from "./contestant.ts";
import { percentilesOf } from "./percentiles.ts";

export type Load = {
  readonly inFlight: number;
  /** Which session and sender the nth message has. */
  readonly target: (count: number) => { sessionId: string; sender: string };
};

export type Measured = {
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
};

let count = 0;

/** Sends in a closed loop: warms up, then counts what is answered in the time. */
export async function measure(sender: Sender, load: Load, seconds: number): Promise<Measured> {
  const latencies: number[] = [];
  const startsAtMs = performance.now() + 1_000;
  const endsAtMs = startsAtMs + seconds * 1_000;
  const worker = async () => {
    for (;;) {
      const sentAtMs = performance.now();
      if (sentAtMs >= endsAtMs) return;
      count += 1;
      await sender.send({ ...load.target(count), count });
      const nowMs = performance.now();
      if (sentAtMs >= startsAtMs && nowMs <= endsAtMs) latencies.push(nowMs - sentAtMs);
    }
  };
  await Promise.all(Array.from({ length: load.inFlight }, worker));
  return { per_second: latencies.length / seconds, ...percentilesOf(latencies) };
}
