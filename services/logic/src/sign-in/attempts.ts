import { createHash } from "node:crypto";
import { type Database, transaction } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import {
  type AttemptKind,
  type AttemptRow,
  forgiveAttempt,
  lockAttempts,
  updateAttempts,
} from "../sql/sign-in-attempts.ts";

type Policy = {
  /** So many tries in a row are free; each one more doubles the wait. */
  readonly freeAttempts: number;
};

const policies = {
  account: { freeAttempts: 10 },
  // People behind one address share it; their successes do not count.
  address: { freeAttempts: 50 },
} as const satisfies Record<AttemptKind, Policy>;

/** Of who need not wait, whatever the time is elsewhere. */
export const notBlocked = new Date(0);

const firstWaitMs = 30_000;
const longestWaitMs = 15 * 60_000;
/** Nobody who has waited this long is held to what was before. */
const forgottenAfterMs = 60 * 60_000;

export type SignInTry = {
  readonly account: string;
  /** Empty where the gateway does not say. */
  readonly address: string;
};

/**
 * Counts a try to sign in before the password is looked at, so that many at once are no way round.
 * Without the database there is no counting, and no signing in either.
 *
 * @throws ChatError `resource_exhausted` with the seconds to wait as its limit
 */
export async function countAttempt(
  deps: { readonly db: Database; readonly nowMs: () => number },
  { account, address }: SignInTry,
  signal: AbortSignal,
): Promise<void> {
  const now = deps.nowMs();
  const waitMs = await transaction(
    deps.db,
    async (tx) => {
      const tries: { kind: AttemptKind; who: Buffer; next: AttemptRow; waitMs: number }[] = [];
      for (const [kind, name] of [
        ["account", account],
        ["address", address],
      ] as const) {
        if (name === "") continue;
        const who = keyOf(name);
        const row = await lockAttempts(tx, kind, who, {
          attempts: 0,
          lastAt: new Date(now),
          blockedUntil: notBlocked,
        });
        const { row: next, waitMs } = attempt(row, now, policies[kind]);
        tries.push({ kind, who, next, waitMs });
      }
      const longestMs = Math.max(0, ...tries.map((each) => each.waitMs));
      // One that either of them has to wait with is counted for neither.
      if (longestMs > 0) return longestMs;
      for (const { kind, who, next } of tries) await updateAttempts(tx, kind, who, next);
      return 0;
    },
    signal,
  );
  if (waitMs === 0) return;
  throw new ChatError("resource_exhausted", "too many tries to sign in", {
    reason: "too_many_attempts",
    limit: Math.ceil(waitMs / 1_000),
  });
}

/** Takes the try back: the password was right. */
export async function forgive(
  deps: { readonly db: Database },
  { account, address }: SignInTry,
): Promise<void> {
  await forgiveAttempt(deps.db, keyOf(account), address === "" ? undefined : keyOf(address));
}

/** What one more try makes of the row, and how long it has to wait: 0 when it may be made. */
export function attempt(
  row: AttemptRow,
  nowMs: number,
  policy: Policy,
): { row: AttemptRow; waitMs: number } {
  const blockedMs = row.blockedUntil.getTime() - nowMs;
  // A try that is refused changes nothing: whoever waits gets in.
  if (blockedMs > 0) return { row, waitMs: blockedMs };
  const isForgotten = nowMs - row.lastAt.getTime() > forgottenAfterMs;
  const attempts = isForgotten ? 1 : row.attempts + 1;
  const over = attempts - policy.freeAttempts;
  const nextWaitMs = over < 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** over);
  return {
    row: {
      attempts,
      lastAt: new Date(nowMs),
      // Never "until now": another process's now may be a moment earlier.
      blockedUntil: nextWaitMs === 0 ? notBlocked : new Date(nowMs + nextWaitMs),
    },
    waitMs: 0,
  };
}

/** What is kept of a name: they are of any length and make, also such as nobody has. */
export function keyOf(name: string): Buffer {
  return createHash("sha256").update(name).digest();
}
