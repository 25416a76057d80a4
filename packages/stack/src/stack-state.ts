import { join } from "node:path";
import type { Server, Servers } from "@resonance/testkit";
import type { HomeLock } from "./home-lock.ts";
import type { StackEvent } from "./stack-event.ts";
import { type ServerEntry, serviceEntryOf, writeStackFile } from "./stack-file.ts";
import type { SupervisedService } from "./supervised-service.ts";

/**
 * Keeps `run/services.json` true: written on every change of a service or a server, and when the
 * stack ends. The lock learns at the same time which processes are ours.
 */
export class StackState implements Disposable {
  readonly file: string;
  readonly #lock: HomeLock;
  readonly #notify: (event: StackEvent) => void;
  readonly #startedAt = new Date().toISOString();
  #services: readonly SupervisedService[] = [];
  #servers: ServerEntry[] = [];
  #complained = false;

  constructor(home: string, lock: HomeLock, notify: (event: StackEvent) => void) {
    this.file = join(home, "run", "services.json");
    this.#lock = lock;
    this.#notify = notify;
  }

  /** Takes the servers, and tells when one of them ends while the stack runs. */
  watchServers(servers: Servers, signal: AbortSignal): void {
    for (const name of ["mysql", "nats"] as const) {
      const server = servers[name];
      this.#servers.push(serverEntryOf(name, server));
      server.exited?.then((how) => {
        const exit = how.startsWith("SIG") ? `signal ${how}` : how;
        // One that is closed is marked when all of them are, by disposing.
        if (signal.aborted) return;
        this.#serverEnded(name, exit);
        this.#notify({ kind: "server_lost", server: name, exit, logFile: server.logFile });
      });
    }
    this.write();
  }

  watchServices(services: readonly SupervisedService[]): void {
    this.#services = services;
    this.write();
  }

  write(): void {
    const services = this.#services.map(serviceEntryOf);
    try {
      writeStackFile(this.file, {
        startedAt: this.#startedAt,
        services: [...services, ...this.#servers],
      });
      this.#lock.recordProcesses(
        services.flatMap(({ name, pid }) => (pid === null ? [] : [{ name, pid }])),
      );
      this.#complained = false;
    } catch (error) {
      // A full disk must not end the stack; operators read an old state until there is room.
      if (!this.#complained) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#notify({ kind: "state_unwritable", file: this.file, reason });
      }
      this.#complained = true;
    }
  }

  /** The servers are closed, or no longer ours to speak of. */
  [Symbol.dispose](): void {
    this.#servers = this.#servers.map((entry) => ({ ...entry, state: "stopped", pid: null }));
    this.write();
  }

  #serverEnded(name: string, exit: string): void {
    this.#servers = this.#servers.map((entry) =>
      entry.name === name ? { ...entry, state: "stopped", pid: null, lastExit: exit } : entry,
    );
    this.write();
  }
}

function serverEntryOf(name: string, server: Server): ServerEntry {
  return {
    name,
    kind: "server",
    pid: server.pid,
    state: "running",
    startedAt: new Date().toISOString(),
    restarts: 0,
    lastExit: null,
    logFile: server.logFile,
    address: server.address,
    version: server.version,
  };
}
