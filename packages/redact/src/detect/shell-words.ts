/**
 * Where a word ends that goes on behind a quote, as shells and SQL join what touches: `'it'\''s'`,
 * `"a"'b'`, `'it''s'`. `at` is the place of the quote; the last quote of the word is not counted.
 */
export function endOfJoined(text: string, at: number): number {
  joints.lastIndex = at;
  const joined = joints.exec(text)?.[0];
  if (!joined || /^["'](?:["']?\$\{?\w+\}?["']?)+$/.test(joined)) return at;
  return at + joined.length - (/["']$/.test(joined) ? 1 : 0);
}

// Behind a quote that closes: a quote that is escaped or within others, then the rest; the same
// quote doubled; or a piece without blanks in the other quotes, or in none.
const joints =
  /(?:'(?:\\{1,8}'|"'")'[^'\n]{0,400}'|''(?=\S)[^'\n]{0,400}'(?=[\s;)',]|$)|""(?=\S)[^"\n]{0,400}"(?=[\s;)",]|$)|'"[^\s"',:;{}[\]()$][^\s"',:;{}[\]()]{0,200}"|"'[^\s"',:;{}[\]()$][^"'\n]{0,200}'|'[A-Za-z0-9]{4,200}(?=[\s;]|$)|"[^\s"',:;{}[\]()\\$][^\s"',:;{}[\]()]{0,200}"'[^"'\n]{0,200}')+/y;
