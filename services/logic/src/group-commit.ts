import { ChatError } from "@resonance/kit";

export type GroupCommitOptions<Item, Result> = {
  /**
   * Commits all items in one transaction, and settles them at once when that is done: an item's own
   * refusal is an Error in its place. What it does after that is still the batch's.
   */
  readonly commit: (
    items: readonly Item[],
    settle: (results: readonly (Result | Error)[]) => void,
  ) => Promise<void>;
  /** Items of one key are never in two batches at once and keep their order. */
  readonly keyOf: (item: Item) => string;
  /** How many batches may run at once. */
  readonly lanes: number;
  /**
   * A further batch begins beside those that run only when it is full, or when each of them has been
   * at work for this long.
   */
  readonly spareLaneAfterMs: number;
  readonly maxBatchItems: number;
  readonly sizeOf: (item: Item) => number;
  /** A batch may exceed it by its last item. */
  readonly maxBatchSize: number;
  /** Whether an error may be one item's fault, so that the others deserve another try alone. */
  readonly mayBeOneItem: (error: unknown) => boolean;
  /** Whether the batch has waited in vain for what somebody else holds. */
  readonly isLockedOut: (error: unknown) => boolean;
  /** Which of these keys are held by somebody else now. */
  readonly heldKeys: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Beyond either of these `submit` answers `busy` at once. */
  readonly maxWaitingItems: number;
  readonly maxWaitingSize: number;
};

/**
 * Commits together what arrives together. A lone item is committed at once, at the end of its
 * turn; what arrives while a batch runs forms the next one: few large batches cost less than many
 * small ones side by side. The other lanes are for when a batch is held up, by a lock or a slow
 * disk. An item that makes a batch fail is found by committing the batch's items one by one, so it
 * never fails its neighbours. A key that somebody holds gets batches of its own for a while, and
 * leaves one lane to the others, so that they wait for it once.
 */
export class GroupCommit<Item, Result> implements AsyncDisposable {
  readonly #options: GroupCommitOptions<Item, Result>;
  readonly #busyKeys = new Set<string>();
  /** Keys that were held, each with the time until which it is apart, and which of them run. */
  readonly #apartUntil = new Map<string, number>();
  readonly #apartRunning = new Set<string>();
  /** Each with the time when it began. */
  readonly #running = new Map<Promise<void>, number>();
  #waiting: Entry<Item, Result>[] = [];
  #waitingSize = 0;
  #isFillingSoon = false;
  #closed = false;

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options;
  }

  /**
   * Settles after the item's transaction is committed or the item refused.
   *
   * @throws ChatError `resource_exhausted` when too much is waiting, `unavailable` when closing.
   */
  submit(item: Item): Promise<Result> {
    if (this.#closed) throw new ChatError("unavailable", "this process is stopping");
    const { maxWaitingItems, maxWaitingSize } = this.#options;
    if (this.#waiting.length >= maxWaitingItems || this.#waitingSize >= maxWaitingSize) {
      throw new ChatError("resource_exhausted", `${this.#waiting.length} messages are waiting`);
    }
    return new Promise((resolve, reject) => {
      const { keyOf, sizeOf } = this.#options;
      const size = sizeOf(item);
      this.#waiting.push({ item, key: keyOf(item), size, resolve, reject });
      this.#waitingSize += size;
      this.#fillLanesSoon();
    });
  }

  /** Refuses new items and waits until every accepted one is settled. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#fillLanes();
    while (this.#running.size > 0) await Promise.all(this.#running.keys());
  }

  /** At the end of the turn: what is submitted in one turn is one batch. */
  #fillLanesSoon(): void {
    if (this.#isFillingSoon) return;
    this.#isFillingSoon = true;
    queueMicrotask(() => {
      this.#isFillingSoon = false;
      this.#fillLanes();
    });
  }

  #fillLanes(): void {
    while (this.#hasFreeLane()) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      const run = this.#runBatch(batch);
      this.#running.set(run, performance.now());
      const heldUp = setTimeout(() => this.#fillLanes(), this.#options.spareLaneAfterMs);
      void run.then(() => {
        clearTimeout(heldUp);
        this.#running.delete(run);
        this.#fillLanes();
      });
    }
  }

  #hasFreeLane(): boolean {
    const { lanes, spareLaneAfterMs, maxBatchItems } = this.#options;
    if (this.#running.size >= lanes) return false;
    if (this.#waiting.length >= maxBatchItems) return true;
    // A timer may fire a little early.
    const heldUpSince = performance.now() - spareLaneAfterMs + 1;
    return [...this.#running.values()].every((beganAt) => beganAt <= heldUpSince);
  }

  #takeBatch(): Entry<Item, Result>[] {
    const { maxBatchItems, maxBatchSize } = this.#options;
    const batch: Entry<Item, Result>[] = [];
    const left: Entry<Item, Result>[] = [];
    let size = 0;
    for (const entry of this.#waiting) {
      const isFull = batch.length >= maxBatchItems || size >= maxBatchSize;
      if (isFull || this.#busyKeys.has(entry.key) || !this.#mayJoin(entry.key, batch[0]?.key)) {
        left.push(entry);
        continue;
      }
      batch.push(entry);
      size += entry.size;
    }
    this.#waiting = left;
    this.#waitingSize -= size;
    for (const { key } of batch) {
      this.#busyKeys.add(key);
      if (this.#apartUntil.has(key)) this.#apartRunning.add(key);
    }
    return batch;
  }

  /** One that is apart begins a batch while a lane is left to the others, and shares it with none. */
  #mayJoin(key: string, first: string | undefined): boolean {
    if (first === key) return true;
    if (this.#apartUntil.has(key)) {
      const apartLanes = Math.max(1, this.#options.lanes - 1);
      return first === undefined && this.#apartRunning.size < apartLanes;
    }
    return first === undefined || !this.#apartUntil.has(first);
  }

  /** Never rejects: each entry is settled. */
  async #runBatch(batch: readonly Entry<Item, Result>[]): Promise<void> {
    const keys = [...new Set(batch.map(({ key }) => key))];
    try {
      await this.#commit(batch);
      for (const key of keys) this.#apartUntil.delete(key);
    } catch (error) {
      const { isLockedOut, mayBeOneItem } = this.#options;
      if (isLockedOut(error) && keys.length > 1) await this.#part(batch, keys);
      else if (!isLockedOut(error) && batch.length > 1 && mayBeOneItem(error)) {
        for (const entry of batch) await this.#runAlone(entry);
      } else {
        for (const entry of batch) entry.reject(error);
      }
    } finally {
      for (const key of keys) {
        this.#busyKeys.delete(key);
        this.#apartRunning.delete(key);
      }
    }
  }

  /** Has them wait again, first of all: those whose keys are held each apart, the others together. */
  async #part(batch: readonly Entry<Item, Result>[], keys: readonly string[]): Promise<void> {
    // Where it cannot be told, none is to wait for another.
    const held = await this.#options.heldKeys(keys).catch(() => new Set<string>());
    const nowMs = performance.now();
    for (const [key, untilMs] of this.#apartUntil) {
      if (untilMs < nowMs) this.#apartUntil.delete(key);
    }
    for (const key of held.size > 0 ? held : keys) this.#apartUntil.set(key, nowMs + apartMs);
    this.#waiting = [...batch, ...this.#waiting];
    this.#waitingSize += batch.reduce((sum, { size }) => sum + size, 0);
  }

  async #runAlone(entry: Entry<Item, Result>): Promise<void> {
    try {
      await this.#commit([entry]);
    } catch (error) {
      entry.reject(error);
    }
  }

  async #commit(batch: readonly Entry<Item, Result>[]): Promise<void> {
    let isSettled = false;
    const settle = (results: readonly (Result | Error)[]) => {
      isSettled = true;
      for (const [index, entry] of batch.entries()) {
        const result = results[index];
        if (result instanceof Error) entry.reject(result);
        else if (result === undefined) entry.reject(new TypeError("commit left an item out"));
        else entry.resolve(result);
      }
    };
    await this.#options.commit(
      batch.map(({ item }) => item),
      settle,
    );
    if (!isSettled) settle([]);
  }
}

// Longer than whoever sends waits before the next try.
const apartMs = 60_000;

type Entry<Item, Result> = {
  readonly item: Item;
  readonly key: string;
  readonly size: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};
