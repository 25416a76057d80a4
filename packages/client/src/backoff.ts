/**
 * The wait before another try: `baseMs` doubled per earlier try, at most `maxMs`, of which the
 * upper half is left to chance so that many clients do not return at once.
 */
export function backoffMs(
  earlierTries: number,
  limits: { readonly baseMs: number; readonly maxMs: number },
  random: () => number = Math.random,
): number {
  const ceilingMs = Math.min(limits.maxMs, limits.baseMs * 2 ** earlierTries);
  return ceilingMs / 2 + (ceilingMs / 2) * random();
}
