import {
  ClientError,
  renewTokens,
  signOut,
  type TokenPair,
  type TokenSource,
  wait,
} from "@resonance/client";
import { type Account, type AccountStorage, loadSignIn, saveAccount } from "../account.ts";

const renewedBeforeMs = 60_000;
const lockName = "resonance.renewal";
/**
 * What one tab has stored another one of another process sees a moment later, lock or not. Should
 * that ever take longer, the server takes the token that was just used up for a minute yet.
 */
const settleMs = 150;

export type RenewalDeps = {
  readonly baseUrl: string;
  readonly storage: AccountStorage;
  /** Shared by all tabs of the page. Undefined where a page is not loaded over TLS. */
  readonly locks: Pick<LockManager, "request"> | undefined;
};

/**
 * Whether to ask for a token that is renewed. Without a lock between tabs two could renew at once
 * and one would end up with a token that the server does not know: those keep the one for a day.
 */
export function canRenew({ locks }: Pick<RenewalDeps, "locks">): boolean {
  return locks !== undefined;
}

/**
 * The tokens of one sign-in, as every tab has them. What is about to expire, and what the server
 * has refused, is renewed by one tab; the others find it in the storage.
 */
export function accountTokens(deps: RenewalDeps, signInId: string): TokenSource {
  return {
    async token(signal) {
      const account = kept(deps, signInId);
      return isFresh(account) ? account.token : await renew(deps, account, isFresh, signal);
    },
    async renewed(refused, signal) {
      const isOther = ({ token }: Account) => token !== refused;
      return await renew(deps, kept(deps, signInId), isOther, signal);
    },
  };
}

/** Tells the server that this sign-in is over, also when its access token has expired meanwhile. */
export async function endSignIn(
  deps: RenewalDeps,
  account: Account,
  signal: AbortSignal,
): Promise<void> {
  const { accessToken } = isFresh(account)
    ? { accessToken: account.token }
    : await pairOf(deps, account, signal);
  await signOut(deps.baseUrl, accessToken, signal);
}

async function renew(
  deps: RenewalDeps,
  { signInId }: Account,
  isGood: (account: Account) => boolean,
  signal: AbortSignal,
): Promise<string> {
  const underLock = async () => {
    await wait(settleMs, signal);
    // Another tab may have done it while this one waited.
    const account = kept(deps, signInId);
    if (isGood(account)) return account.token;
    const pair = await pairOf(deps, account, signal);
    const renewed = { token: pair.accessToken, refreshToken: pair.refreshToken };
    // Whoever signed out meanwhile stays signed out.
    saveAccount(deps.storage, {
      ...kept(deps, signInId),
      ...renewed,
      receivedAtMs: Date.now(),
    });
    return renewed.token;
  };
  return deps.locks ? await deps.locks.request(lockName, { signal }, underLock) : await underLock();
}

async function pairOf(
  { baseUrl }: RenewalDeps,
  { refreshToken }: Account,
  signal: AbortSignal,
): Promise<TokenPair> {
  if (refreshToken === "") throw ended();
  return await renewTokens(baseUrl, refreshToken, signal);
}

function kept({ storage }: RenewalDeps, signInId: string): Account {
  const { account } = loadSignIn(storage);
  if (account?.signInId !== signInId) throw ended();
  return account;
}

function ended(): ClientError {
  return new ClientError("not_signed_in", "this sign-in has ended");
}

function isFresh({ token, refreshToken, receivedAtMs }: Account): boolean {
  if (refreshToken === "") return true;
  const lifetimeMs = lifetimeSecondsOf(token) * 1_000;
  const ageMs = Date.now() - receivedAtMs;
  // A clock that was put back says nothing; the server will.
  return ageMs < lifetimeMs - Math.min(renewedBeforeMs, lifetimeMs / 3);
}

/** By the server's clock alone, so that this one need not agree with it. 0 when it does not say. */
function lifetimeSecondsOf(token: string): number {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const claims: { exp?: unknown; iat?: unknown } = JSON.parse(atob(payload));
    const { exp, iat } = claims;
    return typeof exp === "number" && typeof iat === "number" ? exp - iat : 0;
  } catch {
    // A token of another make: renewed at every use, which is what its server asks for.
    return 0;
  }
}
