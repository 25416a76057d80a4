import type { Span } from "../span.ts";
import { isColumnSecret, strongLevel } from "./column-secret.ts";
import { endOfLine } from "./read-value.ts";
import type { NameLevel } from "./sensitive-name.ts";

/** Values of columns that name a secret: of `INSERT INTO t (…) VALUES (…)`, `COPY t (…) FROM stdin`. */
export function findInSqlRows(text: string): Span[] {
  if (!/\b(?:into|copy)\b/i.test(text)) return [];
  return [...inserted(text), ...copied(text)];
}

const maxRows = 2_000;
const maxStatement = 131_072;

type Levels = readonly (NameLevel | undefined)[];

function levelsOf(columns: string): Levels | undefined {
  const levels = columns.split(",").map((name) => strongLevel(name.split(".").at(-1) ?? name));
  return levels.some((level) => level) ? levels : undefined;
}

function inserted(text: string): Span[] {
  const spans: Span[] = [];
  const created = createdTables(text);
  let readUpTo = 0;
  for (const head of text.matchAll(
    /\b(?:insert|replace)\s{1,4}(?:ignore\s{1,4}|low_priority\s{1,4}|overwrite\s{1,4})?into\s{1,4}(?:table\s{1,4})?([^\s(]{1,120})\s{0,8}(?:\(([^()]{3,2000})\)\s{0,8})?values?\s{0,8}(?=\()/gi,
  )) {
    const levels = head[2] ? levelsOf(head[2]) : created.get(bareName(head[1] ?? ""));
    if (!levels || head.index < readUpTo) continue;
    const rows = tuples(text, head.index + head[0].length, { levels, from: head.index });
    spans.push(...rows.spans);
    readUpTo = rows.end;
  }
  return spans;
}

/** The columns that dumps name once, before rows without names. */
function createdTables(text: string): ReadonlyMap<string, Levels> {
  const tables = new Map<string, Levels>();
  for (const match of text.matchAll(
    /\bcreate\s{1,4}table\s{1,4}(?:if not exists\s{1,4})?([^\s(]{1,120})\s{0,4}\(\s{0,8}\n((?:[ \t]{1,8}["'`[\w\u4e00-\u9fff][^\n]{2,400}\n){1,100})/gi,
  )) {
    const names = (match[2] ?? "")
      .split("\n")
      .map((line) => line.trim().split(/\s/, 1)[0] ?? "")
      .filter((name) => name && !/^(?:primary|unique|key|index|constraint|foreign)$/i.test(name));
    const levels = levelsOf(names.join(","));
    if (levels) tables.set(bareName(match[1] ?? ""), levels);
  }
  return tables;
}

const bareName = (name: string) => (name.split(".").at(-1) ?? name).replaceAll(/["'`[\]]/g, "");

type Rows = { readonly spans: Span[]; readonly end: number };

/** `(…), (…)` up to what is neither. */
function tuples(text: string, start: number, row: { levels: Levels; from: number }): Rows {
  const spans: Span[] = [];
  const limit = Math.min(text.length, start + maxStatement);
  let at = start;
  for (let count = 0; count < maxRows && text[at] === "("; count += 1) {
    const { cells, end } = tuple(text, at + 1, limit);
    for (const [index, cell] of cells.entries()) {
      const level = row.levels[index];
      if (level && isColumnSecret(text.slice(cell.start, cell.end), level))
        spans.push({ ...cell, kind: "assignment", from: row.from });
    }
    at = end;
    while (at < limit && /[\s,]/.test(text[at] ?? "")) at += 1;
  }
  return { spans, end: at };
}

type Place = { start: number; end: number };

/** The values of one row; of `MD5('…')` what is quoted in it. */
function tuple(text: string, start: number, limit: number): { cells: Place[]; end: number } {
  const cells: Place[] = [];
  let cell: Place | undefined;
  let quoted: Place | undefined;
  let depth = 0;
  let at = start;
  const close = () => {
    const whole = quoted ?? cell;
    cells.push(
      whole ? { ...whole, end: Math.max(whole.start, whole.end) } : { start: at, end: at },
    );
    cell = undefined;
    quoted = undefined;
  };
  for (; at < limit; at += 1) {
    const character = text[at] ?? "";
    if (character === "'" || character === '"') {
      const end = quoteEnd(text, at, limit);
      quoted ??= { start: at + 1, end };
      at = end;
    } else if (character === "(") depth += 1;
    else if (character === ")" && depth === 0) break;
    else if (character === ")") depth -= 1;
    else if (character === "," && depth === 0) close();
    else if (!/\s/.test(character)) cell = { start: cell?.start ?? at, end: at + 1 };
  }
  close();
  return { cells, end: at + 1 };
}

/** Where a string ends: `''` and `\'` stand within it. */
function quoteEnd(text: string, start: number, limit: number): number {
  const quote = text[start];
  for (let at = start + 1; at < limit; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote && text[at + 1] === quote) at += 1;
    else if (text[at] === quote) return at;
  }
  return limit;
}

function copied(text: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const head of text.matchAll(
    /\bcopy\s{1,4}[^\s(]{1,120}\s{0,4}\(([^()]{3,2000})\)\s{1,4}from\s{1,4}stdin[^\n]{0,200}\n/gi,
  )) {
    const levels = levelsOf(head[1] ?? "");
    if (!levels || head.index < at) continue;
    at = head.index + head[0].length;
    for (let row = 0; row < maxRows && at < text.length && !text.startsWith("\\.", at); row += 1) {
      const end = endOfLine(text, at);
      const divider = text.slice(at, end).includes("\t") ? "\t" : ",";
      let start = at;
      for (const [index, cell] of text.slice(at, end).split(divider).entries()) {
        const level = levels[index];
        if (level && isColumnSecret(cell.trim(), level))
          spans.push({ start, end: start + cell.length, kind: "assignment", from: head.index });
        start += cell.length + 1;
      }
      at = end + 1;
    }
  }
  return spans;
}
