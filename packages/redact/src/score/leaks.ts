import { redactedMark } from "../span.ts";

const windowLength = 8;

/**
 * What of a secret stands in an output: the secret, one of its fragments, or eight characters in a
 * row of it that are not ordinary words. Undefined when nothing does.
 */
export function leakIn(
  output: string,
  secret: string,
  fragments: readonly string[] = [],
): string | undefined {
  const rest = output.replaceAll(redactedMark, "\u0000");
  for (const part of [secret, ...fragments]) {
    if (part !== "" && rest.includes(part)) return part;
  }
  for (let at = 0; at + windowLength <= secret.length; at += 1) {
    const piece = secret.slice(at, at + windowLength);
    if (!isWords(piece) && rest.includes(piece)) return piece;
  }
  return undefined;
}

/** Letters of one case, or capitalised, with what stands between words. */
function isWords(piece: string): boolean {
  return /^[\s.,:;'"_-]*(?:[A-Z]?[a-z]+|[A-Z]+|\p{Script=Han}+)(?:[\s.,:;'"_-]+(?:[A-Z]?[a-z]+|[A-Z]+|\p{Script=Han}+))*[\s.,:;'"_-]*$/u.test(
    piece,
  );
}
