import type { SeqId, SessionId, Username } from "@resonance/mq-proto";

/** What decides about messages to a session. */
export type SessionFacts = {
  readonly type: number;
  readonly maxSeqId: SeqId;
  /** Everybody in it. Undefined for a group, where only who writes is looked up. */
  readonly members: readonly Username[] | undefined;
  readonly bots: readonly Username[];
};

type Known = { readonly facts: SessionFacts; readonly untilMs: number };

const maxRemembered = 20_000;
// The members of a one-to-one session never change; who of them is a bot may.
const rememberForMs = 60_000;
// Another Logic writes into it, too: what is remembered would be wrong as often as right.
const avoidForMs = 60_000;

/**
 * What this process knows of one-to-one sessions from its last commit into them, so that the next
 * one need not ask. Nothing of it is relied on: a write says what it expects, and is refused when
 * that is not so.
 */
export class KnownSessions {
  readonly #known = new Map<SessionId, Known>();
  readonly #avoidedUntilMs = new Map<SessionId, number>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The facts of all of these sessions; undefined when one is not known. */
  all(sessionIds: ReadonlySet<SessionId>): ReadonlyMap<SessionId, SessionFacts> | undefined {
    const nowMs = this.#nowMs();
    const found = new Map<SessionId, SessionFacts>();
    for (const sessionId of sessionIds) {
      const known = this.#known.get(sessionId);
      if (!known || known.untilMs <= nowMs) return undefined;
      found.set(sessionId, known.facts);
    }
    return found;
  }

  /** Takes what was read under the sessions' locks. Call `raise` after the same commit. */
  learn(sessions: ReadonlyMap<SessionId, SessionFacts>): void {
    for (const [sessionId, facts] of sessions) {
      // One that the Go system left half made is to be made whole, and a group changes.
      if (facts.members?.length !== 2) continue;
      const known = this.#known.get(sessionId);
      if (known && known.facts.maxSeqId !== facts.maxSeqId) this.#avoid(sessionId);
      else if (!this.#isAvoided(sessionId)) this.#remember(sessionId, facts);
    }
  }

  /** After a commit that raised these sessions' seq_ids. */
  raise(rises: ReadonlyMap<SessionId, { readonly to: SeqId }>): void {
    for (const [sessionId, { to }] of rises) {
      const known = this.#known.get(sessionId);
      if (known) this.#known.set(sessionId, { ...known, facts: { ...known.facts, maxSeqId: to } });
    }
  }

  /** After a commit that may have happened, or not. */
  forget(sessionIds: Iterable<SessionId>): void {
    for (const sessionId of sessionIds) this.#known.delete(sessionId);
  }

  #remember(sessionId: SessionId, facts: SessionFacts): void {
    if (this.#known.size >= maxRemembered) this.#known.clear();
    this.#known.set(sessionId, { facts, untilMs: this.#nowMs() + rememberForMs });
  }

  #avoid(sessionId: SessionId): void {
    this.#known.delete(sessionId);
    if (this.#avoidedUntilMs.size >= maxRemembered) this.#avoidedUntilMs.clear();
    this.#avoidedUntilMs.set(sessionId, this.#nowMs() + avoidForMs);
  }

  #isAvoided(sessionId: SessionId): boolean {
    return (this.#avoidedUntilMs.get(sessionId) ?? 0) > this.#nowMs();
  }
}
