import type { MsgId } from "@resonance/mq-proto";
import type { Run } from "./runs/run.ts";

export type ProgressOf = Pick<Run, "msgId" | "seqId" | "sessionId" | "bot">;

const againMs = 10_000;
const lookEveryMs = 200;
/** Told again at a look: each costs those who talk meanwhile, and who waits for so long can wait. */
const mostAgain = 10;
const mostRemembered = 5_000;

/**
 * Tells askers what is being done. The same twice in a row is told once, and what goes on for long
 * every 10 s again, for those who came later; where that is over 50 a second, less often.
 */
export class Progress implements Disposable {
  readonly #publish: (run: ProgressOf, text: string) => void;
  readonly #nowMs: () => number;
  /** What was told last at the end. */
  readonly #last = new Map<MsgId, Told>();
  readonly #again: NodeJS.Timeout;

  constructor(
    publish: (run: ProgressOf, text: string) => void,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#publish = publish;
    this.#nowMs = nowMs;
    this.#again = setInterval(() => this.tellAgain(), lookEveryMs);
  }

  tell(run: ProgressOf, text: string): void {
    const last = this.#last.get(run.msgId);
    if (last?.text === text) return;
    this.#tell({ run, text });
    const [oldest] = this.#last.keys();
    if (this.#last.size > mostRemembered && oldest !== undefined) this.#last.delete(oldest);
  }

  /** Tells again what was told long ago, some of it at a time. */
  tellAgain(): void {
    const before = this.#nowMs() - againMs;
    const due: Told[] = [];
    for (const told of this.#last.values()) {
      if (told.atMs > before || due.length === mostAgain) break;
      due.push(told);
    }
    for (const told of due) this.#tell(told);
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
    clearInterval(this.#again);
  }
}

type Told = { readonly run: ProgressOf; readonly text: string; readonly atMs: number };
