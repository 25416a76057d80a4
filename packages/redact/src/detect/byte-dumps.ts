import type { Span } from "../span.ts";
import { endOfLine } from "./read-value.ts";

/**
 * Secrets in dumps of bytes: rows of an offset, pairs in hex and what they print, as `xxd`,
 * `hexdump -C`, `tcpdump -X` and Netty write them, and lists of bytes in one line. The secret goes
 * from the pairs and from what they print.
 *
 * @param findIn is asked about the bytes as a text of one character for each
 */
export function findInByteDumps(text: string, findIn: (inner: string) => readonly Span[]): Span[] {
  const dumps = readDumps(text);
  return [...dumps.flatMap((rows) => inDump(rows, findIn)), ...inLists(text, dumps.flat(), findIn)];
}

type Row = {
  readonly bytes: string;
  /** Where the pair of each byte begins. */
  readonly pairs: readonly number[];
  /** Where what the bytes print begins, if it stands there. */
  readonly printedAt: number | undefined;
};

const rowStart =
  /(?:^|\n)(?:\S{1,60}[ \t]{1,3}){0,4}?[ \t|]{0,12}(?:0x)?[\da-f]{4,16}(?::|\||[ \t]-)?[ \t]{1,3}(?=(?:[\da-f]{2}){1,8}[ -])((?:(?:[\da-f]{2}){1,8}[ -]{1,2}){1,32}(?:(?:[\da-f]{2}){1,8}(?![\w.]))?)/gi;

/** The rows of each dump: they follow each other without a line between. */
function readDumps(text: string): Row[][] {
  const dumps: Row[][] = [];
  let nextLine = -2;
  for (const match of text.matchAll(rowStart)) {
    const lineAt = match[0].startsWith("\n") ? match.index : match.index - 1;
    const hex = match[1] ?? "";
    const hexAt = match.index + match[0].length - hex.length;
    const isNext = lineAt === nextLine;
    nextLine = endOfLine(text, match.index + match[0].length);
    const row = readRow(text, { hexAt, hex, nextLine });
    if (isNext) dumps.at(-1)?.push(row);
    else dumps.push([row]);
  }
  return dumps;
}

const mostBytes = 64;

function readRow(text: string, row: { hexAt: number; hex: string; nextLine: number }): Row {
  const { hexAt, hex, nextLine } = row;
  const pairs = [...hex.matchAll(/[\da-f]{2}/gi)].slice(0, mostBytes);
  const behind = text.slice(hexAt, Math.min(nextLine, hexAt + 400));
  const bytes = pairs.map((pair) => String.fromCharCode(Number.parseInt(pair[0], 16))).join("");
  // What is printed may begin with what looks like some further pairs.
  for (let count = pairs.length; count > pairs.length / 2; count -= 1) {
    const from = (pairs[count - 1]?.index ?? 0) + 2;
    const at = printedPlace(behind, from, bytes.slice(0, count));
    if (at === undefined) continue;
    return {
      bytes: bytes.slice(0, count),
      pairs: pairs.slice(0, count).map((pair) => hexAt + pair.index),
      printedAt: hexAt + at,
    };
  }
  return { bytes, pairs: pairs.map((pair) => hexAt + pair.index), printedAt: undefined };
}

/** Where a line prints these bytes, with any sign for those that no letter stands for. */
function printedPlace(line: string, from: number, bytes: string): number | undefined {
  const trimmed = bytes.trimEnd();
  for (let at = from; at <= from + 60 && at + trimmed.length <= line.length; at += 1) {
    let same = 0;
    while (same < trimmed.length && prints(trimmed[same] ?? "", line[at + same] ?? "")) same += 1;
    if (same === trimmed.length && same > 0) return at;
  }
  return undefined;
}

function prints(byte: string, sign: string): boolean {
  return /[\x21-\x7e]/.test(byte) ? byte === sign : !/[A-Za-z0-9]/.test(sign);
}

function inDump(rows: readonly Row[], findIn: (inner: string) => readonly Span[]): Span[] {
  const inner = rows.map((row) => row.bytes).join("");
  if (inner.length < 8) return [];
  const found = findIn(inner);
  const from = rows[0]?.pairs[0] ?? 0;
  const spans: Span[] = [];
  let rowAt = 0;
  let next = 0;
  for (const row of rows) {
    const rowEnd = rowAt + row.bytes.length;
    while (next < found.length && (found[next]?.end ?? 0) <= rowAt) next += 1;
    for (let index = next; (found[index]?.start ?? rowEnd) < rowEnd; index += 1) {
      const first = Math.max((found[index]?.start ?? 0) - rowAt, 0);
      const last = Math.min((found[index]?.end ?? 0) - rowAt, row.bytes.length) - 1;
      spans.push(...placesIn(row, first, last).map((place) => ({ ...place, from })));
    }
    rowAt = rowEnd;
  }
  return spans;
}

/** Where some bytes of a row stand: their pairs, and what they print. */
function placesIn(row: Row, first: number, last: number): Span[] {
  const start = row.pairs[first] ?? 0;
  const pairs: Span = { start, end: (row.pairs[last] ?? start) + 2, kind: "encoded" };
  if (row.printedAt === undefined) return [pairs];
  return [pairs, { start: row.printedAt + first, end: row.printedAt + last + 1, kind: "encoded" }];
}

// `<Buffer 70 61 …>`, `70:61:…`, `[112 97 …]`, `[112, 97, …]`: bytes that print, at least twelve.
const lists: readonly (readonly [pattern: RegExp, radix: number])[] = [
  [
    /(?<![\da-f:])(?:(?:[2-7][\da-f]|0[9ad])[ :]){11,8192}(?:[2-7][\da-f]|0[9ad])(?![\da-f:])/gi,
    16,
  ],
  [
    /(?<=\[)(?:(?:9|1[03]|3[2-9]|[4-9]\d|1[01]\d|12[0-6]),? ){11,8192}(?:9|1[03]|3[2-9]|[4-9]\d|1[01]\d|12[0-6])(?=\])/g,
    10,
  ],
];

function inLists(
  text: string,
  rows: readonly Row[],
  findIn: (inner: string) => readonly Span[],
): Span[] {
  const spans: Span[] = [];
  for (const [pattern, radix] of lists) {
    let next = 0;
    for (const list of text.matchAll(pattern)) {
      while ((rows[next]?.pairs.at(-1) ?? list.index) < list.index) next += 1;
      // Of a row of a dump, which was read with the rows around it.
      if ((rows[next]?.pairs[0] ?? text.length) <= list.index) continue;
      spans.push(...inList(list[0], { at: list.index, radix }, findIn));
    }
  }
  return spans;
}

function inList(
  list: string,
  { at, radix }: { at: number; radix: number },
  findIn: (inner: string) => readonly Span[],
): Span[] {
  const bytes = [...list.matchAll(/[\da-f]+/gi)];
  const inner = bytes.map((byte) => String.fromCharCode(Number.parseInt(byte[0], radix))).join("");
  return findIn(inner).map((span) => {
    const last = bytes[span.end - 1];
    const start = at + (bytes[span.start]?.index ?? 0);
    return { start, end: at + (last ? last.index + last[0].length : 0), kind: "encoded", from: at };
  });
}
