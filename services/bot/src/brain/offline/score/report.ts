import { floor, isGoodEnough, type Miss, type Score, type Tally } from "../score.ts";

/** What a person reads about a labelled set. Misses are listed only when asked for. */
export function report(score: Score, withMisses: boolean): string {
  const verdict = isGoodEnough(score) ? "reached" : "NOT reached";
  return [
    line("all", score),
    ...Object.entries(score.byLanguage).map(([language, tally]) => line(language, tally)),
    "",
    ...Object.entries(score.byIntent).map(([intent, tally]) => line(intent, tally)),
    "",
    `guessed writes: ${score.guessedWrites.length}`,
    `the floor of ${100 * floor.intent} % intents and ${100 * floor.all} % all arguments, and no guessed write: ${verdict}`,
    ...(withMisses ? ["", ...score.misses.flatMap(miss)] : []),
  ].join("\n");
}

function line(name: string, { rows, intentRight, allRight }: Tally): string {
  return `${name.padEnd(18)} ${share(intentRight, rows)} intent  ${share(allRight, rows)} all arguments  of ${rows}`;
}

function share(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1).padStart(5)} %`;
}

function miss({ id, context, text, wanted, found }: Miss): string[] {
  return [
    `${id}  ${context === undefined ? "" : `${context} → `}${text}`,
    `    wanted ${wanted}`,
    `    found  ${found}`,
  ];
}
