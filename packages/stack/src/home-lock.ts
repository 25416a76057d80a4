import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processIdentity, readIfThere, takeLock } from "@resonance/testkit";
import { z } from "zod";
import { StartError } from "./start-error.ts";

const Process = z.object({ name: z.string(), pid: z.number(), identity: z.string() });

const Lock = z.object({
  pid: z.number(),
  identity: z.string(),
  url: z.string(),
  processes: z.array(Process),
});

export type LockedProcess = z.infer<typeof Process>;

export type LockRecord = z.infer<typeof Lock>;

export type HomeLock = Disposable & {
  /** Whether an earlier stack ended without giving the lock back. */
  readonly isTakenOver: boolean;
  /** Processes of an earlier stack that outlived it; they are ending, or have to be ended. */
  readonly leftovers: readonly LockedProcess[];
  /** Writes down what this stack has started, for whoever comes after a sudden end. */
  recordProcesses(processes: readonly { name: string; pid: number }[]): void;
};

/**
 * Makes this process the only stack on a home. The lock is `run/stack.json`: it counts while the
 * process it names lives and is the same one; a stale lock is taken over.
 *
 * @throws StartError `home_in_use`, or `home_unusable` where it cannot be written
 */
export function openHomeLock(home: string, url: string): HomeLock {
  const identity = processIdentity(process.pid);
  if (identity === undefined) throw new Error("cannot read this process's own start time");
  const record: LockRecord = { pid: process.pid, identity, url, processes: [] };
  const stale = takeWritable(home, record);
  return {
    isTakenOver: stale !== undefined,
    leftovers: stale ?? [],
    recordProcesses(processes) {
      const alive = processes.flatMap(({ name, pid }) => {
        const identityOfChild = processIdentity(pid);
        return identityOfChild ? [{ name, pid, identity: identityOfChild }] : [];
      });
      const draft = `${lockPath(home)}.${process.pid}`;
      writeFileSync(draft, lockText({ ...record, processes: alive }));
      renameSync(draft, lockPath(home));
    },
    [Symbol.dispose]: () => rmSync(lockPath(home), { force: true }),
  };
}

/** The living stack of a home, if there is one. */
export function readLiveStack(home: string): LockRecord | undefined {
  const record = parseLock(readIfThere(lockPath(home)));
  return record && isAlive(record) ? record : undefined;
}

/** Whether a recorded process still runs, and is the one that was recorded. */
export function isAlive(recorded: { pid: number; identity: string }): boolean {
  return processIdentity(recorded.pid) === recorded.identity;
}

function takeWritable(home: string, record: LockRecord): LockedProcess[] | undefined {
  try {
    mkdirSync(join(home, "run"), { recursive: true });
    return take(home, record);
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new StartError({ kind: "home_unusable", home, reason: error.message });
  }
}

/** Returns the living processes of the stale lock that was taken over, if there was one. */
function take(home: string, record: LockRecord): LockedProcess[] | undefined {
  const stale = takeLock(lockPath(home), lockText(record), (held) => {
    const holder = parseLock(held);
    if (holder && isAlive(holder)) throw inUse(home, holder);
  });
  if (stale === undefined) return undefined;
  return (parseLock(stale)?.processes ?? []).filter(isAlive);
}

function inUse(home: string, holder: LockRecord): StartError {
  return new StartError({ kind: "home_in_use", home, url: holder.url, pid: holder.pid });
}

function lockText(record: LockRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

function parseLock(text: string | undefined): LockRecord | undefined {
  if (text === undefined) return undefined;
  try {
    return Lock.parse(JSON.parse(text));
  } catch {
    // Not written by a stack, or damaged: nobody holds the home by it.
    return undefined;
  }
}

function lockPath(home: string): string {
  return join(home, "run", "stack.json");
}
