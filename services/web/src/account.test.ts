import { expect, test } from "vitest";
import { accountKey, forgetAccount, loadSignIn, saveAccount } from "./account.ts";
import { memoryStorage } from "./state/memory-storage.ts";

const account = {
  signInId: "s",
  token: "t",
  refreshToken: "r",
  receivedAtMs: 7,
  username: "alice",
  nickname: "Alice",
};

test("a saved account is loaded again, and a forgotten one is not", () => {
  const storage = memoryStorage();
  saveAccount(storage, account);
  expect(loadSignIn(storage)).toEqual({ account, hasEnded: false });
  forgetAccount(storage, false);
  expect(loadSignIn(storage)).toEqual({ hasEnded: false });
});

test("a sign-in that has ended is told from one that was left, until the next one", () => {
  const storage = memoryStorage();
  forgetAccount(storage, true);
  expect(loadSignIn(storage)).toEqual({ hasEnded: true });
  saveAccount(storage, account);
  expect(loadSignIn(storage).hasEnded).toBe(false);
});

test("an account with a token for a day is one that cannot be renewed", () => {
  const storage = memoryStorage();
  storage.setItem(accountKey, '{"token":"t","username":"alice","nickname":"Alice"}');
  expect(loadSignIn(storage).account).toMatchObject({ signInId: "t", refreshToken: "" });
});

test.each(["{", "null", "7", "{}", '{"token":"","username":"alice"}', '{"token":"t"}'])(
  "%s is no account",
  (text) => {
    const storage = memoryStorage();
    storage.setItem(accountKey, text);
    expect(loadSignIn(storage)).toEqual({ hasEnded: false });
  },
);
