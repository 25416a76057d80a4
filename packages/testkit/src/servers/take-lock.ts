import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Makes a lock with this text. One that is there already is given to `assertFree`, which throws
 * where its holder lives; else it is taken over.
 *
 * @returns what stood in the lock that was taken over, if there was one
 */
export function takeLock(
  path: string,
  text: string,
  assertFree: (held: string) => void,
): string | undefined {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  let stale: string | undefined;
  try {
    // A stale lock is removed once; more rounds are only needed when several start at once.
    for (let round = 0; round < 10; round++) {
      if (tryLink(draft, path)) return stale;
      const held = readIfThere(path);
      if (held === undefined) continue;
      assertFree(held);
      if (setAside(path, held)) stale = held;
    }
    throw new Error(`cannot take the lock ${path}`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Links rather than writes: the lock appears whole, or not at all where there is one. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/**
 * Removes the lock if this still stands in it. Two processes may find the same stale lock: it is
 * moved away before it is judged again, and put back if it is the other one's by now.
 */
function setAside(path: string, held: string): boolean {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
  const isStale = readIfThere(aside) === held;
  if (!isStale) tryLink(aside, path);
  rmSync(aside, { force: true });
  return isStale;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
