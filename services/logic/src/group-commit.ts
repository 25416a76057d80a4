import { ChatError } from "@resonance/kit";

export type GroupCommitOptions<Item, Result> = {
  /** Commits all items in one transaction; an item's own refusal is an Error in its place. */
  readonly commit: (items: readonly Item[]) => Promise<(Result | Error)[]>;
  /** Items of one key are never in two batches at once and keep their order. */
  readonly keyOf: (item: Item) => string;
  /** How many batches run at once. */
  readonly lanes: number;
  readonly maxBatchItems: number;
  /** Whether an error may be one item's fault, so that the others deserve another try alone. */
  readonly mayBeOneItem: (error: unknown) => boolean;
  /** Beyond this `submit` answers `busy` at once. */
  readonly maxWaitingItems: number;
};

/**
 * Commits together what arrives together. A lone item is committed at once; what arrives while
 * all lanes are busy forms the next batch. An item that makes a batch fail is found by committing
 * the batch's items one by one, so it never fails its neighbours.
 */
export class GroupCommit<Item, Result> implements AsyncDisposable {
  readonly #options: GroupCommitOptions<Item, Result>;
  readonly #busyKeys = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #waiting: Entry<Item, Result>[] = [];
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
    if (this.#waiting.length >= this.#options.maxWaitingItems) {
      throw new ChatError("resource_exhausted", `${this.#waiting.length} messages are waiting`);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, key: this.#options.keyOf(item), resolve, reject });
      this.#fillLanes();
    });
  }

  /** Refuses new items and waits until every accepted one is settled. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #fillLanes(): void {
    while (this.#running.size < this.#options.lanes) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      const run = this.#runBatch(batch);
      this.#running.add(run);
      void run.then(() => {
        this.#running.delete(run);
        this.#fillLanes();
      });
    }
  }

  #takeBatch(): Entry<Item, Result>[] {
    const batch: Entry<Item, Result>[] = [];
    const left: Entry<Item, Result>[] = [];
    for (const entry of this.#waiting) {
      const free = batch.length < this.#options.maxBatchItems && !this.#busyKeys.has(entry.key);
      (free ? batch : left).push(entry);
    }
    this.#waiting = left;
    for (const { key } of batch) this.#busyKeys.add(key);
    return batch;
  }

  /** Never rejects: each entry is settled. */
  async #runBatch(batch: readonly Entry<Item, Result>[]): Promise<void> {
    try {
      await this.#commit(batch);
    } catch (error) {
      if (batch.length > 1 && this.#options.mayBeOneItem(error)) {
        for (const entry of batch) await this.#runAlone(entry);
      } else {
        for (const entry of batch) entry.reject(error);
      }
    } finally {
      for (const { key } of batch) this.#busyKeys.delete(key);
    }
  }

  async #runAlone(entry: Entry<Item, Result>): Promise<void> {
    try {
      await this.#commit([entry]);
    } catch (error) {
      entry.reject(error);
    }
  }

  async #commit(batch: readonly Entry<Item, Result>[]): Promise<void> {
    const results = await this.#options.commit(batch.map(({ item }) => item));
    for (const [index, entry] of batch.entries()) {
      const result = results[index];
      if (result instanceof Error) entry.reject(result);
      else if (result === undefined) entry.reject(new TypeError("commit left an item out"));
      else entry.resolve(result);
    }
  }
}

type Entry<Item, Result> = {
  readonly item: Item;
  readonly key: string;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};
