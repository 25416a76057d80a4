import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Database, Pipeline } from "@resonance/db";
import { failpoint, type Logger } from "@resonance/kit";
import type { MsgId, SessionId, Username } from "@resonance/mq-proto";
import { type Claim, claimRun } from "../sql/claims.ts";
import {
  listCancelled,
  listClaimable,
  releaseRun,
  renewLeases,
  type WaitingRun,
} from "../sql/runs.ts";
import { deleteWorker, upsertWorker } from "../sql/workers.ts";
import { chooseRuns, isOutOfTurn, type Occupied, occupiedBy, outOfTurn } from "./choose-runs.ts";
import type { ClaimedRun, Run, RunSignals } from "./run.ts";
import { RunStopped } from "./stop-reasons.ts";

export type WorkerDeps = {
  readonly db: Database;
  /** For claims. */
  readonly pipeline: Pipeline;
  readonly bot: Username;
  /** How many runs are worked on side by side. */
  readonly slots: number;
  readonly leaseMs: number;
  readonly deadlineMs: number;
  /** Begins what a run needs, claimed or not; disposed when that is known. */
  readonly whileClaiming: (run: Run) => Disposable;
  /**
   * Takes a claimed run to its end. Resolves when the run is finished. Rejects when it is not, with
   * the reason of `stop` or with what went wrong: it is then given back.
   */
  readonly perform: (run: ClaimedRun, owner: string, signals: RunSignals) => Promise<void>;
  /** Tells a run that all are busy, and which place it has in the queue. */
  readonly onWaiting: (run: WaitingRun, position: number) => void;
  readonly log: Logger;
};

const pollMs = 1_000;
const beatMs = 1_000;
// Longer than the leases: whoever holds one is alive.
const aliveMoreMs = 5_000;
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
  /** What is being claimed. */
  readonly #claims = new Map<MsgId, Run>();
  readonly #stop = new AbortController();
  readonly #loops: Promise<void>[];
  /** Where something may be new since the last look. */
  readonly #sessionsToLookAt = new Set<SessionId>();
  /** Whether runs wait for a slot. */
  #hasBacklog = false;
  /** When to look at all sessions next. */
  #fullLookDue = 0;
  #renewalDue = 0;
  #renewedAt = performance.now();
  #wake: () => void = () => undefined;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    this.#loops = [this.#claiming(), this.#beating()];
  }

  /** Has it look for runs of a session soon. */
  wake(sessionId: SessionId): void {
    this.#sessionsToLookAt.add(sessionId);
    this.#wake();
  }

  /** Claims a run that was asked for just now, if it is its turn and somebody is free. Says whether. */
  async take(run: Run): Promise<boolean> {
    if (this.#hasBacklog || this.#isKnown(run)) return false;
    const asked = { ...run, isCancelled: false };
    const { start } = chooseRuns([asked], this.#occupied(), this.#deps.slots);
    if (start.length === 0) return false;
    failpoint("bot.before_claim");
    return await this.#claim(run, { inTurn: !isOutOfTurn(asked) });
  }

  /** Has it look at once for runs that are cancelled, its own and those nobody has. */
  async noticeCancelled(sessionId: SessionId): Promise<void> {
    await this.#stopCancelled();
    this.wake(sessionId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new RunStopped("stopping"));
    this.#wake();
    failpoint("bot.amid_shutdown");
    // A round under way may begin one more run.
    await Promise.all(this.#loops);
    const active = [...this.#active.values()];
    for (const { stop } of active) stop.abort(new RunStopped("stopping"));
    await Promise.all(active.map(({ done }) => done));
    const { db, log } = this.#deps;
    await deleteWorker(db, this.owner).catch((error: unknown) =>
      log.warn({ err: error }, "the worker counts as alive until that lapses"),
    );
  }

  async #claiming(): Promise<void> {
    const { log } = this.#deps;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#claimRound();
      } catch (error) {
        log.warn({ err: error }, "cannot look for runs; it is tried again");
        await this.#pause(pauseMs);
      }
      await this.#wokenOrDue();
    }
  }

  /** Looks where something is said to be new, and everywhere from time to time. */
  async #claimRound(): Promise<void> {
    const { db, bot, slots } = this.#deps;
    const isFull = performance.now() >= this.#fullLookDue;
    const sessionIds = isFull ? undefined : [...this.#sessionsToLookAt];
    this.#sessionsToLookAt.clear();
    if (sessionIds?.length === 0) return;
    if (isFull) this.#fullLookDue = performance.now() + pollMs;
    const waiting = await listClaimable(db, { bot, outOfTurn, sessionIds, limit: listed });
    const { start, wait } = chooseRuns(
      waiting.filter((run) => !this.#isKnown(run)),
      this.#occupied(),
      slots,
    );
    if (start.length > 0) failpoint("bot.before_claim");
    // Side by side, so that the database makes them durable together.
    const claims = await Promise.allSettled(
      start.map((run) => this.#claim(run, { inTurn: false })),
    );
    if (wait.length > 0) this.#hasBacklog = true;
    if (isFull) {
      this.#hasBacklog = wait.length > 0;
      for (const [index, run] of wait.entries()) this.#deps.onWaiting(run, index + 1);
    }
    const failed = claims.find((claim) => claim.status === "rejected");
    if (failed) throw failed.reason;
  }

  async #claim(run: Run, { inTurn }: { inTurn: boolean }): Promise<boolean> {
    if (this.#stop.signal.aborted) return false;
    const { pipeline, leaseMs, deadlineMs } = this.#deps;
    const lease = { owner: this.owner, leaseMs, deadlineMs };
    this.#claims.set(run.msgId, run);
    using _begun = this.#deps.whileClaiming(run);
    try {
      const claim = await claimRun(pipeline, run, lease, inTurn);
      if (claim) this.#begin(claim);
      return claim !== undefined;
    } finally {
      this.#claims.delete(run.msgId);
    }
  }

  #isKnown({ msgId }: Run): boolean {
    return this.#active.has(msgId) || this.#claims.has(msgId);
  }

  #occupied(): Occupied {
    const working = [...this.#active.values()].filter(({ needsSlot }) => needsSlot);
    return occupiedBy([...working.map(({ run }) => run), ...this.#claims.values()]);
  }

  #begin({ run, durable }: Claim): void {
    let isDurable = false;
    const claimed = durable.then(
      () => {
        failpoint("bot.after_claim");
        isDurable = true;
      },
      (error: unknown) => {
        this.#deps.log.warn({ err: error }, "a claim is not sure to be durable; it is given back");
        throw new RunStopped("lease_lost");
      },
    );
    // Whoever works on the run hears of it.
    claimed.catch(() => undefined);
    const stop = new AbortController();
    const cancel = new AbortController();
    if (run.isCancelled) cancel.abort(new RunStopped("cancelled"));
    const signals = { claimed, stop: stop.signal, cancel: cancel.signal };
    const done = this.#perform(run, signals).then(() => {
      this.#active.delete(run.msgId);
      // Its slot is for whoever's turn it is, and not only for its session.
      if (this.#hasBacklog) this.#fullLookDue = 0;
      this.wake(run.sessionId);
    });
    const needsSlot = !isOutOfTurn(run);
    this.#active.set(run.msgId, { run, stop, cancel, done, needsSlot, isDurable: () => isDurable });
  }

  /** Never rejects. */
  async #perform(run: ClaimedRun, signals: RunSignals): Promise<void> {
    const { db, log, perform } = this.#deps;
    const msgId = run.msgId.toString();
    try {
      await perform(run, this.owner, signals);
      return;
    } catch (error) {
      if (error instanceof RunStopped) log.info({ msgId, why: error.kind }, "run is given back");
      else log.error({ err: error, msgId }, "run failed; it is tried again");
      const isFault = !(error instanceof RunStopped);
      if (isFault) await this.#pause(pauseMs);
      await releaseRun(db, run, this.owner, { countsAsAttempt: isFault }).catch(
        (failure: unknown) =>
          log.warn({ err: failure, msgId }, "the run stays leased until that lapses"),
      );
    }
  }

  async #beating(): Promise<void> {
    const { leaseMs, log } = this.#deps;
    const renewEveryMs = leaseMs / 3;
    while (!this.#stop.signal.aborted) {
      try {
        if (performance.now() >= this.#renewalDue) {
          this.#renewalDue = performance.now() + renewEveryMs;
          await this.#renew();
        }
        await this.#stopCancelled();
      } catch (error) {
        log.warn({ err: error }, "cannot renew the leases of runs");
        this.#renewalDue = 0;
        this.#giveUpIfLapsed();
      }
      await this.#pause(Math.min(beatMs, renewEveryMs));
    }
  }

  async #renew(): Promise<void> {
    const { db, bot, leaseMs } = this.#deps;
    const askedAt = performance.now();
    // Of a claim that is not committed the database says nothing, or that it is not held.
    const before = [...this.#active].filter(([, { isDurable }]) => isDurable());
    await upsertWorker(db, { owner: this.owner, bot, aliveMs: leaseMs + aliveMoreMs });
    if (before.length > 0) {
      const msgIds = before.map(([msgId]) => msgId);
      const held = await renewLeases(db, { bot, owner: this.owner, leaseMs, msgIds });
      for (const [msgId, { stop }] of before) {
        // What has ended meanwhile is held no more and aborted in vain.
        if (!held.has(msgId)) stop.abort(new RunStopped("lease_lost"));
      }
    }
    this.#renewedAt = askedAt;
  }

  async #stopCancelled(): Promise<void> {
    const { db, bot } = this.#deps;
    if (this.#active.size === 0) return;
    for (const msgId of await listCancelled(db, { bot, owner: this.owner })) {
      this.#active.get(msgId)?.cancel.abort(new RunStopped("cancelled"));
    }
  }

  /** A database that does not answer lets the leases lapse: others may have the runs by then. */
  #giveUpIfLapsed(): void {
    if (performance.now() - this.#renewedAt < this.#deps.leaseMs) return;
    for (const { stop } of this.#active.values()) stop.abort(new RunStopped("lease_lost"));
  }

  /** Ends at once when the worker stops. */
  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  async #wokenOrDue(): Promise<void> {
    const woken = Promise.withResolvers<void>();
    this.#wake = woken.resolve;
    const dueInMs = Math.max(0, Math.ceil(this.#fullLookDue - performance.now()));
    const timer = setTimeout(woken.resolve, dueInMs);
    if (this.#sessionsToLookAt.size > 0 || this.#stop.signal.aborted) woken.resolve();
    await woken.promise;
    clearTimeout(timer);
  }
}

type Active = {
  readonly run: ClaimedRun;
  readonly stop: AbortController;
  readonly cancel: AbortController;
  readonly done: Promise<void>;
  readonly needsSlot: boolean;
  readonly isDurable: () => boolean;
};
