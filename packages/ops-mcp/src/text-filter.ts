import { RE2JS } from "re2js";
import { type ByteSearch, byteSearch, hasOtherCase } from "./byte-search.ts";

/** A test of one line. Its time is linear in the line's length, whatever the text is. */
export type TextFilter = {
  readonly text: string;
  /** How the text was read. */
  readonly kind: "literal" | "pattern";
  /** Whether a line that is shown with a match has one in its JSON, too: no parsing without. */
  readonly isWord: boolean;
  /** Found in the bytes of every line that matches, and in others; undefined where none helps. */
  readonly prefilter: ByteSearch | undefined;
  matches(line: string): boolean;
};

const longestText = 200;

/**
 * Compiles what somebody typed, compared without case. Alternatives are joined with `|`; `\d`,
 * `\w`, `\s`, `[abc]` and `[0-9]` stand for one character and `.*` for anything in between; a `.`
 * is a dot. A text with other operators of regular expressions is read as RE2 reads it, which never
 * backtracks; one that is no expression is taken literally. An alternative that is a status, such as
 * `502` or `5\d\d`, is a number of its own, and no part of an id, a time or a decimal.
 */
export function compileFilter(text: string): TextFilter {
  const typed = text.slice(0, longestText);
  const alternatives = splitAlternatives(typed);
  const parsed = alternatives.map(parseAlternative);
  if (parsed.length === 0 || parsed.some((alternative) => alternative === undefined)) {
    const expression = parsed.length === 0 ? undefined : compileExpression(typed);
    return expression ?? compileLiteral(typed);
  }
  const compiled = parsed.map((parts) => (parts ?? []).map((part) => new RegExp(part, "giu")));
  const isPattern = alternatives.length > 1 || /\\[dws]|\.\*|\[/.test(typed);
  return {
    text: typed,
    kind: isPattern ? "pattern" : "literal",
    isWord: /^(?:[\p{L}\p{N}_./:|-]|\\d)+$/u.test(typed) && !typed.includes(".*"),
    prefilter: byteSearch(alternatives.map(longestWord)),
    matches: (line) => compiled.some((parts) => matchesInOrder(parts, line)),
  };
}

function compileExpression(typed: string): TextFilter | undefined {
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(typed, RE2JS.CASE_INSENSITIVE);
  } catch {
    return undefined;
  }
  const plain = withoutGroups(typed);
  // With alternatives no single word has to be in a line.
  const word = plain.includes("|") ? "" : longestWord(plain);
  return {
    text: typed,
    kind: "pattern",
    isWord: false,
    prefilter: byteSearch([word]),
    matches: (line) => expression.test(line),
  };
}

function compileLiteral(typed: string): TextFilter {
  const literal = typed.toLowerCase();
  return {
    text: typed,
    kind: "literal",
    isWord: false,
    prefilter: byteSearch([longestWord(typed.replaceAll("\\", " "))]),
    matches: (line) => line.toLowerCase().includes(literal),
  };
}

/**
 * The longest word that every match contains as it is written: no classes, no escapes, and nothing
 * before an operator that may make it disappear.
 */
function longestWord(text: string): string {
  const words = text
    .replace(/\\./gs, " ")
    .replace(/\[[^\]]*\]/g, " ")
    .replace(/.(?:[*?]|\{\d*(?:,\d*)?\})/gsu, " ")
    .match(/[\p{L}\p{N}_-]+/gu);
  return (words ?? [])
    .flatMap((word) => (hasOtherCase(word) ? (word.match(/[\w-]+/g) ?? []) : [word]))
    .reduce((best, word) => (word.length > best.length ? word : best), "");
}

/** The expression with a blank in the place of each escape, class and group. */
function withoutGroups(text: string): string {
  let plain = text.replace(/\\./gs, " ").replace(/\[[^\]]*\]/g, " ");
  for (let before = ""; before !== plain; ) {
    before = plain;
    plain = plain.replace(/\([^()]*\)(?:[*?+]|\{[\d,]*\})?/g, " ");
  }
  return plain;
}

function splitAlternatives(text: string): string[] {
  return text.split("|").filter((alternative) => alternative.trim() !== "");
}

/** The pieces between `.*` as sources of fixed length, or undefined when it is no simple pattern. */
function parseAlternative(alternative: string): string[] | undefined {
  const parts = alternative.split(".*").filter((part) => part !== "");
  const sources = parts.map(parsePart);
  if (sources.length === 0) return undefined;
  if (sources.some((source) => source === undefined)) return undefined;
  return sources.map((source) => (isStatus.test(alternative) ? ofItsOwn(source) : (source ?? "")));
}

const isStatus = /^\s*[1-5](?:\d|\\d|\[0-9\]){2}\s*$/;

function ofItsOwn(source = ""): string {
  return `(?<![A-Za-z0-9_]|\\d[.:-])${source.trim()}(?![A-Za-z0-9_]|[.:-]\\d)`;
}

const token = /\\[dwsDWS]|\\[^a-zA-Z0-9]|\[[^\]\\[^]{1,40}\]|[^\\[\](){}*+?^$]/uy;

function parsePart(part: string): string | undefined {
  let source = "";
  token.lastIndex = 0;
  while (token.lastIndex < part.length) {
    const found = token.exec(part)?.[0];
    if (found === undefined) return undefined;
    source += sourceOf(found);
  }
  return source;
}

function sourceOf(found: string): string {
  if (/^\\[dws]$/i.test(found)) return found;
  if (found.startsWith("[") && found.length > 1) return classSource(found);
  const character = found.startsWith("\\") ? found.slice(1) : found;
  return character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
}

function classSource(found: string): string {
  const inside = found.slice(1, -1);
  const ranges = [...inside.matchAll(/(\w)-(\w)|([\s\S])/gu)].map(([, from, to, single]) =>
    from !== undefined && to !== undefined && from <= to
      ? `${from}-${to}`
      : (single ?? `${from}${to}-`).replace(/[\\\]^-]/gu, "\\$&"),
  );
  return `[${ranges.join("")}]`;
}

/** The leftmost place of each piece after the one before is enough: no piece varies in length. */
function matchesInOrder(parts: readonly RegExp[], line: string): boolean {
  let position = 0;
  for (const part of parts) {
    part.lastIndex = position;
    if (!part.test(line)) return false;
    position = part.lastIndex;
  }
  return true;
}
