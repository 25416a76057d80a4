import type { Username } from "@resonance/mq-proto";
import type { Connection } from "./connection.ts";

/** Told when somebody's first connection comes and when the last one goes. */
export type PresenceReporter = {
  online(username: Username, remoteIp: string): void;
  offline(username: Username): void;
};

/** The connections of this gateway; a user may have many. */
export class Connections {
  readonly #presence: PresenceReporter;
  readonly #ofUser = new Map<string, Set<Connection>>();
  #size = 0;

  constructor(presence: PresenceReporter) {
    this.#presence = presence;
  }

  get size(): number {
    return this.#size;
  }

  add(connection: Connection): void {
    const existing = this.#ofUser.get(connection.username);
    if (existing) existing.add(connection);
    else this.#ofUser.set(connection.username, new Set([connection]));
    this.#size++;
    if (!existing) this.#presence.online(connection.username, connection.remoteIp);
  }

  /** Does nothing the second time. */
  remove(connection: Connection): void {
    const existing = this.#ofUser.get(connection.username);
    if (!existing?.delete(connection)) return;
    this.#size--;
    if (existing.size > 0) return;
    this.#ofUser.delete(connection.username);
    this.#presence.offline(connection.username);
  }

  /** A copy: what is done with one may remove it. */
  of(username: string): Connection[] {
    return [...(this.#ofUser.get(username) ?? [])];
  }

  /** A copy: what is done with one may remove it. */
  all(): Connection[] {
    return [...this.#ofUser.values()].flatMap((connections) => [...connections]);
  }
}
