import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { processIdentity } from "./process-identity.ts";
import { ServersError } from "./servers-error.ts";
import { takeLock } from "./take-lock.ts";

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
  takeLock(path, `${processIdentity(process.pid)}\n`, (held) => {
    const holder = held.trim();
    const pid = parseInt(holder, 10);
    if (processIdentity(pid) !== holder) return;
    throw new ServersError(
      `${home} is in use by a running stack (process ${pid}): ` +
        "stop it first, or set RESONANCE_HOME to another folder",
    );
  });
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
}
