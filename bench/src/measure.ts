import type { Sender } from "./contestant.ts";

export type Load = {
  readonly inFlight: number;
  /** Which session and sender the nth message has. */
  readonly target: (count: number) => { sessionId: string; sender: string };
};

export type Measured = {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
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
  latencies.sort((one, other) => one - other);
  const at = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN;
  return { perSecond: latencies.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}
