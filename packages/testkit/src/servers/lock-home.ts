import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processIdentity } from "./process-identity.ts";
import { ServersError } from "./servers-error.ts";

/**
 * Takes the home for this process, so that two stacks never run servers on the same data. A lock
 * whose process is gone is taken over.
 *
 * @throws ServersError when a living process holds it.
 */
export function lockHome(home: string): Disposable {
  const folder = join(home, "run");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "servers.lock");
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, `${processIdentity(process.pid)}\n`);
  try {
    while (!tryLink(mine, path)) {
      const holder = readHolder(path);
      if (holder !== undefined && isAlive(holder)) {
        throw new ServersError(
          `${home} is in use by a running stack (process ${parseInt(holder, 10)}): ` +
            "stop it first, or set RESONANCE_HOME to another folder",
        );
      }
      removeStale(path, holder);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

// link() is the one way to make a file appear with its contents, and only if there is none.
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

function readHolder(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function isAlive(holder: string): boolean {
  return processIdentity(parseInt(holder, 10)) === holder;
}

// Two processes may find the same stale lock. The file is moved away before it is judged again:
// if it turns out to be the other's fresh lock, it is put back.
function removeStale(path: string, holder: string | undefined): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  if (readHolder(aside) !== holder) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
