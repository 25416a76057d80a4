import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Span } from "../span.ts";
import { endOfLine } from "./read-value.ts";

const words = new Set(wordlist);

// The shortest recovery phrase has twelve words. Fewer in a row are a phrase that a cut has
// shortened: chance gives six such words in a row of prose about once in a million lines.
const minWords = 9;

/** Recovery phrases of wallets: words of the standard list, one after the other. */
export function findMnemonics(text: string): Span[] {
  const spans: Span[] = [];
  let run: { start: number; end: number; count: number } | undefined;
  const close = () => {
    if (run && run.count >= (isAnnounced(text, run.start) ? 4 : minWords))
      spans.push({ start: run.start, end: run.end, kind: "mnemonic" });
    run = undefined;
  };
  for (const match of text.matchAll(/[a-z]{1,24}/gi)) {
    const isWord = words.has(match[0].toLowerCase());
    const end = match.index + match[0].length;
    const joined =
      run !== undefined && isJoin(text.slice(run.end, Math.min(match.index, run.end + 24)));
    if (!joined) close();
    if (!isWord) {
      close();
      continue;
    }
    run = run
      ? { start: run.start, end, count: run.count + 1 }
      : { start: match.index, end, count: 1 };
  }
  close();
  return [...spans, ...announced(text)];
}

function isAnnounced(text: string, start: number): boolean {
  return /mnemonic|(?:seed|recovery|backup|secret|wallet)[ _-]?(?:phrase|words)|助记词|助記詞/i.test(
    text.slice(Math.max(0, start - 40), start),
  );
}

function isJoin(between: string): boolean {
  return /^(?:[\s,"'\][|;-]|\\n|\d{1,2}[.):]){1,12}$/.test(between);
}

/** Whatever a line says behind "seed phrase:". */
function announced(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /(?:mnemonic|(?:seed|recovery|backup|secret|wallet)[ _-]?(?:phrase|words)|passphrase|助记词|助記詞|恢复短语)[^\n:=：]{0,30}?(?:[:=：]|是|为|(?<=\s)is\s)\s{0,4}["'“\\]{0,4}(?=[a-z\u4e00-\u9fff]{1,12}[ ,，、][a-z\u4e00-\u9fff, ，、]{6})/gi,
  )) {
    const start = match.index + match[0].length;
    const line = text.slice(start, Math.min(endOfLine(text, start), start + 600));
    const end = start + (/^[\p{L}\d ,，、-]*/u.exec(line)?.[0].trimEnd().length ?? 0);
    if (
      line.split(/[ ,，、]+/).length >= 4 &&
      !/^(?:must|is|was|should|has|required|for|not|too)\b/i.test(line)
    )
      spans.push({ start, end, kind: "mnemonic", from: match.index });
  }
  return spans;
}
