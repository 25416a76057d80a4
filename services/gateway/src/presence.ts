import { ChatError, type Logger } from "@resonance/kit";
import type { Username } from "@resonance/mq-proto";
import type { PresenceReporter } from "./connections.ts";
import type { LogicClients } from "./logic-clients.ts";
import { type PresenceChange, PresenceChanges } from "./presence-changes.ts";

// Whoever comes waits for it, so a report begins soon; what comes during one forms the next.
const batchWithinMs = 5;
const fullBatch = 50;
const maxBatch = 500;
const heartbeatMs = 5_000;
const maxRetryMs = 5_000;
const reportTimeoutMs = 5_000;
const lastReportsWithinMs = 1_000;

type PresenceDeps = {
  readonly logic: Pick<LogicClients, "presence">;
  readonly gatewayId: string;
  readonly log: Logger;
};

/**
 * Tells Logic who is here: changes within 5 ms or when 50 have come together, and every 5 s at
 * least an empty report, which is the gateway's heartbeat. Reports never overlap. One that fails is
 * tried again, merged with what has changed since. Disposing sends what is left, for at most 1 s.
 *
 * A process is later than those before it, whatever the clock says: while Logic has taken no report
 * of this one and knows a later one, the clock is behind, and this one goes past that. Afterwards a
 * later one is another process, which has taken over the gateway's id.
 *
 * Where the database has gone back, as one that was restored, Logic knows some who have left and
 * not some who are here: all who are here are told anew, under an incarnation of their own.
 */
export class Presence implements PresenceReporter, AsyncDisposable {
  readonly #deps: PresenceDeps;
  /** Routes of an earlier process with this gateway's id, which has a lower one, do not count. */
  #incarnation = BigInt(Date.now());
  /** Whether Logic has taken a report of this process. */
  #isKnown = false;
  readonly #changes = new PresenceChanges();
  /** Who is here, by the last report of it. */
  readonly #here = new Map<string, PresenceChange>();
  /** The last report of this incarnation that Logic has taken. */
  #takenSeqId = 0n;
  /** Who has come and is not yet known to Logic to be here. */
  readonly #arrivals = new Map<string, PromiseWithResolvers<void>>();
  #taken: PromiseWithResolvers<void> | undefined;
  readonly #stop = new AbortController();
  #seqId = 0n;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #reporting: Promise<void> | undefined;
  #isReporting = false;

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
  }

  /**
   * Reports from now on, beginning at once. To be called when nothing can stop the start any more:
   * the first report ends the routes of an earlier process of this gateway's id.
   */
  begin(): void {
    this.#isReporting = true;
    this.#schedule(0);
  }

  online(username: Username, remoteIp: string): Promise<void> {
    const arrival = this.#arrivals.get(username) ?? Promise.withResolvers<void>();
    this.#arrivals.set(username, arrival);
    const change = { kind: "online", remoteIp, timestamp: unixSeconds() } as const;
    this.#here.set(username, change);
    this.#note(username, change);
    return arrival.promise;
  }

  offline(username: Username): void {
    this.#settle(username);
    this.#here.delete(username);
    this.#note(username, { kind: "offline", timestamp: unixSeconds() });
  }

  /** Resolves when Logic has taken another report, which is due at once. Not after the disposal. */
  answered(): Promise<void> {
    this.#taken ??= Promise.withResolvers<void>();
    this.#schedule(0);
    return this.#taken.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isReporting = false;
    clearTimeout(this.#timer);
    const giveUp = setTimeout(() => this.#stop.abort(stopped()), lastReportsWithinMs);
    await this.#reporting;
    while (this.#changes.size > 0 && (await this.#report()));
    clearTimeout(giveUp);
    for (const username of this.#arrivals.keys()) this.#settle(username);
  }

  #settle(username: string): void {
    this.#arrivals.get(username)?.resolve();
    this.#arrivals.delete(username);
  }

  #note(username: Username, change: PresenceChange): void {
    this.#changes.note(username, change);
    this.#schedule(this.#changes.size >= fullBatch ? 0 : batchWithinMs);
  }

  /** Reports in `inMs`, or when a report is due sooner, then. */
  #schedule(inMs: number): void {
    const dueAtMs = performance.now() + inMs;
    if (!this.#isReporting || this.#reporting || dueAtMs >= this.#dueAtMs) return;
    clearTimeout(this.#timer);
    this.#dueAtMs = dueAtMs;
    this.#timer = setTimeout(() => {
      this.#dueAtMs = Number.POSITIVE_INFINITY;
      this.#reporting = this.#reportAndSchedule();
    }, inMs);
  }

  async #reportAndSchedule(): Promise<void> {
    const isTold = await this.#report();
    this.#reporting = undefined;
    if (!isTold) this.#schedule(Math.min(maxRetryMs, 100 * 2 ** Math.min(this.#failures, 10)));
    else this.#schedule(this.#changes.size > 0 ? 0 : heartbeatMs);
  }

  /** Whether Logic has taken it. Never rejects. */
  async #report(): Promise<boolean> {
    const batch = this.#changes.take(maxBatch);
    try {
      await this.#tell(batch);
    } catch (error) {
      this.#changes.putBack(batch);
      this.#failures++;
      this.#deps.log.warn({ err: error, changes: batch.size }, "presence is not reported");
      return false;
    }
    for (const [username, { kind }] of batch) {
      // Who has come back since this told of their leaving waits for the next.
      if (kind === "online") this.#settle(username);
    }
    this.#taken?.resolve();
    this.#taken = undefined;
    if (this.#failures > 0) this.#deps.log.info("presence is reported again");
    this.#failures = 0;
    return true;
  }

  async #tell(batch: ReadonlyMap<string, PresenceChange>): Promise<void> {
    const { logic, gatewayId, log } = this.#deps;
    for (;;) {
      const seqId = ++this.#seqId;
      const answer = await logic.presence.syncStatus(
        { seqId, gatewayId, incarnation: this.#incarnation, ...splitBatch(batch) },
        this.#stop.signal,
        { timeoutMs: reportTimeoutMs },
      );
      if (answer.error !== "") throw new ChatError("internal", answer.error);
      const later = answer.laterIncarnation;
      if (later === 0n) {
        this.#isKnown = true;
        this.#noteTaken(seqId, answer.previousSeqId);
        return;
      }
      if (this.#isKnown) {
        log.error({ gatewayId, later }, "another process reports under this gateway's id");
        return;
      }
      this.#incarnation = later + 1n;
    }
  }

  #noteTaken(seqId: bigint, previousSeqId: bigint | undefined): void {
    // A Logic that does not say takes no part in the order.
    if (previousSeqId === undefined) return;
    if (previousSeqId >= this.#takenSeqId) {
      this.#takenSeqId = seqId;
      return;
    }
    const { gatewayId, log } = this.#deps;
    log.warn({ gatewayId, users: this.#here.size }, "reports are lost: all who are here come anew");
    this.#incarnation += 1n;
    this.#takenSeqId = 0n;
    this.#changes.putBack(this.#here);
  }
}

function splitBatch(batch: ReadonlyMap<string, PresenceChange>) {
  const onlineBatch: { username: string; remoteIp: string; timestamp: bigint }[] = [];
  const offlineBatch: { username: string; timestamp: bigint }[] = [];
  for (const [username, change] of batch) {
    const { timestamp } = change;
    if (change.kind === "offline") offlineBatch.push({ username, timestamp });
    else onlineBatch.push({ username, remoteIp: change.remoteIp, timestamp });
  }
  return { onlineBatch, offlineBatch };
}

/** Does not follow a step of the clock: whoever leaves would seem to have come later. */
function unixSeconds(): bigint {
  return BigInt(Math.floor((performance.timeOrigin + performance.now()) / 1_000));
}

function stopped(): ChatError {
  return new ChatError("unavailable", "the gateway is stopping");
}
