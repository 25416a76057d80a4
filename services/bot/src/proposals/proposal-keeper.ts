import { setTimeout as delay } from "node:timers/promises";
import { expireProposals, listUnshown, markShown } from "../sql/proposals.ts";
import { cardText, outcomeText } from "./card.ts";
import { type ExecuteDeps, executeNext } from "./execute.ts";

export type KeeperDeps = ExecuteDeps & {
  /**
   * Says something in a session as the bot, once for a client id. False where it cannot be said
   * any more, as in a session that is gone.
   */
  readonly say: (
    sessionId: string,
    clientMsgId: string,
    content: string,
    signal: AbortSignal,
  ) => Promise<boolean>;
  /** How often to look when nobody has called. */
  readonly everyMs: number;
};

/**
 * Carries out what is approved, ends what has expired, and shows cards and outcomes, until
 * disposed. All that it does stands in rows: another process goes on where this one stops.
 */
export class ProposalKeeper implements AsyncDisposable {
  readonly #deps: KeeperDeps;
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;
  #wake = new AbortController();

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
    this.#running = Promise.all([
      this.#repeat(() => this.#show()),
      this.#repeat(() => this.#execute()),
    ]);
  }

  /** There is something to do. */
  wake(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("the bot is stopping"));
    await this.#running;
  }

  async #repeat(work: () => Promise<void>): Promise<void> {
    const stop = this.#stop.signal;
    while (!stop.aborted) {
      const called = AbortSignal.any([stop, this.#wake.signal]);
      try {
        await work();
      } catch (error) {
        if (!stop.aborted) {
          this.#deps.log.warn({ err: error }, "proposals cannot be seen to; it is tried again");
        }
      }
      // A call while it worked has ended the wait before it began.
      await delay(this.#deps.everyMs, undefined, { signal: called }).catch(() => undefined);
    }
  }

  async #execute(): Promise<void> {
    while (await executeNext(this.#deps, this.#stop.signal)) {
      this.wake();
      this.#stop.signal.throwIfAborted();
    }
  }

  async #show(): Promise<void> {
    const { db, bot, say } = this.#deps;
    const signal = this.#stop.signal;
    const expired = await expireProposals(db, bot);
    for (let i = 0; i < expired; i++) this.#deps.metrics?.proposal("expired");
    for (const proposal of await listUnshown(db, bot)) {
      const { id, sessionId, state } = proposal;
      if (!proposal.isCardShown) {
        await say(sessionId, `proposal:${id}`, cardText(proposal), signal);
        await markShown(db, id, "card");
      }
      if (state === "pending" || state === "approved" || state === "executing") continue;
      await say(sessionId, `outcome:${id}`, outcomeText(proposal), signal);
      await markShown(db, id, "outcome");
    }
  }
}
