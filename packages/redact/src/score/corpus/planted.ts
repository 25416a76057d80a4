import type { Random } from "./random.ts";

/** A secret in the words that stand around it. */
export type Planted = {
  readonly text: string;
  readonly secret: string;
  readonly fragments?: string[];
  /** The text is a whole file or message: nothing may be put around it. */
  readonly isWhole?: boolean;
};

/** Makes the secret number `index` of its kind. */
export type SecretKindMaker = (random: Random, index: number) => Planted;
