import { noUsage, type Usage } from "../brain/model-port.ts";

/** What tries of the brain have cost in a run that came to no step. */
export class LostTokens {
  #usage: Usage = noUsage;

  get usage(): Usage {
    return this.#usage;
  }

  add(usage: Usage): void {
    this.#usage = {
      inputTokens: this.#usage.inputTokens + usage.inputTokens,
      outputTokens: this.#usage.outputTokens + usage.outputTokens,
      cachedInputTokens: this.#usage.cachedInputTokens + usage.cachedInputTokens,
    };
  }
}
