import type { SilenceKind } from "./model-failure.ts";

export type TimeLimits = {
  /** From the request to the first token, thinking included. */
  readonly firstTokenMs: number;
  readonly betweenTokensMs: number;
  /** For the whole step, so that a trickle ends, too. */
  readonly stepMs: number;
};

/** Aborts its signal when a model is silent for too long. Disposing ends the watch. */
export class SilenceLimit implements Disposable {
  readonly #limits: TimeLimits;
  readonly #controller = new AbortController();
  readonly #step: NodeJS.Timeout;
  #silence: NodeJS.Timeout;
  #hasBegun = false;
  #broken: SilenceKind | undefined;

  constructor(limits: TimeLimits) {
    this.#limits = limits;
    this.#step = setTimeout(() => this.#break("step"), limits.stepMs);
    this.#silence = setTimeout(() => this.#break("first_token"), limits.firstTokenMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Which limit was broken, and how long it is. */
  get broken(): { readonly kind: SilenceKind; readonly limitMs: number } | undefined {
    if (this.#broken === undefined) return undefined;
    const { firstTokenMs, betweenTokensMs, stepMs } = this.#limits;
    const all = { first_token: firstTokenMs, between_tokens: betweenTokensMs, step: stepMs };
    return { kind: this.#broken, limitMs: all[this.#broken] };
  }

  /** A token came. */
  heard(): void {
    if (this.#hasBegun) {
      this.#silence.refresh();
      return;
    }
    this.#hasBegun = true;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#break("between_tokens"), this.#limits.betweenTokensMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#step);
    clearTimeout(this.#silence);
  }

  #break(kind: SilenceKind): void {
    this.#broken ??= kind;
    this.#controller.abort(new Error(`the model is silent: ${kind}`));
  }
}
