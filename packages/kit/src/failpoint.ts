import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Where tests put what is to happen. One for the process, and not a parameter of all that calls
 * `failpoint`: a place in the code is the same for every part of a process.
 */
let folder: string | undefined;

/**
 * Makes this process look for the files of `failpoint` in a folder, or with undefined no longer.
 * `runService` does so when RESONANCE_FAILPOINTS is set, which only tests do.
 */
export function armFailpoints(path: string | undefined): void {
  folder = path || undefined;
}

/**
 * A named place where a test can have this process die, stand still or fail. Nothing unless armed.
 *
 * A file of that name in the folder says what happens to the first process that passes: `kill`
 * (SIGKILL), `stop` (SIGSTOP: somebody has to send SIGCONT) or `fail` (throws). The file is gone
 * before it happens, so it happens once, and whoever has put it there sees that it did.
 */
export function failpoint(name: string): void {
  if (folder !== undefined) strike(join(folder, name), name);
}

function strike(file: string, name: string): void {
  const action = take(file);
  switch (action) {
    case undefined:
      return;
    case "kill":
      // Of oneself both are over before the call returns: nothing behind this place is done.
      process.kill(process.pid, "SIGKILL");
      return;
    case "stop":
      process.kill(process.pid, "SIGSTOP");
      return;
    case "fail":
      throw new Error(`failpoint ${name}`);
    default:
      throw new TypeError(`failpoint ${name} cannot ${action}`);
  }
}

/** What the file says, for one process only. */
function take(file: string): string | undefined {
  try {
    const action = readFileSync(file, "utf8").trim();
    rmSync(file);
    return action;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
