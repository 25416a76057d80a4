const firstMs = 200;
const longestMs = 5_000;
const steadyAfterMs = 30_000;

/**
 * How long to wait before a crashed service is started again: 0.2 s, doubled with each crash in a
 * row up to 5 s. A life of 30 s or more begins the row anew.
 */
export function nextBackoffMs(previousMs: number | undefined, lifeMs: number): number {
  if (previousMs === undefined || lifeMs >= steadyAfterMs) return firstMs;
  return Math.min(longestMs, previousMs * 2);
}
