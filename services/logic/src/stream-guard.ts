import { setTimeout as delay } from "node:timers/promises";
import type { Bus, Receipt, StreamState } from "@resonance/bus";
import type { Queryable } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import { PurgeWatch } from "./purge-watch.ts";
import { reopenLost } from "./reopen-lost.ts";
import { adoptLost, adoptWhole, clearLost, findStreamRun } from "./sql/stream-runs.ts";

type Deps = {
  readonly db: Queryable;
  readonly bus: Bus;
  readonly log: Logger;
  readonly metrics: { reopened(events: number): void };
};

const checkEveryMs = 5_000;
const retryReopeningMs = 1_000;
// Each is lost only to another process that has changed something.
const maxRounds = 10;

/**
 * Notices that the stream has lost events, and has them published again. MySQL is the record of
 * what was published, and of how far the stream reached then (`t_stream_run`).
 *
 * - unverified: a connection to another run of the server, or a doubt. Nothing is published.
 * - verified: the stream was made when it was before and reaches as far, or it is noted as lost.
 *   Then events are published, and `reopenLost` runs beside that until it has been through.
 *
 * The comparison comes before the first event of a run, so that new events cannot hide how far back
 * the stream has gone. It is repeated every 5 s, for a stream that somebody else has deleted or
 * purged. What is noted as lost stays so over a crash, until some process has been through.
 */
export class StreamGuard implements AsyncDisposable {
  readonly #deps: Deps;
  readonly #stop = new AbortController();
  readonly #purges = new PurgeWatch();
  #run: StreamState | undefined;
  #checkedAtMs = 0;
  #checking: Promise<StreamState | undefined> | undefined;
  #lostAt: Date | undefined;
  #reopening: Promise<void> = Promise.resolve();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The run to publish to, compared if need be; undefined while there is none. Never rejects. */
  async current(): Promise<StreamState | undefined> {
    const { bus } = this.#deps;
    if (!bus.isConnected() || this.#stop.signal.aborted) return undefined;
    const isFresh = performance.now() - this.#checkedAtMs < checkEveryMs;
    if (isFresh && this.#run?.serverId === bus.serverId()) return this.#run;
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    });
    return await this.#checking;
  }

  /** Has the stream compared again before anything else is published. */
  doubt(): void {
    this.#run = undefined;
  }

  /**
   * Takes the receipts of events that were published to a run. Gives how far the stream reaches, or
   * undefined when they do not fit the run: then the events may not be where they should be.
   */
  confirm(run: StreamState, receipts: readonly Receipt[]): number | undefined {
    const fits = receipts.every(
      ({ serverId, seq, isDuplicate }) =>
        serverId === run.serverId && (isDuplicate || seq > run.lastSeq),
    );
    if (!fits) {
      this.doubt();
      return undefined;
    }
    const lastSeq = Math.max(run.lastSeq, ...receipts.map(({ seq }) => seq));
    const current = this.#run;
    if (current?.serverId === run.serverId && current.createdAt === run.createdAt) {
      this.#run = { ...current, lastSeq: Math.max(current.lastSeq, lastSeq) };
    }
    return lastSeq;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("Logic is stopping"));
    await this.#checking;
    await this.#reopening;
  }

  async #check(): Promise<StreamState | undefined> {
    const { log } = this.#deps;
    try {
      const state = await this.#compare();
      this.#run = state;
      this.#checkedAtMs = performance.now();
      return state;
    } catch (error) {
      this.#run = undefined;
      if (!this.#stop.signal.aborted) log.warn({ err: error }, "cannot check the NATS stream");
      return undefined;
    }
  }

  /** Compares until the stream's run is the adopted one. */
  async #compare(): Promise<StreamState> {
    const { db, bus, log } = this.#deps;
    for (let round = 0; round < maxRounds; round++) {
      // In this order: what is known to be stored by then is in the stream by now.
      const known = await findStreamRun(db);
      const state = await bus.checkStream();
      const nowMs = performance.now();
      const removed = this.#purges.look(state.removed, nowMs);
      if (removed > 0) log.warn({ removed }, "events were removed from the NATS stream");
      const isWhole =
        known?.createdAt === state.createdAt && BigInt(state.lastSeq) >= known.lastSeq;
      const isAdopted = isWhole && known.runId === state.runId;
      if (isAdopted && !this.#purges.isDue(nowMs)) {
        if (known.lostAt) this.#startReopening(known.lostAt);
        return state;
      }
      if (isWhole && !isAdopted) {
        await adoptWhole(db, known, state);
      } else if (await adoptLost(db, known, state)) {
        this.#purges.noted(nowMs);
        // The first run of all has lost nothing.
        if (known) log.warn({ known, ...state }, "the NATS stream has lost events");
      }
    }
    throw new Error("other processes do not agree on the run of the NATS server");
  }

  #startReopening(lostAt: Date): void {
    if (lostAt.getTime() === this.#lostAt?.getTime()) return;
    this.#lostAt = lostAt;
    this.#reopening = this.#reopening.then(() => this.#reopen(lostAt));
  }

  /** Never rejects: tries until it has been through, or more was lost, or Logic stops. */
  async #reopen(lostAt: Date): Promise<void> {
    const { db, log, metrics } = this.#deps;
    const { signal } = this.#stop;
    while (!signal.aborted && this.#lostAt === lostAt) {
      try {
        const events = await reopenLost(db, signal);
        await clearLost(db, lostAt);
        metrics.reopened(events);
        log.info({ events }, "events without an effect are in the outbox again");
        return;
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ err: error }, "cannot look for lost events; it is tried again");
        await delay(retryReopeningMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
