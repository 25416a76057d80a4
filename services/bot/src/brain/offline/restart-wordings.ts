/**
 * All that can be said with one part of each: "A|B" and "C|D" are "A C|A D|B C|B D". A part that
 * may be left out has an empty alternative.
 */
export function phrases(...parts: readonly string[]): string {
  return joined(parts, " ");
}

/** The same without a space between the parts. */
export function compounds(...parts: readonly string[]): string {
  return joined(parts, "");
}

function joined(parts: readonly string[], between: string): string {
  return parts
    .map((part) => part.split("|"))
    .reduce((begun, words) =>
      begun.flatMap((one) =>
        words.map((word) => [one, word].filter((each) => each !== "").join(between)),
      ),
    )
    .join("|");
}
