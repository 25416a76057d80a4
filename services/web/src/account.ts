import { newClientMsgId, type SignedIn } from "@resonance/client";

/** Who is signed in here. Tabs share it, and each change of its tokens. */
export type Account = {
  /** The same for as long as one sign-in lasts, over every renewal. */
  readonly signInId: string;
  readonly token: string;
  /** Empty for a token that cannot be renewed. */
  readonly refreshToken: string;
  /** When the token came, by this machine's clock: the server's may be another one. */
  readonly receivedAtMs: number;
  readonly username: string;
  readonly nickname: string;
};

/** What is known here: somebody, nobody, or nobody any more though they did not sign out. */
export type KeptSignIn = { readonly account?: Account; readonly hasEnded: boolean };

/** Storage belongs to the origin, so two stacks on two ports do not mix. */
export const accountKey = "resonance.account";

export type AccountStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The account of a new sign-in. */
export function accountOf({ accessToken, refreshToken, user }: SignedIn): Account {
  return {
    signInId: newClientMsgId(),
    token: accessToken,
    refreshToken,
    receivedAtMs: Date.now(),
    username: user.username,
    nickname: user.nickname,
  };
}

/** What an earlier visit or another tab has left. */
export function loadSignIn(storage: AccountStorage): KeptSignIn {
  return parseSignIn(storage.getItem(accountKey));
}

/** Keeps the account for later visits and other tabs. */
export function saveAccount(storage: AccountStorage, account: Account): void {
  storage.setItem(accountKey, JSON.stringify(account));
}

/** Forgets the account; `hasEnded` is for every tab to say that it was not the user's wish. */
export function forgetAccount(storage: AccountStorage, hasEnded: boolean): void {
  if (hasEnded) storage.setItem(accountKey, JSON.stringify({ hasEnded }));
  else storage.removeItem(accountKey);
}

function parseSignIn(text: string | null): KeptSignIn {
  const none = { hasEnded: false };
  if (text === null) return none;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Somebody else's value, or half a write: the same as none.
    return none;
  }
  if (typeof value !== "object" || value === null) return none;
  const kept = value as Partial<Record<keyof Account | "hasEnded", unknown>>;
  const { token, username } = kept;
  if (typeof token !== "string" || token === "" || typeof username !== "string" || username === "")
    return { hasEnded: kept.hasEnded === true };
  const { nickname, refreshToken, receivedAtMs, signInId } = kept;
  const account = {
    token,
    username,
    nickname: typeof nickname === "string" ? nickname : "",
    refreshToken: typeof refreshToken === "string" ? refreshToken : "",
    receivedAtMs: typeof receivedAtMs === "number" ? receivedAtMs : 0,
    // A token that is never renewed names its sign-in.
    signInId: typeof signInId === "string" && signInId !== "" ? signInId : token,
  };
  return { account, hasEnded: false };
}
