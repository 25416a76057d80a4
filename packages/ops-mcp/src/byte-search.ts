/** Looks for words in bytes of UTF-8, without regard to the case of ASCII letters. */
export type ByteSearch = {
  /** Where the next of the words begins in `[start, end)`, or -1. Which of them is not said. */
  next(bytes: Uint8Array, start: number, end: number): number;
};

const mostWords = 4;
const shortest = 2;

/**
 * A search that stops at every place where one of the words stands. Undefined for words that are
 * too short to sort anything out, too many, or that have letters whose case is more than ASCII.
 */
export function byteSearch(words: readonly string[]): ByteSearch | undefined {
  if (words.length === 0 || words.length > mostWords) return undefined;
  if (words.some((word) => Buffer.byteLength(word) < shortest || hasOtherCase(word)))
    return undefined;
  const searches = words.map(wordSearch);
  const [only] = searches;
  if (only && searches.length === 1) return { next: only };
  return {
    next(bytes, start, end) {
      let nearest = -1;
      for (const search of searches) {
        const found = search(bytes, start, nearest === -1 ? end : nearest);
        if (found !== -1) nearest = found;
      }
      return nearest;
    },
  };
}

/** Whether a letter beyond ASCII has another form in the other case. */
export function hasOtherCase(text: string): boolean {
  return [...text].some(
    (letter) => letter > "\x7f" && letter.toLowerCase() !== letter.toUpperCase(),
  );
}

/**
 * Horspool's search: looks at the byte where the word would end, and leaps ahead by how far that
 * byte stands from the word's end. On ordinary text it looks at one byte in five or so.
 */
function wordSearch(word: string): ByteSearch["next"] {
  const wanted = Buffer.from(word.toLowerCase(), "utf8");
  const length = wanted.length;
  const leap = new Uint8Array(256).fill(Math.min(255, length));
  for (let index = 0; index < length - 1; index++) {
    const distance = Math.min(255, length - 1 - index);
    for (const byte of cases(wanted[index] ?? 0)) leap[byte] = distance;
  }
  // The last byte's own leap, for when the rest does not fit; in the table it stops the scan.
  const last = wanted[length - 1] ?? 0;
  const afterLast = leap[last] ?? 1;
  for (const byte of cases(last)) leap[byte] = 0;
  return (bytes, start, end) => {
    let at = start + length - 1;
    while (at < end) {
      const ahead = leap[bytes[at] ?? 0] ?? 1;
      if (ahead !== 0) {
        at += ahead;
        continue;
      }
      let back = length - 2;
      while (back >= 0 && fold[bytes[at - (length - 1) + back] ?? 0] === wanted[back]) back--;
      if (back < 0) return at - (length - 1);
      at += afterLast;
    }
    return -1;
  };
}

const fold = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

function cases(byte: number): readonly number[] {
  return byte >= 0x61 && byte <= 0x7a ? [byte, byte - 0x20] : [byte];
}
