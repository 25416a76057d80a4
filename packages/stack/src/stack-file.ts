import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ServiceState } from "./supervised-service.ts";

/** What operators, and the bot's local tools, read about a running stack. */
export type StackFile = {
  /** RFC 3339. */
  readonly startedAt: string;
  readonly services: readonly (ServiceEntry | ServerEntry)[];
};

export type ServiceEntry = {
  readonly name: string;
  readonly kind: "service";
  /** Null while there is no process. */
  readonly pid: number | null;
  readonly state: EntryState;
  readonly startedAt: string | null;
  readonly restarts: number;
  /** How it ended last time by itself, as in "exit code 1". */
  readonly lastExit: string | null;
  readonly logFile: string;
  readonly metricsUrl: string;
  /** host:port, where other services call it; null where none does. */
  readonly address: string | null;
};

export type ServerEntry = {
  readonly name: string;
  readonly kind: "server";
  /** Null where the server is not a process of this stack. */
  readonly pid: number | null;
  readonly state: EntryState;
  readonly startedAt: string | null;
  readonly restarts: number;
  readonly lastExit: string | null;
  readonly logFile: string | null;
  /** host:port */
  readonly address: string;
  readonly version: string;
};

/** `restarting` is said of everything that does not serve yet, but will. */
type EntryState = "running" | "restarting" | "stopped";

/** A service's entry; what it says of the process is what the supervisor knows now. */
export function serviceEntryOf(service: {
  readonly name: string;
  readonly state: ServiceState;
  readonly pid: number | undefined;
  readonly startedAt: Date | undefined;
  readonly restarts: number;
  readonly lastExit: string | undefined;
  readonly logFile: string;
  readonly metricsUrl: string;
  readonly address: string | undefined;
}): ServiceEntry {
  return {
    name: service.name,
    kind: "service",
    pid: service.pid ?? null,
    state: service.state === "starting" ? "restarting" : service.state,
    startedAt: service.startedAt?.toISOString() ?? null,
    restarts: service.restarts,
    lastExit: service.lastExit ?? null,
    logFile: service.logFile,
    metricsUrl: service.metricsUrl,
    address: service.address ?? null,
  };
}

/** Writes the file as a whole: a reader finds the old one or this one. */
export function writeStackFile(path: string, content: StackFile): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(draft, path);
}
