import type { Username } from "@resonance/mq-proto";
import type { Connection } from "./connection.ts";

/** Told when somebody comes here first and when nobody of that name is here any more. */
export type PresenceReporter = {
  /** Resolves when Logic knows, and never rejects. */
  online(username: Username, remoteIp: string): Promise<void>;
  offline(username: Username): void;
};

type UserHere = {
  readonly connections: Set<Connection>;
  /** Handshakes under way. */
  arriving: number;
  /** Settles when what is published for the user comes here. */
  readonly announced: Promise<void>;
};

/** The connections of this gateway; a user may have many. */
export class Connections {
  readonly #presence: PresenceReporter;
  readonly #here = new Map<string, UserHere>();
  #size = 0;

  constructor(presence: PresenceReporter) {
    this.#presence = presence;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Announces somebody whose connection is about to open, so that nothing is published past it once
   * it is open. Release it when the connection is added, or will not be.
   */
  announce(
    username: Username,
    remoteIp: string,
  ): Disposable & { readonly announced: Promise<void> } {
    const user = this.#enter(username, remoteIp);
    user.arriving++;
    let isReleased = false;
    return {
      announced: user.announced,
      [Symbol.dispose]: () => {
        if (isReleased) return;
        isReleased = true;
        user.arriving--;
        this.#leaveIfGone(username, user);
      },
    };
  }

  add(connection: Connection): void {
    this.#enter(connection.username, connection.remoteIp).connections.add(connection);
    this.#size++;
  }

  /** Does nothing the second time. */
  remove(connection: Connection): void {
    const user = this.#here.get(connection.username);
    if (!user?.connections.delete(connection)) return;
    this.#size--;
    this.#leaveIfGone(connection.username, user);
  }

  /** Those of a user now. What is done with one may remove it. */
  of(username: string): Iterable<Connection> {
    return this.#here.get(username)?.connections ?? [];
  }

  /** A copy: what is done with one may remove it. */
  all(): Connection[] {
    return [...this.#here.values()].flatMap(({ connections }) => [...connections]);
  }

  #enter(username: Username, remoteIp: string): UserHere {
    const existing = this.#here.get(username);
    if (existing) return existing;
    const announced = this.#presence.online(username, remoteIp);
    const user = { connections: new Set<Connection>(), arriving: 0, announced };
    this.#here.set(username, user);
    return user;
  }

  #leaveIfGone(username: Username, user: UserHere): void {
    if (user.arriving > 0 || user.connections.size > 0) return;
    this.#here.delete(username);
    this.#presence.offline(username);
  }
}
