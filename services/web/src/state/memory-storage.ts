import type { AccountStorage } from "../account.ts";

/** A storage that several "tabs" of a test share. */
export function memoryStorage(): AccountStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, text) => void values.set(key, text),
    removeItem: (key) => void values.delete(key),
  };
}
