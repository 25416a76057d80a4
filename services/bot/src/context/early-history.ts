import type { MsgId } from "@resonance/mq-proto";
import type { Run } from "../runs/run.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { type History, type HistoryDeps, type HistoryWanted, readHistory } from "./read-history.ts";

/**
 * Reads the history of questions while they are claimed. What was said up to a question does not
 * change any more, whoever claims it when.
 */
export class EarlyHistory implements Disposable {
  readonly #deps: HistoryDeps & { readonly contextMessages: number };
  readonly #reads = new Map<MsgId, Promise<History>>();
  readonly #stop = new AbortController();

  constructor(deps: HistoryDeps & { readonly contextMessages: number }) {
    this.#deps = deps;
  }

  /** Begins to read; what nobody has taken when it is disposed is dropped. */
  begin(run: Run): Disposable {
    // Without its place in the session it would be read up to now.
    if (run.seqId !== 0n && !this.#reads.has(run.msgId)) {
      const wanted = { ...run, before: this.#deps.contextMessages };
      const reading = readHistory(this.#deps, wanted, this.#stop.signal);
      // Whoever takes it hears of it.
      reading.catch(() => undefined);
      this.#reads.set(run.msgId, reading);
    }
    return { [Symbol.dispose]: () => void this.#reads.delete(run.msgId) };
  }

  /** What was begun for this question, once; otherwise it is read now. */
  async read(wanted: HistoryWanted, signal: AbortSignal): Promise<History> {
    const begun = this.#reads.get(wanted.msgId);
    this.#reads.delete(wanted.msgId);
    return await (begun ? unlessAborted(begun, signal) : readHistory(this.#deps, wanted, signal));
  }

  [Symbol.dispose](): void {
    this.#stop.abort(new Error("the bot is stopping"));
  }
}
