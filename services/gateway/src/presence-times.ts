/**
 * The Unix seconds at which users come and leave, as a report names them. A user who comes back has
 * come later than left, also within one second: a report that Logic works off late must not end the
 * connection that came after it.
 */
export class PresenceTimes {
  /** Of users whose last time is not over yet. */
  readonly #latest = new Map<string, bigint>();
  #second = 0n;

  came(username: string, now: bigint): bigint {
    const latest = this.#latestOf(username, now);
    return this.#note(username, latest === undefined ? now : latest + 1n);
  }

  left(username: string, now: bigint): bigint {
    return this.#note(username, this.#latestOf(username, now) ?? now);
  }

  #latestOf(username: string, now: bigint): bigint | undefined {
    if (now > this.#second) {
      this.#second = now;
      for (const [other, time] of this.#latest) if (time < now) this.#latest.delete(other);
    }
    return this.#latest.get(username);
  }

  #note(username: string, time: bigint): bigint {
    this.#latest.set(username, time);
    return time;
  }
}
