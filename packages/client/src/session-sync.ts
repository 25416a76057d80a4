import type { PushMessage, SessionInfo } from "@resonance/mq-proto/gateway";
import { backoffMs } from "./backoff.ts";
import { type ClientError, toClientError } from "./client-error.ts";
import type { Api } from "./create-api.ts";
import { DeliveryOrder } from "./delivery-order.ts";
import { fetchMissing } from "./fetch-missing.ts";
import type { Timing } from "./timing.ts";
import { wait } from "./wait.ts";

type Options = {
  readonly api: Pick<Api, "getSessionList" | "getHistoryMessages">;
  readonly timing: Timing;
  readonly onMessage: (message: PushMessage) => void;
  readonly onSessions: (sessions: readonly SessionInfo[]) => void;
  readonly onReload: (sessionId: string) => void;
  readonly onReset: (sessionId: string) => void;
  readonly onSignedOut: (error: ClientError) => void;
};

/**
 * Makes one gapless stream out of pushes, which may be late, doubled or lost. The session list
 * says how far each session is; what did not come by push is fetched from the history. Where the
 * first list ends, the stream begins: earlier messages are the caller's to load.
 *
 * A list that ends before what was here when it was asked for, and another message in the place of
 * one that was delivered, are of a server that has lost some: there the stream begins again.
 */
export class SessionSync {
  readonly #options: Options;
  readonly #signal: AbortSignal;
  readonly #order = new DeliveryOrder();
  /** Sessions whose gap is being filled. */
  readonly #filling = new Map<string, Promise<void>>();
  /** The highest seq_id that is known to be stored in a session that is being filled. */
  readonly #expected = new Map<string, bigint>();
  /** How far each session was when the list was last asked for. */
  #asked = new Map<string, bigint>();
  #listing: Promise<void> | undefined;
  #giveUpListing = new AbortController();
  #listAgain = false;
  #listed = false;
  /** Something could not be fetched: the next list must not be put off. */
  #behind = false;
  /** When the list was last asked for. */
  #askedAtMs = 0;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    signal.addEventListener("abort", () => clearTimeout(this.#silenceTimer), { once: true });
  }

  /** Takes a pushed or an own message. */
  receive(message: PushMessage): void {
    const { sessionId } = message;
    if (message.seqId <= 0n) return;
    if (this.#listed && !this.#behind) this.#awaitSilence();
    if (this.#listed && this.#order.position(sessionId) === undefined) {
      this.#deliver(this.#order.begin(sessionId, 0n));
      this.refresh();
    }
    if (this.#order.contradicts(message)) {
      this.#reset(sessionId, message.seqId - 1n);
      this.refresh();
    }
    this.#deliver(this.#order.accept(message));
    if (this.#order.missingThrough(sessionId) !== undefined) this.#fillSoon(sessionId);
  }

  /** A message of this seq_id is stored: it is fetched if it does not come by itself. */
  expect(sessionId: string, seqId: bigint): void {
    const position = this.#order.position(sessionId);
    if (position === undefined) this.refresh();
    else if (position < seqId) {
      if (seqId > (this.#expected.get(sessionId) ?? 0n)) this.#expected.set(sessionId, seqId);
      this.#fillSoon(sessionId);
    }
  }

  /** Asks for the session list and delivers what was missed. One request runs at a time. */
  refresh(): void {
    if (this.#signal.aborted) return;
    if (this.#listing) {
      this.#listAgain = true;
      return;
    }
    this.#giveUpListing = new AbortController();
    const signal = AbortSignal.any([this.#signal, this.#giveUpListing.signal]);
    this.#listing = this.#list(signal).finally(() => {
      this.#listing = undefined;
      if (!this.#listAgain) return;
      this.#listAgain = false;
      this.refresh();
    });
  }

  /** The same for a new connection: what was asked for before it may never be answered. */
  refreshAnew(): void {
    this.#giveUpListing.abort();
    this.refresh();
  }

  /** Resolves when nothing is under way any more. */
  async done(): Promise<void> {
    await Promise.all([this.#listing, ...this.#filling.values()]);
  }

  async #list(signal: AbortSignal): Promise<void> {
    this.#behind = false;
    this.#asked = this.#order.positions();
    this.#askedAtMs = performance.now();
    this.#awaitSilence();
    const sessions = await this.#attempt(async () => {
      const response = await this.#options.api.getSessionList({}, { signal });
      return response.sessions;
    }, signal);
    if (!sessions) {
      this.#behind = true;
      return;
    }
    const fills: Promise<void>[] = [];
    for (const session of sessions) {
      const lastSeq = session.lastMessage?.seqId ?? 0n;
      // A Go Logic may give no last message.
      const reaches = lastSeq || session.lastReadSeq + session.unreadCount;
      if (reaches < (this.#asked.get(session.sessionId) ?? 0n)) {
        this.#reset(session.sessionId, lastSeq);
      }
      // A session that appears later is new to the caller from its first message.
      this.#deliver(this.#order.begin(session.sessionId, this.#listed ? 0n : lastSeq));
      if ((this.#order.position(session.sessionId) ?? 0n) < lastSeq) {
        fills.push(this.#fill(session.sessionId, lastSeq, signal));
      }
    }
    this.#listed = true;
    await Promise.all(fills);
    if (!signal.aborted) this.#options.onSessions(sessions);
  }

  #fillSoon(sessionId: string): void {
    if (this.#filling.has(sessionId)) return;
    const filling = wait(this.#options.timing.gapWaitMs, this.#signal)
      .then(() => this.#fillGaps(sessionId))
      .finally(() => {
        this.#filling.delete(sessionId);
        this.#expected.delete(sessionId);
      });
    this.#filling.set(sessionId, filling);
  }

  async #fillGaps(sessionId: string): Promise<void> {
    for (;;) {
      const throughSeq = this.#missingThrough(sessionId);
      if (throughSeq === undefined || this.#signal.aborted) return;
      await this.#fill(sessionId, throughSeq, this.#signal);
      // The fetch failed for good: the next session list tries again.
      if (this.#missingThrough(sessionId) === throughSeq) return;
    }
  }

  /** Up to where messages are missing: what is expected, or else what a message waits for. */
  #missingThrough(sessionId: string): bigint | undefined {
    const expected = this.#expected.get(sessionId) ?? 0n;
    const isBehind = (this.#order.position(sessionId) ?? 0n) < expected;
    return isBehind ? expected : this.#order.missingThrough(sessionId);
  }

  async #fill(sessionId: string, throughSeq: bigint, signal: AbortSignal): Promise<void> {
    const afterSeq = this.#order.position(sessionId) ?? 0n;
    const timesBack = this.#order.timesBack(sessionId);
    const range = { sessionId, afterSeq, throughSeq };
    const outcome = await this.#attempt(
      async () => ({ messages: await fetchMissing(this.#options.api, range, signal) }),
      signal,
    );
    if (!outcome) {
      this.#behind = true;
      return;
    }
    // What was fetched is of before the reset.
    if (this.#order.timesBack(sessionId) !== timesBack) return;
    if (outcome.messages) {
      this.#deliver(this.#order.settle(sessionId, outcome.messages, throughSeq));
      return;
    }
    const following = this.#order.skip(sessionId, throughSeq);
    this.#options.onReload(sessionId);
    this.#deliver(following);
  }

  /** The server has nothing after this seq_id that was here before. */
  #reset(sessionId: string, seq: bigint): void {
    this.#asked.delete(sessionId);
    this.#expected.delete(sessionId);
    this.#order.goBack(sessionId, seq);
    this.#options.onReset(sessionId);
  }

  #deliver(messages: readonly PushMessage[]): void {
    for (const message of messages) this.#options.onMessage(message);
  }

  // Undefined when it cannot be done: the next list, at the latest after a silence, tries again.
  async #attempt<Result>(
    request: () => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result | undefined> {
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        return await request();
      } catch (error) {
        const failure = toClientError(error);
        if (failure.reason === "not_signed_in") this.#options.onSignedOut(failure);
        if (!failure.retryable || tries === 3) return undefined;
        await wait(backoffMs(tries, { baseMs: 500, maxMs: 5_000 }), signal);
      }
    }
    return undefined;
  }

  /** Until the next list: longer with every message, but not for ever, as one may be lost. */
  #awaitSilence(): void {
    const { silenceMs, listEveryMs } = this.#options.timing;
    const leftMs = this.#askedAtMs + listEveryMs - performance.now();
    if (leftMs <= 0) return;
    clearTimeout(this.#silenceTimer);
    if (this.#signal.aborted) return;
    this.#silenceTimer = setTimeout(() => this.refresh(), Math.min(silenceMs, leftMs));
  }
}
