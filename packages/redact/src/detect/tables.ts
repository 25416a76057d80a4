import type { Span } from "../span.ts";
import { type Cell, cellsOf, isRule, type Separator, separatorsOf } from "./cells.ts";
import { isColumnSecret, strongLevel } from "./column-secret.ts";
import { endOfLine } from "./read-value.ts";
import type { NameLevel } from "./sensitive-name.ts";

/**
 * Columns whose head names a secret, and rows of a table of names and values, whatever divides the
 * cells: rules as database clients and Markdown draw them, commas, semicolons, tabs, wide blanks.
 */
export function findInTables(text: string): Span[] {
  const spans: Span[] = [];
  let previous = "";
  let isRecord = false;
  for (let at = 0; at < text.length; ) {
    const end = endOfLine(text, at);
    const line = text.slice(at, Math.min(end, at + maxLine)).replace(/\r$/, "");
    const table = tellingWord.test(line) ? tableFrom(text, { line, at, previous }) : undefined;
    spans.push(...(table?.spans ?? []));
    isRecord = /^-\[ RECORD \d+ \]/.test(line) || (isRecord && line.includes(" | "));
    if (isRecord) spans.push(...recordRow(line, at));
    previous = line;
    at = Math.max(end + 1, table?.end ?? 0);
  }
  return spans;
}

// What a head holds that names a secret, or names and values.
const tellingWord =
  /pass|pw|secret|token|key|credential|authentication_string|hash|value|密码|密碼|口令|密钥|密鑰|秘钥|私钥|令牌|凭证|凭据|授权码|验证码|值/i;
const maxLine = 4_096;
const maxRows = 2_000;
const maxTable = 131_072;

type Head = { readonly line: string; readonly at: number; readonly previous: string };
type Column = { readonly index: number; readonly level: NameLevel };
type Columns = {
  readonly secret: readonly Column[];
  /** Where a name stands in each row, and where its value. */
  readonly pair?: { readonly name: number; readonly value: number };
};

function tableFrom(text: string, head: Head): { spans: Span[]; end: number } | undefined {
  for (const separator of separatorsOf(head.line)) {
    const names = cellsOf(head.line, separator).map((cell) => cell.text);
    if (names.length < 2 || !names.every(isColumnName)) continue;
    // A row of a table that has begun above is no head.
    const isRow = cellsOf(head.previous, separator).length === names.length;
    if (isRow && !isRule(head.previous)) continue;
    const columns = columnsOf(names);
    if (columns.secret.length === 0 && !columns.pair) continue;
    return rowsBelow(text, { ...head, separator, columns, count: names.length });
  }
  return undefined;
}

function isColumnName(name: string): boolean {
  return (
    /^(?!\d)[\w .()（）/#*%@\u4e00-\u9fff-]{0,40}$/.test(name) && name.split(/\s+/).length <= 4
  );
}

function columnsOf(names: readonly string[]): Columns {
  const secret = names.flatMap((name, index): Column[] => {
    const level = strongLevel(name);
    return level ? [{ index, level }] : [];
  });
  const name = names.findIndex((one) => namingColumn.test(one));
  const value = names.findIndex((one) => valueColumn.test(one));
  return name >= 0 && value > name ? { secret, pair: { name, value } } : { secret };
}

const namingColumn =
  /^(?:(?:variable|param(?:eter)?|setting|property|option|config|env)?[ _]?(?:name|key)|variable|parameter|setting|property|option|item|名称|配置项|参数|参数名|变量|变量名|键|项目|字段)$/i;
const valueColumn =
  /^(?:(?:current|default|variable|parameter|setting|property|option|config)?[ _]?(?:value|val)|值|参数值|当前值|默认值|取值|配置值|内容)$/i;

function rowsBelow(
  text: string,
  table: Head & { separator: Separator; columns: Columns; count: number },
): { spans: Span[]; end: number } {
  const { separator, columns, count } = table;
  const spans: Span[] = [];
  let at = endOfLine(text, table.at) + 1;
  const limit = Math.min(text.length, table.at + maxTable);
  for (let row = 0; row < maxRows && at < limit; row += 1) {
    const end = endOfLine(text, at);
    const line = text.slice(at, Math.min(end, at + 8_192)).replace(/\r$/, "");
    if (!isRule(line)) {
      const cells = cellsOf(line, separator);
      if (cells.length !== count) break;
      spans.push(...secretsIn(cells, columns).map((cell) => spanOf(cell, at, table.at)));
    }
    at = end + 1;
  }
  return { spans, end: at };
}

/** `rolpassword | md5…`, as psql prints a row that is too wide. */
function recordRow(line: string, at: number): Span[] {
  const [name, value] = cellsOf(line, "|");
  const level = name && strongLevel(name.text);
  return level && value && isColumnSecret(value.text, level) ? [spanOf(value, at, at)] : [];
}

function spanOf(cell: Cell, lineAt: number, from: number): Span {
  const start = lineAt + cell.start;
  return { start, end: start + cell.text.length, kind: "assignment", from };
}

function secretsIn(cells: readonly Cell[], columns: Columns): Cell[] {
  const hidden = columns.secret.flatMap(({ index, level }) => {
    const cell = cells[index];
    return cell && isColumnSecret(cell.text, level) ? [cell] : [];
  });
  const name = columns.pair && cells[columns.pair.name];
  const value = columns.pair && cells[columns.pair.value];
  const level = name && strongLevel(name.text);
  return level && value && isColumnSecret(value.text, level) ? [...hidden, value] : hidden;
}
