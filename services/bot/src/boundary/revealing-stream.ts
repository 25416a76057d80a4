import type { Pseudonyms } from "@resonance/redact";

/** Passes text on as it comes, with the true names, also where one comes in two pieces. */
export class RevealingStream {
  readonly #pseudonyms: Pseudonyms | undefined;
  readonly #pass: (text: string) => void;
  #held = "";

  constructor(pseudonyms: Pseudonyms | undefined, pass: (text: string) => void) {
    this.#pseudonyms = pseudonyms;
    this.#pass = pass;
  }

  add(delta: string): void {
    if (!this.#pseudonyms) {
      this.#pass(delta);
      return;
    }
    const text = this.#held + delta;
    // The last word may go on.
    const end = text.length - (/[\w-]{1,80}$/.exec(text)?.[0].length ?? 0);
    this.#held = text.slice(end);
    if (end > 0) this.#pass(this.#pseudonyms.reveal(text.slice(0, end)));
  }

  /** What was held back is void. */
  restart(): void {
    this.#held = "";
  }

  end(): void {
    const rest = this.#held;
    this.#held = "";
    if (rest !== "" && this.#pseudonyms) this.#pass(this.#pseudonyms.reveal(rest));
  }
}
