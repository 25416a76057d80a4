import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@resonance/db";
import { failpoint, type Logger } from "@resonance/kit";
import type { MsgId, Username } from "@resonance/mq-proto";
import { claimRun, listClaimable, releaseRun, renewLeases, type WaitingRun } from "../sql/runs.ts";
import { deleteWorker, upsertWorker } from "../sql/workers.ts";
import { chooseRuns, isOutOfTurn, outOfTurn } from "./choose-runs.ts";
import type { ClaimedRun } from "./run.ts";
import { RunStopped } from "./stop-reasons.ts";

export type WorkerDeps = {
  readonly db: Database;
  readonly bot: Username;
  /** How many runs are worked on side by side. */
  readonly slots: number;
  readonly leaseMs: number;
  readonly deadlineMs: number;
  /**
   * Takes a claimed run to its end. Resolves when the run is finished. Rejects when it is not, with
   * the reason of `stop` or with what went wrong: it is then given back.
   */
  readonly perform: (run: ClaimedRun, owner: string, signals: RunSignals) => Promise<void>;
  /** Tells a run that all are busy, and which place it has in the queue. */
  readonly onWaiting: (run: WaitingRun, position: number) => void;
  readonly log: Logger;
};

export type RunSignals = {
  /** The run is not this worker's any more, or will not be. */
  readonly stop: AbortSignal;
  /** The asker does not want the answer any more. */
  readonly cancel: AbortSignal;
};

const pollMs = 1_000;
const beatMs = 1_000;
const listed = 200;
// A run that fails for an unknown reason is not tried again at once.
const pauseMs = 1_000;

/**
 * Works on runs: claims what may be worked on, renews the leases, and stops runs whose asker does
 * not want them any more. The rows are the truth; `wake` only says that it is worth looking now.
 * Disposing gives unfinished runs back for other workers.
 */
export class Worker implements AsyncDisposable {
  /** Whose leases these are: another one at every start. */
  readonly owner = randomUUID();
  readonly #deps: WorkerDeps;
  readonly #active = new Map<MsgId, Active>();
  readonly #stop = new AbortController();
  readonly #loops: Promise<void>[];
  #isWoken = false;
  #wake: () => void = () => undefined;
  #beaten = performance.now();

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    this.#loops = [this.#claiming(), this.#beating()];
  }

  /** Has it look for runs soon. */
  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** Has it look at once for runs that are cancelled. */
  async noticeCancelled(): Promise<void> {
    await this.#beat();
    this.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new RunStopped("stopping"));
    this.#wake();
    failpoint("bot.amid_shutdown");
    for (const { stop } of this.#active.values()) stop.abort(new RunStopped("stopping"));
    await Promise.all([...this.#loops, ...[...this.#active.values()].map(({ done }) => done)]);
    const { db, log } = this.#deps;
    await deleteWorker(db, this.owner).catch((error: unknown) =>
      log.warn({ err: error }, "the worker counts as alive until that lapses"),
    );
  }

  async #claiming(): Promise<void> {
    const { log } = this.#deps;
    while (!this.#stop.signal.aborted) {
      this.#isWoken = false;
      try {
        await this.#claimRound();
      } catch (error) {
        log.warn({ err: error }, "cannot look for runs; it is tried again");
      }
      if (!this.#isWoken) await this.#wokenWithin(pollMs);
    }
  }

  async #claimRound(): Promise<void> {
    const { db, bot, slots } = this.#deps;
    const waiting = await listClaimable(db, { bot, outOfTurn, limit: listed });
    const { start, wait } = chooseRuns(
      waiting.filter(({ msgId }) => !this.#active.has(msgId)),
      this.#occupied(),
      slots,
    );
    if (start.length > 0) failpoint("bot.before_claim");
    // Side by side, so that the database makes them durable together.
    await Promise.all(start.map((run) => this.#claim(run)));
    for (const [index, run] of wait.entries()) this.#deps.onWaiting(run, index + 1);
  }

  async #claim(run: WaitingRun): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { db } = this.#deps;
    const claimed = await claimRun(db, run, { owner: this.owner, ...this.#deps });
    if (claimed) this.#begin(claimed);
  }

  #occupied() {
    const byRequester = new Map<Username, number>();
    let slots = 0;
    for (const { run, needsSlot } of this.#active.values()) {
      if (!needsSlot) continue;
      slots++;
      byRequester.set(run.requester, (byRequester.get(run.requester) ?? 0) + 1);
    }
    return { slots, byRequester };
  }

  #begin(run: ClaimedRun): void {
    failpoint("bot.after_claim");
    const stop = new AbortController();
    const cancel = new AbortController();
    if (run.isCancelled) cancel.abort(new RunStopped("cancelled"));
    const done = this.#perform(run, { stop: stop.signal, cancel: cancel.signal }).then(() => {
      this.#active.delete(run.msgId);
      this.wake();
    });
    this.#active.set(run.msgId, { run, stop, cancel, done, needsSlot: !isOutOfTurn(run) });
  }

  /** Never rejects. */
  async #perform(run: ClaimedRun, signals: RunSignals): Promise<void> {
    const { log, perform } = this.#deps;
    const msgId = run.msgId.toString();
    try {
      await perform(run, this.owner, signals);
      return;
    } catch (error) {
      if (error instanceof RunStopped) log.info({ msgId, why: error.kind }, "run is given back");
      else log.error({ err: error, msgId }, "run failed; it is tried again");
      const isFault = !(error instanceof RunStopped);
      if (isFault) await this.#pause(pauseMs);
      await this.#giveBack(run, isFault);
    }
  }

  async #giveBack(run: ClaimedRun, isFault: boolean): Promise<void> {
    const { db, log } = this.#deps;
    const msgId = run.msgId.toString();
    await releaseRun(db, run, this.owner, { countsAsAttempt: isFault }).catch((error: unknown) =>
      log.warn({ err: error, msgId }, "the run stays leased until that lapses"),
    );
  }

  async #beating(): Promise<void> {
    const { log } = this.#deps;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#beat();
      } catch (error) {
        log.warn({ err: error }, "cannot renew the leases of runs");
        this.#giveUpIfLapsed();
      }
      await this.#pause(beatMs);
    }
  }

  async #beat(): Promise<void> {
    const { db, bot, leaseMs } = this.#deps;
    const asked = performance.now();
    const before = [...this.#active];
    await upsertWorker(db, { owner: this.owner, bot, aliveMs: 5 * beatMs + leaseMs });
    if (before.length > 0) {
      const held = await renewLeases(db, { bot, owner: this.owner, leaseMs });
      for (const [msgId, { stop, cancel }] of before) {
        // What has ended meanwhile is held no more and aborted in vain.
        const found = held.get(msgId);
        if (!found) stop.abort(new RunStopped("lease_lost"));
        else if (found.isCancelled) cancel.abort(new RunStopped("cancelled"));
      }
    }
    this.#beaten = asked;
  }

  /** A database that does not answer lets the leases lapse: others may have the runs by then. */
  #giveUpIfLapsed(): void {
    if (performance.now() - this.#beaten < this.#deps.leaseMs) return;
    for (const { stop } of this.#active.values()) stop.abort(new RunStopped("lease_lost"));
  }

  /** Ends at once when the worker stops. */
  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  async #wokenWithin(ms: number): Promise<void> {
    const timer = AbortSignal.timeout(ms);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer.addEventListener("abort", () => resolve(), { once: true });
      if (this.#isWoken || this.#stop.signal.aborted) resolve();
    });
  }
}

type Active = {
  readonly run: ClaimedRun;
  readonly stop: AbortController;
  readonly cancel: AbortController;
  readonly done: Promise<void>;
  readonly needsSlot: boolean;
};
