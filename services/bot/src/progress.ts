import type { Logger } from "@resonance/kit";
import type { MsgId } from "@resonance/mq-proto";
import type { Run } from "./runs/run.ts";

export type ProgressOf = Pick<Run, "msgId" | "seqId" | "sessionId" | "bot">;

const againMs = 10_000;
const lookEveryMs = 200;
/** Told again at a look: each costs those who talk meanwhile, and who waits for so long can wait. */
const mostAgain = 10;
const mostRemembered = 5_000;

/** Which of these runs this process works on, or nobody yet. */
export type StillTold = (msgIds: readonly MsgId[]) => Promise<ReadonlySet<MsgId>>;

/**
 * Tells askers what is being done. The same twice in a row is told once, and what goes on for long
 * every 10 s again, for those who came later; where that is over 50 a second, less often. What has
 * ended meanwhile, or is another process's to tell of, is told no more.
 */
export class Progress implements Disposable {
  readonly #publish: (run: ProgressOf, text: string) => void;
  readonly #stillTold: StillTold;
  readonly #log: Pick<Logger, "warn">;
  readonly #nowMs: () => number;
  /** What was told last at the end. */
  readonly #last = new Map<MsgId, Told>();
  readonly #again: NodeJS.Timeout;
  #isLooking = false;
  /** Whether the last look failed. */
  #isBlind = false;
  #isOver = false;

  constructor(
    publish: (run: ProgressOf, text: string) => void,
    stillTold: StillTold,
    log: Pick<Logger, "warn">,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#publish = publish;
    this.#stillTold = stillTold;
    this.#log = log;
    this.#nowMs = nowMs;
    this.#again = setInterval(() => void this.tellAgain(), lookEveryMs);
  }

  tell(run: ProgressOf, text: string): void {
    const last = this.#last.get(run.msgId);
    if (last?.text === text) return;
    this.#tell({ run, text });
    const [oldest] = this.#last.keys();
    if (this.#last.size > mostRemembered && oldest !== undefined) this.#last.delete(oldest);
  }

  /** Tells again what was told long ago, some of it at a time. Never rejects. */
  async tellAgain(): Promise<void> {
    const before = this.#nowMs() - againMs;
    const due: Told[] = [];
    for (const told of this.#last.values()) {
      if (told.atMs > before || due.length === mostAgain) break;
      due.push(told);
    }
    if (due.length === 0 || this.#isLooking) return;
    this.#isLooking = true;
    try {
      const msgIds = due.map(({ run }) => run.msgId);
      const still = await this.#stillTold(msgIds);
      this.#isBlind = false;
      if (this.#isOver) return;
      for (const told of due) {
        const { msgId } = told.run;
        if (!still.has(msgId)) this.end(msgId);
        // Not where something else was told meanwhile.
        else if (this.#last.get(msgId) === told) this.#tell(told);
      }
    } catch (error) {
      // Five times a second for as long as the database is away, the log would say it.
      if (!this.#isBlind) {
        this.#log.warn({ err: error }, "what goes on cannot be told again; it is tried again");
      }
      this.#isBlind = true;
    } finally {
      this.#isLooking = false;
    }
  }

  #tell({ run, text }: Omit<Told, "atMs">): void {
    this.#last.delete(run.msgId);
    this.#last.set(run.msgId, { run, text, atMs: this.#nowMs() });
    this.#publish(run, text);
  }

  /** Nothing is being done any more. */
  end(msgId: MsgId): void {
    this.#last.delete(msgId);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#again);
  }
}

type Told = { readonly run: ProgressOf; readonly text: string; readonly atMs: number };
