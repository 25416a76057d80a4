/**
 * Lets so many in at once, the others in the order in which they came. A crowd that comes at once
 * then waits a little, instead of asking more of Logic than it answers in time and being refused.
 */
export class Turnstile {
  readonly #limits: { readonly inside: number; readonly waiting: number };
  #inside = 0;
  #line: (() => void)[] = [];

  /** @param limits how many may be inside, and how many may wait before the next is refused */
  constructor(limits: { readonly inside: number; readonly waiting: number }) {
    this.#limits = limits;
  }

  /** A place as soon as there is one, to be disposed of; undefined at once when too many wait. */
  async enter(): Promise<Disposable | undefined> {
    if (this.#inside < this.#limits.inside) {
      this.#inside++;
    } else {
      if (this.#line.length >= this.#limits.waiting) return undefined;
      await new Promise<void>((resolve) => {
        this.#line.push(resolve);
      });
    }
    let isInside = true;
    return {
      [Symbol.dispose]: () => {
        if (!isInside) return;
        isInside = false;
        this.#leave();
      },
    };
  }

  #leave(): void {
    const next = this.#line.shift();
    if (next) next();
    else this.#inside--;
  }
}
