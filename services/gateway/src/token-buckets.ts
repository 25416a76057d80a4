/** How often something may happen: `perSecond` in the long run, `burst` at once. */
export type Rate = { readonly perSecond: number; readonly burst: number };

type Bucket = { tokens: number; atMs: number };

const defaultMaxKeys = 50_000;

/**
 * One token bucket per key, each full at first. Buckets that are full again are forgotten, since a
 * missing one is full. At most 50,000 are kept: beyond that the one longest unused is given up, so
 * that a flood of keys costs bounded memory and refuses nobody who is under the rate.
 */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #nowMs: () => number;
  readonly #maxKeys: number;
  /** The one longest unused first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    rate: Rate,
    nowMs: () => number = () => performance.now(),
    maxKeys: number = defaultMaxKeys,
  ) {
    this.#rate = rate;
    this.#nowMs = nowMs;
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes a token, or says that there is none. */
  take(key: string): boolean {
    const nowMs = this.#nowMs();
    const bucket = this.#buckets.get(key);
    const tokens = bucket ? this.#tokensIn(bucket, nowMs) : this.#rate.burst;
    this.#buckets.delete(key);
    this.#forget(nowMs);
    const isAllowed = tokens >= 1;
    this.#buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, atMs: nowMs });
    return isAllowed;
  }

  #tokensIn(bucket: Bucket, nowMs: number): number {
    const gained = ((nowMs - bucket.atMs) / 1_000) * this.#rate.perSecond;
    return Math.min(this.#rate.burst, bucket.tokens + gained);
  }

  /** Looks at two buckets for each that is used, so all are looked at in time. */
  #forget(nowMs: number): void {
    let looksLeft = 2;
    for (const [key, bucket] of this.#buckets) {
      const isFull = this.#tokensIn(bucket, nowMs) >= this.#rate.burst;
      if (!isFull && this.#buckets.size < this.#maxKeys) return;
      this.#buckets.delete(key);
      if (--looksLeft === 0) return;
    }
  }
}
