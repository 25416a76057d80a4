import { createHash, randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Queryable } from "@resonance/db";
import { findRevokedUntil } from "../sql/revocations.ts";
import { insertSignIn } from "../sql/sign-ins.ts";
import { longLifetimeSeconds, type Tokens } from "../tokens.ts";

export const refreshLifetimeMs = 30 * 24 * 60 * 60_000;

// A timer may fire within the millisecond before its time.
const timersAreEarlyByMs = 2;

export type IssuedTokens = {
  readonly accessToken: string;
  /** Empty for a client that did not ask for one. */
  readonly refreshToken: string;
};

export type IssueDeps = {
  readonly db: Queryable;
  readonly tokens: Tokens;
  readonly nowMs: () => number;
};

/**
 * The tokens of a new sign-in: one for 24 h, as the contract has it, or for a client that asks for
 * it one for 15 min and another one to renew it with.
 */
export async function issueTokens(
  deps: IssueDeps,
  username: string,
  refreshable: boolean,
): Promise<IssuedTokens> {
  if (!refreshable) {
    const accessToken = await deps.tokens.issue(username, longLifetimeSeconds);
    return { accessToken, refreshToken: "" };
  }
  const signInId = randomBytes(16).toString("base64url");
  const refreshToken = makeRefreshToken();
  await insertSignIn(deps.db, {
    signInId,
    username,
    refreshHash: hashOf(refreshToken),
    renewedAt: new Date(deps.nowMs()),
    expiresAt: new Date(deps.nowMs() + refreshLifetimeMs),
  });
  const { shortLifetimeSeconds } = deps.tokens;
  const accessToken = await deps.tokens.issue(username, shortLifetimeSeconds, signInId);
  return { accessToken, refreshToken };
}

/**
 * What ends a person's tokens ends those of the same second too, since that is what they tell of
 * their birth: who signs in again within it, such as with a new password, waits for its end.
 */
export async function untilNotRevoked({ db, nowMs }: IssueDeps, username: string): Promise<void> {
  const revokedUntilMs = ((await findRevokedUntil(db, username)) + 1) * 1_000;
  const waitMs = revokedUntilMs - nowMs();
  // A clock that is wrong by more keeps nobody out for longer.
  if (waitMs > 0) await delay(Math.min(waitMs, 1_000) + timersAreEarlyByMs);
}

export function makeRefreshToken(): string {
  return `rr_${randomBytes(32).toString("base64url")}`;
}

/** What is kept of a token. */
export function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
