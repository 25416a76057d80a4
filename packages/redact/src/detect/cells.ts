/** A cell of a line, without its quotes and the blanks around it. */
export type Cell = { readonly text: string; readonly start: number };

export type Separator = "|" | "\t" | "," | ";" | "，" | "blanks";

/** What may divide the cells of a line, the likeliest first. */
export function separatorsOf(line: string): Separator[] {
  const found = (["|", "\t", ",", ";", "，"] as const).filter(
    (one) => line.includes(one) || (one === "|" && /[│┃]/.test(line)),
  );
  return [...found, ...(/\S {2,}\S/.test(line) ? (["blanks"] as const) : [])];
}

/** `+---+---+`, `|:--|--:|`, `====  ====`: what is drawn between a head and its rows. */
export function isRule(line: string): boolean {
  return /^[\s+|:=─━┼┬┴├┤│-]{3,}$/.test(line);
}

/** The cells of a line. What stands outside the outer rules is none. */
export function cellsOf(line: string, separator: Separator): Cell[] {
  const cells: Cell[] = [];
  let start = 0;
  for (const end of [...divisions(line, separator), line.length]) {
    cells.push(trimmed(line, start, end));
    start = separator === "blanks" ? end + 2 : end + 1;
  }
  if (separator !== "|" && separator !== "blanks") return cells;
  const first = cells[0]?.text === "" ? 1 : 0;
  return cells.slice(first, cells.length > 1 && cells.at(-1)?.text === "" ? -1 : undefined);
}

/** Where the separators stand that no quotes enclose. */
function divisions(line: string, separator: Separator): number[] {
  if (separator === "blanks")
    return [...line.matchAll(/(?<=\S) {2,}(?=\S)/g)].map((gap) => gap.index);
  const places: number[] = [];
  const isQuoting = separator === "," || separator === ";" || separator === "\t";
  let quote = "";
  let isFirst = true;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? "";
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === separator || (separator === "|" && /[│┃]/.test(character))) {
      places.push(at);
      isFirst = true;
      continue;
    } else if (isQuoting && isFirst && character === '"' && line.indexOf('"', at + 1) > 0) {
      quote = character;
    }
    if (character !== " ") isFirst = false;
  }
  return places;
}

function trimmed(line: string, start: number, end: number): Cell {
  const raw = line.slice(start, end);
  const lead = /^[\s"'`*]*/.exec(raw)?.[0].length ?? 0;
  return { text: raw.slice(lead).replace(/[\s"'`*]+$/, ""), start: start + lead };
}
