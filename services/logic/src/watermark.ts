import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import type { MsgId } from "@resonance/mq-proto";
import { workerIdOf } from "./ids.ts";
import { isSameRun, type Published } from "./sent-marks.ts";
import { type OutboxRow, reopen } from "./sql/outbox.ts";
import {
  coveredIds,
  deleteWatermark,
  insertWatermark,
  listSilentWatermarks,
  listUncertain,
  raiseWatermark,
} from "./sql/watermarks.ts";
import type { StreamGuard } from "./stream-guard.ts";

/** The messages of one transaction, whose events are stored as sent and are yet to be published. */
export type Cover = {
  readonly firstMsgId: MsgId;
  readonly lastMsgId: MsgId;
  /** Events that are not published. */
  left: number;
};

type Standing = {
  readonly publisher: string;
  /** What the database has said it has. */
  storedMsgId: MsgId;
  /** What it was asked to have, and so may have. */
  askedMsgId: MsgId;
  /** The end of the last cover that is done with. */
  endedMsgId: MsgId;
  readonly open: Set<Cover>;
  /** Of events that are published, and not told of in the database. */
  reach: Pick<Published, "run" | "lastSeq"> | undefined;
  /** Whether anything was covered since it was raised last. */
  isUsed: boolean;
};

const raiseEveryMs = 500;
const restAfterGivingUpMs = 10_000;
// MariaDB turns a list of 1,000 values into a table of its own, and reads the outbox whole for it.
const reopenedAtOnce = 500;

/**
 * Marking every event as sent costs the database as much as storing it once more. A process that
 * publishes many stores them as sent at once, and says twice a second how far that is true
 * (`t_outbox_watermark`). When anything is not as it should be, it gives up, which is the same as
 * when it dies: whoever sweeps next makes pending what lies behind the watermark, and until much is
 * published again events are marked one by one. Disposing ends it when all is published.
 */
export class Watermark implements AsyncDisposable {
  readonly #deps: { readonly db: Database; readonly log: Logger; readonly guard: StreamGuard };
  readonly #stop = new AbortController();
  #standing: Standing | undefined;
  #running: Promise<void> | undefined;
  #restUntilMs = 0;

  constructor(deps: { db: Database; log: Logger; guard: StreamGuard }) {
    this.#deps = deps;
  }

  /** Has events of messages after this one covered, as soon as the database knows. */
  begin(msgId: MsgId): void {
    if (this.#running || performance.now() < this.#restUntilMs || this.#stop.signal.aborted) return;
    this.#running = this.#run(msgId)
      .catch((error: unknown) => {
        this.#deps.log.info({ err: error }, "events are marked one by one again");
        this.#rest();
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Undefined where the events of a transaction are to be stored as pending. */
  cover(rows: readonly OutboxRow[]): Cover | undefined {
    const standing = this.#standing;
    const firstMsgId = rows[0]?.msgId;
    const lastMsgId = rows.at(-1)?.msgId;
    if (!standing || firstMsgId === undefined || lastMsgId === undefined) return undefined;
    const { storedMsgId, askedMsgId } = standing;
    // Ids that were drawn before the watermark was raised may lie below it, and only so far beyond
    // it is looked when this process has died.
    if (firstMsgId <= askedMsgId || lastMsgId > storedMsgId + coveredIds) return undefined;
    const workerId = workerIdOf(storedMsgId);
    if (workerIdOf(firstMsgId) !== workerId || workerIdOf(lastMsgId) !== workerId) return undefined;
    const cover = { firstMsgId, lastMsgId, left: rows.length };
    standing.open.add(cover);
    standing.isUsed = true;
    return cover;
  }

  /** Nothing of it was stored. */
  drop(cover: Cover): void {
    this.#end(cover);
  }

  /** The server has these covered events. */
  published({ run, lastSeq, rows }: Published): void {
    const standing = this.#standing;
    if (!standing) return;
    const { reach } = standing;
    if (reach && !isSameRun(reach.run, run)) {
      this.giveUp();
      return;
    }
    standing.reach = { run, lastSeq: Math.max(lastSeq, reach?.lastSeq ?? 0) };
    for (const { cover } of rows) {
      if (cover && --cover.left === 0) this.#end(cover);
    }
  }

  /** Leaves what is not known to be published to the sweeper, as if this process had died. */
  giveUp(): void {
    if (this.#standing) this.#rest();
  }

  /**
   * Makes events pending again that were stored as sent by a process that has died or given up, and
   * may not be published. Says how many. Those that were are published twice, and consumers take the
   * second copy for what it is.
   */
  async reopenUncertain(signal: AbortSignal): Promise<number> {
    const { db } = this.#deps;
    let reopened = 0;
    for (const silent of await listSilentWatermarks(db)) {
      // Where the database was slow for a while, this one only seems to be silent.
      if (silent.publisher === this.#standing?.publisher) continue;
      for (;;) {
        signal.throwIfAborted();
        const ids = await listUncertain(db, silent, reopenedAtOnce);
        if (ids.length > 0) await reopen(db, ids);
        reopened += ids.length;
        if (ids.length < reopenedAtOnce) break;
      }
      // Until then events may still come: the database may be at work for one that has died.
      if (silent.isOver) await deleteWatermark(db, silent.publisher);
    }
    return reopened;
  }

  /** Call when nothing is covered or published any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #rest(): void {
    this.#standing = undefined;
    this.#restUntilMs = performance.now() + restAfterGivingUpMs;
  }

  #end(cover: Cover): void {
    const standing = this.#standing;
    // One of a watermark that was given up is the sweeper's.
    if (!standing?.open.delete(cover)) return;
    if (cover.lastMsgId > standing.endedMsgId) standing.endedMsgId = cover.lastMsgId;
  }

  async #run(msgId: MsgId): Promise<void> {
    const { db } = this.#deps;
    const { signal } = this.#stop;
    const standing: Standing = {
      publisher: randomUUID(),
      storedMsgId: msgId,
      askedMsgId: msgId,
      endedMsgId: msgId,
      open: new Set(),
      reach: undefined,
      isUsed: true,
    };
    await insertWatermark(db, { publisher: standing.publisher, msgId });
    this.#standing = standing;
    while (this.#standing === standing) {
      // An aborted wait is over sooner, and that is all.
      await delay(raiseEveryMs, undefined, { signal }).catch(() => undefined);
      if (this.#standing !== standing) return;
      const isOver = standing.open.size === 0 && (signal.aborted || !standing.isUsed);
      // From here on nothing is covered by it.
      if (isOver || signal.aborted) this.#standing = undefined;
      standing.isUsed = false;
      const isRaised = await this.#raise(standing);
      if (isOver && isRaised) await deleteWatermark(db, standing.publisher);
    }
  }

  async #raise(standing: Standing): Promise<boolean> {
    const { db, guard } = this.#deps;
    const { publisher, open, endedMsgId, reach } = standing;
    let msgId = endedMsgId;
    for (const { firstMsgId } of open) {
      // The predecessor of an id that may not be published yet; nobody need have drawn it.
      if (firstMsgId <= msgId) msgId = (firstMsgId - 1n) as MsgId;
    }
    standing.askedMsgId = msgId;
    standing.reach = undefined;
    const isRaised = await raiseWatermark(db, { publisher, msgId }, reach);
    if (isRaised) {
      standing.storedMsgId = msgId;
    } else {
      guard.doubt();
      this.giveUp();
      // Whoever has taken it for dead may have deleted it: its events want looking after still.
      await insertWatermark(db, { publisher, msgId: standing.storedMsgId });
    }
    return isRaised;
  }
}
