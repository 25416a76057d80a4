import { secretRows } from "@resonance/redact/score/secret-rows";
import { type Canary, canaries } from "./canaries.ts";

/** A secret in a text of its kind. */
export type PlantedSecret = {
  readonly kind: string;
  readonly text: string;
  readonly secret: string;
  /** Parts of the secret that are leaks by themselves. */
  readonly fragments: readonly string[];
};

/** One or more of every kind that the canaries and the redaction's own score know. */
export function plantedSecrets(): PlantedSecret[] {
  // Two halves that nothing but the end of the text tells from a secret and a word.
  const whole = secretRows(1, 1).filter(({ kind }) => kind !== "two_lines");
  const rows = whole.map(({ kind, text, secret, fragments }) => ({
    kind,
    text,
    secret,
    fragments: fragments ?? [],
  }));
  const ours = Object.entries<Canary>(canaries).flatMap(([kind, [text, ...secrets]]) =>
    secrets.map((secret) => ({ kind: `canary_${kind}`, text, secret, fragments: [] })),
  );
  return [...ours, ...rows];
}

/**
 * The secret's text with so many words before and behind it that a cut after `cut` characters goes
 * through the secret, `share` of it before the cut. Undefined where what stands before the secret
 * in its own text leaves no room for that.
 */
export function acrossCut(
  { text, secret, fragments }: PlantedSecret,
  cut: number,
  share: number,
): string | undefined {
  const part = [secret, ...fragments].find((one) => text.includes(one));
  if (part === undefined) return undefined;
  const before = cut - text.indexOf(part) - Math.round(part.length * share);
  return before < 0 ? undefined : `${words(before)}${text}\n${words(100)}`;
}

/** So many characters of ordinary words, on lines of their own. */
function words(characters: number): string {
  if (characters === 0) return "";
  const line = "nothing to report here while all of it is well ";
  const repeated = line.repeat(Math.ceil(characters / line.length));
  return `${repeated.slice(0, characters - 1)}\n`;
}
