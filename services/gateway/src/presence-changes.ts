export type PresenceChange =
  | { readonly kind: "online"; readonly remoteIp: string; readonly timestamp: bigint }
  | { readonly kind: "offline"; readonly timestamp: bigint };

/** What Logic has yet to be told: of each user only the latest state. */
export class PresenceChanges {
  readonly #changes = new Map<string, PresenceChange>();

  get size(): number {
    return this.#changes.size;
  }

  /** Replaces what was noted of this user before. */
  note(username: string, change: PresenceChange): void {
    this.#changes.set(username, change);
  }

  /** Removes and returns at most `max` of them. */
  take(max: number): ReadonlyMap<string, PresenceChange> {
    const taken = new Map([...this.#changes].slice(0, max));
    for (const username of taken.keys()) this.#changes.delete(username);
    return taken;
  }

  /** For a report that failed. Does not replace what was noted since `take`. */
  putBack(taken: ReadonlyMap<string, PresenceChange>): void {
    for (const [username, change] of taken) {
      if (!this.#changes.has(username)) this.#changes.set(username, change);
    }
  }
}
