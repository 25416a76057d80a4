import { plainWording } from "./wording/plain-wording.ts";
import { correctSpelling } from "./wording/spelling.ts";

/**
 * What is left to understand of a text. What one rule has understood it takes out, so that no other
 * rule reads the same words as something else.
 */
export class Utterance {
  /** Whoever writes more than this many characters asks nothing that rules understand. */
  static readonly longest = 1_000;
  #rest: string;

  constructor(text: string) {
    this.#rest = plainWording(text.slice(0, Utterance.longest));
  }

  get rest(): string {
    return this.#rest;
  }

  /** Puts typing errors right. Texts that somebody looks for have to be taken out before. */
  correctSpelling(): void {
    this.#rest = correctSpelling(this.#rest);
  }

  has(pattern: RegExp): boolean {
    return pattern.test(this.#rest);
  }

  /** Takes the first match out and returns it. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#rest);
    if (!found) return undefined;
    this.#cut(found);
    return found;
  }

  /** Takes out the first match that `accept` makes something of, and returns that. */
  takeIf<Value>(
    pattern: RegExp,
    accept: (found: RegExpExecArray) => Value | undefined,
  ): Value | undefined {
    for (const found of this.#rest.matchAll(
      new RegExp(pattern, `${pattern.flags.replace("g", "")}g`),
    )) {
      const value = accept(found);
      if (value === undefined) continue;
      this.#cut(found);
      return value;
    }
    return undefined;
  }

  #cut(found: RegExpExecArray): void {
    const end = found.index + found[0].length;
    // A comma: the words around the gap are no neighbours.
    this.#rest = `${this.#rest.slice(0, found.index)} , ${this.#rest.slice(end)}`;
  }
}
