/**
 * An expression over the bytes of a file, one character a byte (latin1), that is found wherever a
 * line has one of these words in UTF-8, without regard to case. It finds more than that: what it
 * finds has to be looked at. Undefined for words that are too short to sort anything out.
 */
export function bytePrefilter(words: readonly string[]): RegExp | undefined {
  if (words.length === 0 || words.some((word) => Buffer.byteLength(word) < 2)) return undefined;
  return new RegExp(words.map(sourceOf).join("|"), "gi");
}

/** The flag `i` folds ASCII; letters beyond it are given in both their forms. */
function sourceOf(word: string): string {
  return [...word]
    .map((character) => {
      const forms = new Set(
        [character, character.toLowerCase(), character.toUpperCase()].map(bytes),
      );
      const [only] = forms;
      if (/^[\x20-\x7e]$/.test(character) && only !== undefined) return bytes(character);
      return `(?:${[...forms].join("|")})`;
    })
    .join("");
}

function bytes(text: string): string {
  return [...Buffer.from(text, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /\w/.test(character) ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}
