import { setTimeout as delay } from "node:timers/promises";
import { isAlive, type LockedProcess } from "./home-lock.ts";

const graceMs = 3_000;

/**
 * Waits for services whose stack was killed: they notice it and end by themselves. What still runs
 * after 3 s is ended.
 */
export async function awaitLeftovers(
  leftovers: readonly LockedProcess[],
  signal: AbortSignal,
): Promise<void> {
  const killAt = Date.now() + graceMs;
  for (;;) {
    const alive = leftovers.filter(isAlive);
    if (alive.length === 0) return;
    if (Date.now() >= killAt) for (const { pid } of alive) kill(pid);
    await delay(20, undefined, { signal });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // ESRCH: it ended meanwhile.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
