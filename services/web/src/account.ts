/** Who is signed in here. */
export type Account = {
  readonly token: string;
  readonly username: string;
  readonly nickname: string;
};

/** Storage belongs to the origin, so two stacks on two ports do not mix. */
export const accountKey = "resonance.account";

type AccountStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The account of an earlier visit, or undefined. */
export function loadAccount(storage: AccountStorage): Account | undefined {
  return parseAccount(storage.getItem(accountKey));
}

/** Keeps the account for later visits; undefined forgets it. */
export function saveAccount(storage: AccountStorage, account: Account | undefined): void {
  if (account) storage.setItem(accountKey, JSON.stringify(account));
  else storage.removeItem(accountKey);
}

function parseAccount(text: string | null): Account | undefined {
  if (text === null) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Somebody else's value, or half a write: the same as none.
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { token, username, nickname } = value as Partial<Record<keyof Account, unknown>>;
  if (typeof token !== "string" || token === "") return undefined;
  if (typeof username !== "string" || username === "") return undefined;
  return { token, username, nickname: typeof nickname === "string" ? nickname : "" };
}
