import { endOfJoined } from "./shell-words.ts";

/** A value as it stands in a text, without its quotes. */
export type Value = {
  readonly start: number;
  /** Excluded. */
  readonly end: number;
  readonly quoted: boolean;
  /** The text ends, or the line does, before the value's closing quote. */
  readonly open: boolean;
};

export type ReadOptions = {
  /** The value may stand on the next line, as in YAML. */
  readonly nextLine: boolean;
  /** The name stands in a query string, so that `&` ends the value. */
  readonly query: boolean;
  /** The name begins its line, so that a value of several words may go to the end of the line. */
  readonly wholeLine: boolean;
  /** Where values without quotes end, for whoever reads at many places of one text. */
  readonly stops?: Stops;
  /** A value without quotes that is longer is none. */
  readonly maxPlain?: number;
};

/** A value on its own line, wherever its name stands. */
export const plain: ReadOptions = { nextLine: false, query: false, wholeLine: false };

/** Remembers where the next stop is, so that a long run of characters is searched through once. */
export class Stops {
  readonly #text: string;
  readonly #found = new Map<RegExp, { from: number; stop: number }>();

  constructor(text: string) {
    this.#text = text;
  }

  next(pattern: RegExp, at: number): number {
    const last = this.#found.get(pattern);
    if (last && at >= last.from && at <= last.stop) return last.stop;
    pattern.lastIndex = at;
    const stop = pattern.exec(this.#text)?.index ?? this.#text.length;
    this.#found.set(pattern, { from: at, stop });
    return stop;
  }
}

const maxValue = 65_536;

/** The value that begins at or shortly after `at`, in any of the ways that people quote. */
export function readValue(text: string, at: number, options: ReadOptions): Value | undefined {
  let start = skipBlanks(text, at);
  // `key: &anchor "value"`, `key: !!str value`
  const anchor = sticky(/(?:&[\w-]{1,40}|!!(?:str|binary))[ \t]{1,4}(?=["'\w])/y, text, start);
  if (anchor) start += anchor[0].length;
  const wrapper = /[A-Z]/.test(text[start] ?? "") ? sticky(wrappers, text, start) : null;
  if (wrapper) start += wrapper[0].length;
  const block = options.nextLine ? yamlBlock(text, start) : undefined;
  if (block) return block;
  if (options.nextLine && isLineEnd(text, start)) {
    const next = nextLineValue(text, start);
    if (next === undefined) return undefined;
    start = next;
  }
  return readQuoted(text, start) ?? readPlain(text, start, options);
}

/** `Some("…")`, also over lines, as Rust prints it, and `SecretStr('…')`: what is within counts. */
const wrappers =
  /(?:(?:Some|Just|Ok|Right|Secret(?:Str|String|Box|Bytes)?|Sensitive|Protected|Password|String|Optional|Box|Arc|Rc|Cow|Borrowed|Owned)(?:<\w{1,20}>)?(?:::(?:new|from))?\(\s{0,80}){1,3}(?=b?["'])/y;

function skipBlanks(text: string, at: number): number {
  let start = at;
  while (
    start < at + 40 &&
    (text[start] === " " || text[start] === "\t" || text[start] === "\u3000")
  ) {
    start += 1;
  }
  return start;
}

function isLineEnd(text: string, at: number): boolean {
  return text[at] === "\n" || text.startsWith("\r\n", at);
}

/** `key: |` and the indented lines under it. */
function yamlBlock(text: string, at: number): Value | undefined {
  const header = sticky(/[|>][-+]?\d?[ \t]{0,8}\r?\n(?=([ \t]{1,40})\S)/y, text, at);
  if (!header) return undefined;
  const indent = header[1] ?? " ";
  const start = at + header[0].length;
  let end = start;
  while (end < text.length && end - start < maxValue) {
    const lineEnd = endOfLine(text, end);
    const line = text.slice(end, lineEnd);
    if (line.trim() !== "" && !line.startsWith(indent)) break;
    end = lineEnd + 1;
  }
  return {
    start: start + indent.length,
    end: Math.min(end, text.length) - (text[end - 1] === "\n" ? 1 : 0),
    quoted: true,
    open: false,
  };
}

/** Where the value on the next line begins, unless that line is a setting of its own. */
function nextLineValue(text: string, at: number): number | undefined {
  const match = sticky(/(?:\r?\n[ \t]{0,40}){1,3}(?:[-*][ \t]+)?/y, text, at);
  if (!match) return undefined;
  const start = at + match[0].length;
  const line = text.slice(start, Math.min(endOfLine(text, start), start + 400));
  const isSetting = /^["'\w.$-]{1,80}\s{0,4}[:=](?!\S{0,3}=$)(?:\s|$|\S)/.test(line);
  const isOneWord = /^\S{4,}\s*$/.test(line) || /^["'`]/.test(line);
  return isOneWord && !isSetting ? start : undefined;
}

/** The end of the line that `at` stands in: its line feed's place, or the text's end. */
export function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

const closers: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "`": "`",
  "“": "”",
  "‘": "’",
  "「": "」",
  "『": "』",
  "《": "》",
};

function readQuoted(text: string, at: number): Value | undefined {
  const entity = sticky(/(?:&quot;|&#34;|&#39;|&apos;|%22|%27)/y, text, at)?.[0];
  if (entity) return quotedUntil(text, at + entity.length, entity);
  const triple = sticky(/"""|'''/y, text, at)?.[0];
  if (triple) return quotedUntil(text, at + 3, triple);
  const opening = sticky(/[bfruEN@$]{0,2}(\\{0,15})(["'`“‘「『《])/y, text, at);
  const quote = opening?.[2];
  if (!opening || !quote) return undefined;
  const slashes = opening[1] ?? "";
  const closer = slashes + (closers[quote] ?? quote);
  const start = at + opening[0].length;
  return slashes === "" ? plainQuoted(text, start, closer) : quotedUntil(text, start, closer);
}

/** To the closing quote; to the line's end when there is none. */
function plainQuoted(text: string, start: number, closer: string): Value {
  let lines = 0;
  let firstLineEnd = -1;
  const limit = Math.min(text.length, start + maxValue);
  for (let at = start; at < limit; at += 1) {
    const character = text[at];
    if (character === "\\") at += 1;
    else if (character === closer) {
      return { start, end: endOfJoined(text, at), quoted: true, open: false };
    } else if (character === "\n") {
      if (firstLineEnd < 0) firstLineEnd = at;
      lines += 1;
      if (lines > 2) break;
    }
  }
  const end = firstLineEnd < 0 ? limit : firstLineEnd;
  return { start, end, quoted: true, open: true };
}

function quotedUntil(text: string, start: number, closer: string): Value {
  const end = text.indexOf(closer, start);
  const far =
    end < 0 ||
    end - start > maxValue ||
    (closer.length < 3 && text.slice(start, end).includes("\n"));
  if (!far) return { start, end, quoted: true, open: false };
  return {
    start,
    end: Math.min(endOfLine(text, start), start + maxValue),
    quoted: true,
    open: true,
  };
}

function readPlain(text: string, at: number, options: ReadOptions): Value | undefined {
  const stop = options.query ? queryStop : plainStop;
  const found = (options.stops ?? new Stops(text)).next(stop, at);
  if (options.maxPlain !== undefined && found - at > options.maxPlain) return undefined;
  const stopped = Math.min(found, at + maxValue);
  let end = at + trimClosers(text.slice(at, stopped)).length;
  if (end === at) return undefined;
  if (stopped === found && end === stopped) end = endOfJoined(text, end);
  if (options.wholeLine && end === stopped && !isVariable(text.slice(at, end)))
    end = wholeLineEnd(text, end);
  return { start: at, end, quoted: false, open: end >= text.length || isLineEnd(text, end) };
}

// What ends a value without quotes. A comma, semicolon or ampersand does so only where something
// follows that looks like the next setting: passwords hold these characters too.
const stops = [
  String.raw`[\s“”「」，。；、！？）】》]`,
  String.raw`(?<!\\)"`,
  String.raw`\\(?:["'](?!\w)|[nrt])`,
  "&quot;|&#34;|%22|%26",
  String.raw`&(?:amp;)?[\w.%[\]-]{1,60}=`,
  String.raw`;(?=\s|$|[\w. -]{1,40}=)`,
  String.raw`,(?=\s|$|[\w."'-]{1,60}["']?[=:]|[{["'])`,
  String.raw`'(?=[\s,;)\]}]|$)`,
  String.raw`<\/?[a-zA-Z]`,
  String.raw`\|\||&&`,
];
const plainStop = new RegExp(stops.join("|"), "g");
const queryStop = new RegExp([...stops, "[&#'<>]"].join("|"), "g");

/** `$DB_PASS`: what follows is the command. */
function isVariable(value: string): boolean {
  return /^\$\{?[A-Z_][A-Z0-9_]*\}?$/.test(value);
}

/** Without the brackets and punctuation that belong to what stands around the value. */
function trimClosers(run: string): string {
  let end = run.length;
  while (end > 0) {
    const last = run[end - 1] ?? "";
    const opener = { ")": "(", "]": "[", "}": "{", ">": "<" }[last];
    const isStray = opener !== undefined && !run.slice(0, end - 1).includes(opener);
    if (!isStray && !",;".includes(last) && !(last === "." && end > 1)) break;
    end -= 1;
  }
  return run.slice(0, end);
}

/** A passphrase of several words, unless further settings follow on the line. */
function wholeLineEnd(text: string, end: number): number {
  const lineEnd = endOfLine(text, end);
  const rest = text.slice(end, Math.min(lineEnd, end + 400)).trimEnd();
  if (rest === "" || /\s#|[=:|,;{}"]/.test(rest) || rest.length > 80) return end;
  return end + rest.length;
}

export function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
