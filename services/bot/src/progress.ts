import type { MsgId } from "@resonance/mq-proto";
import type { Run } from "./runs/run.ts";

export type ProgressOf = Pick<Run, "msgId" | "seqId" | "sessionId" | "bot">;

const againMs = 10_000;
const mostRemembered = 5_000;

/**
 * Tells askers what is being done. The same twice in a row is told once, and what goes on for long
 * every 10 s again, for those who came later.
 */
export class Progress implements Disposable {
  readonly #publish: (run: ProgressOf, text: string) => void;
  readonly #last = new Map<MsgId, { run: ProgressOf; text: string }>();
  readonly #again: NodeJS.Timeout;

  constructor(publish: (run: ProgressOf, text: string) => void) {
    this.#publish = publish;
    this.#again = setInterval(() => {
      for (const { run, text } of this.#last.values()) this.#publish(run, text);
    }, againMs);
  }

  tell(run: ProgressOf, text: string): void {
    const last = this.#last.get(run.msgId);
    if (last?.text === text) return;
    this.#last.set(run.msgId, { run, text });
    const [oldest] = this.#last.keys();
    if (this.#last.size > mostRemembered && oldest !== undefined) this.#last.delete(oldest);
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
