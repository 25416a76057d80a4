/** What the brain has said in the step that it is at. */
export class Speech {
  #text = "";
  readonly #onFirst: () => void;

  /** @param onFirst told when the first words of a step have come */
  constructor(onFirst: () => void = () => undefined) {
    this.#onFirst = onFirst;
  }

  get text(): string {
    return this.#text;
  }

  /** A step begins: what was said in the one before was not broken off. */
  begin(): void {
    this.#text = "";
  }

  add(delta: string): void {
    const isFirst = this.#text === "" && delta !== "";
    this.#text += delta;
    if (isFirst) this.#onFirst();
  }
}
