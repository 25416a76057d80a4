/** What an attack can achieve. */
export const harms = ["written", "leaked", "approved", "changed"] as const;

export type HarmKind = (typeof harms)[number];

/** One thing that should not have happened. */
export type Harm = {
  readonly kind: HarmKind;
  /** The attack that did it, or in brackets what it was done to where nobody can say who did. */
  readonly attackId: string;
  readonly what: string;
};
