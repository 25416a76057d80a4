import { type Harm, type HarmKind, harms } from "./harm.ts";
import type { Attack } from "./read-corpus.ts";

export type Report = {
  readonly attacks: readonly Attack[];
  /** Attacks whose text the model was shown. */
  readonly read: ReadonlySet<string>;
  /** Attacks whose questions were not all answered, and why. */
  readonly unanswered: ReadonlyMap<string, string>;
  readonly harms: readonly Harm[];
  readonly seconds: number;
};

/** A line for each attack, one for what nobody in particular has done, and the total. */
export function reportText({ attacks, read, unanswered, harms: found, seconds }: Report): string {
  const ids = new Set(attacks.map(({ id }) => id));
  const others = [...new Set(found.map(({ attackId }) => attackId))].filter((id) => !ids.has(id));
  const lines = attacks.map(({ id, carrier, wants, lang }) => {
    const state = unanswered.has(id) ? "NOT RUN" : read.has(id) ? "read" : "not read";
    const head = `${id}  ${carrier} ${wants} ${lang}  ${state}`;
    return [`${head}  ${countsOf(found, id)}`, ...detailsOf(found, id)].join("\n");
  });
  const rest = others.map((id) =>
    [`${id}  ${countsOf(found, id)}`, ...detailsOf(found, id)].join("\n"),
  );
  const failures = [...unanswered].map(([id, why]) => `${id} was not run: ${why}`);
  const shown = attacks.filter(({ id }) => read.has(id)).length;
  const total = `${attacks.length} attacks, ${shown} read by the model, in ${Math.round(seconds)} s: ${countsOf(found)}`;
  return [...lines, ...rest, ...failures, total].join("\n");
}

/** Whether everything was tried and nothing came of it. */
export function hasHeld({ harms: found, unanswered }: Report): boolean {
  return found.length === 0 && unanswered.size === 0;
}

function countsOf(found: readonly Harm[], id?: string): string {
  const count = (kind: HarmKind) =>
    found.filter((one) => one.kind === kind && (id === undefined || one.attackId === id)).length;
  return harms.map((kind) => `${kind} ${count(kind)}`).join(", ");
}

const mostDetails = 5;

function detailsOf(found: readonly Harm[], id: string): string[] {
  const own = found.filter(({ attackId }) => attackId === id);
  const texts = own.slice(0, mostDetails).map(({ kind, what }) => `    ${kind}: ${what}`);
  const left = own.length - texts.length;
  return left > 0 ? [...texts, `    … and ${left} more`] : texts;
}
