import { expect, test } from "vitest";
import { accountKey, loadAccount, saveAccount } from "./account.ts";

function memoryStorage(value: string | null = null) {
  const values = new Map(value === null ? [] : [[accountKey, value]]);
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, text: string) => void values.set(key, text),
    removeItem: (key: string) => void values.delete(key),
  };
}

const account = { token: "t", username: "alice", nickname: "Alice" };

test("a saved account is loaded again, and a forgotten one is not", () => {
  const storage = memoryStorage();
  saveAccount(storage, account);
  expect(loadAccount(storage)).toEqual(account);
  saveAccount(storage, undefined);
  expect(loadAccount(storage)).toBeUndefined();
});

test.each(["{", "null", "7", "{}", '{"token":"","username":"alice"}', '{"token":"t"}'])(
  "%s is no account",
  (text) => {
    expect(loadAccount(memoryStorage(text))).toBeUndefined();
  },
);
