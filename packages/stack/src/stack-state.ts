import { join } from "node:path";
import type { HomeLock } from "./home-lock.ts";
import type { StackEvent } from "./stack-event.ts";
import { serviceEntryOf, writeStackFile } from "./stack-file.ts";
import type { SupervisedServer } from "./supervised-server.ts";
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
  #servers: readonly SupervisedServer[] = [];
  #complained = false;

  constructor(home: string, lock: HomeLock, notify: (event: StackEvent) => void) {
    this.file = join(home, "run", "services.json");
    this.#lock = lock;
    this.#notify = notify;
  }

  watchServers(servers: readonly SupervisedServer[]): void {
    this.#servers = servers;
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
        services: [...services, ...this.#servers.map(({ entry }) => entry)],
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

  [Symbol.dispose](): void {
    this.write();
  }
}
