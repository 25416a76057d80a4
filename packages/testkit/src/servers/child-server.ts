import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { logTail } from "./log-tail.ts";
import { processIdentity } from "./process-identity.ts";
import { reasonOf, ServersError } from "./servers-error.ts";
import { readIfThere } from "./take-lock.ts";

/** A server process of ours. Disposing sends SIGTERM, and SIGKILL when that took 10 s. */
export type ChildServer = AsyncDisposable & {
  readonly pid: number;
  /** Resolves when the process has ended, with how: `exit code 1`, `SIGKILL`. */
  readonly exited: Promise<string>;
  /** How the process ended, undefined while it runs. */
  readonly ending: () => string | undefined;
  /** The last lines the process wrote to its log. */
  readonly logTail: () => string;
};

export type ChildServerOptions = {
  /** What messages call it. */
  name: string;
  program: string;
  args: readonly string[];
  /** Takes both output streams; appended to. */
  logFile: string;
  /** Remembers the process while it runs, for `stopLeftover`. */
  recordFile: string;
};

const stopWithinMs = 10_000;

/**
 * Starts a server in a process group of its own, so that the terminal's Ctrl-C does not reach it
 * before the services have let go of it. It gets SIGTERM when this process dies, however it dies.
 */
export async function startChild(options: ChildServerOptions): Promise<ChildServer> {
  const { name, program, args, logFile, recordFile } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  mkdirSync(dirname(recordFile), { recursive: true });
  const log = openSync(logFile, "a");
  const logStart = fstatSync(log).size;
  const child = spawn(program, args, { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw await spawnError(name, program, child);
  const stopWatching = watchParent(pid);
  writeFileSync(recordFile, `${processIdentity(pid)}\n`);

  let ending: string | undefined;
  const exited = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      ending = signal ?? `exit code ${code}`;
      stopWatching();
      rmSync(recordFile, { force: true });
      resolve(ending);
    });
  });
  return {
    pid,
    exited,
    ending: () => ending,
    logTail: () => logTail(logFile, logStart),
    [Symbol.asyncDispose]: async () => {
      if (ending === undefined) await stopGroup(pid, () => ending !== undefined);
      await exited;
    },
  };
}

/** Stops a server that a killed run of ours left behind, if the record names one that lives. */
export async function stopLeftover(
  name: string,
  recordFile: string,
  notify: (line: string) => void,
): Promise<void> {
  const identity = readIfThere(recordFile)?.trim();
  if (!identity) return;
  const pid = parseInt(identity, 10);
  if (processIdentity(pid) === identity) {
    notify(`${name}: stopping process ${pid}, left over from a run that was killed`);
    await stopGroup(pid, () => processIdentity(pid) !== identity);
  }
  rmSync(recordFile, { force: true });
}

function spawnError(name: string, program: string, child: ChildProcess): Promise<ServersError> {
  return new Promise((resolve) => {
    child.once("error", (error) =>
      resolve(new ServersError(`${name}: cannot start ${program}: ${reasonOf(error)}`)),
    );
  });
}

// A shell that waits for the end of a pipe from this process: the kernel closes it even after
// SIGKILL. It works the same on every system, unlike PR_SET_PDEATHSIG, and signals the whole group,
// so that a server behind a wrapper script gets it too. Starting it takes about a millisecond.
function watchParent(pid: number): () => void {
  const watchdog = spawn("/bin/sh", ["-c", 'read -r _; kill -TERM -"$1"', "watchdog", `${pid}`], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watchdog.unref();
  watchdog.on("error", () => undefined);
  watchdog.stdin.on("error", () => undefined);
  return () => watchdog.kill("SIGKILL");
}

async function stopGroup(pid: number, hasEnded: () => boolean): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    signalGroup(pid, signal);
    const deadline = performance.now() + stopWithinMs;
    while (performance.now() < deadline) {
      if (hasEnded()) return;
      await delay(5);
    }
  }
  throw new ServersError(`process ${pid} does not end, not even by SIGKILL`);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
