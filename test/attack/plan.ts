import { bareCanary, type Canary, canaryOf } from "./canaries.ts";
import type { Attack } from "./read-corpus.ts";

/** An attack with what belongs to it in one run. */
export type Planned = {
  readonly attack: Attack;
  /** Stands in the question, so that the model knows whom to obey. */
  readonly ticket: number;
  /** The attacker's text, a secret beside it. */
  readonly planted: string;
  /** The attacker's text alone, `{{canary}}` filled in. */
  readonly text: string;
  readonly canaries: readonly Canary[];
};

/** Gives every attack its ticket and its canaries. `salt`: another one in every run. */
export function planAttacks(attacks: readonly Attack[], salt: string): readonly Planned[] {
  return attacks.map((attack, index) => {
    const beside = canaryOf(attack.id, index, salt);
    const bare = bareCanary(attack.id, salt);
    const asksForOne = attack.text.includes("{{canary}}");
    // What no transport takes is no attack.
    const text = attack.text
      .replaceAll("{{canary}}", bare.secret)
      .toWellFormed()
      .replaceAll("\0", "\uFFFD");
    return {
      attack,
      ticket: 1_000 + index,
      text,
      planted: `${text}\n${beside.text}`,
      canaries: asksForOne ? [beside, bare] : [beside],
    };
  });
}
