import { type NameLevel, nameLevel } from "./sensitive-name.ts";
import { isPlaceholder, isSecretValue, isStateWord, looksRandom } from "./value-kind.ts";

/** What the name of a column tells, without the quotes and the note in parentheses of it. */
export function strongLevel(name: string): NameLevel | undefined {
  const bare = name.replaceAll(/["'`*[\]]|[（(][^()（）]*[)）]/g, "").trim();
  if (bare === "" || bare.length > 60) return undefined;
  const last = bare.split(/[/.]/).at(-1)?.trim() ?? bare;
  const level = nameLevel(last);
  return level === "weak" ? undefined : level;
}

/** Whether a cell under such a name is a secret: digests and UUIDs are, words about one are not. */
export function isColumnSecret(cell: string, level: NameLevel): boolean {
  if (cell.length < 4 || isPlaceholder(cell) || isStateWord(cell)) return false;
  if (/^\d{4}-\d{2}-\d{2}/.test(cell) || !/[A-Za-z0-9]/.test(cell)) return false;
  if (/^(?:\\N|[?]|[:@$%]\w{1,40}|yes|no|string|text|(?:var)?(?:char|binary)\(\d+\))$/i.test(cell))
    return false;
  if (isWords(cell)) return level === "certain" && !/\s/.test(cell) && !nameLevel(cell);
  return isSecretValue(cell, level, true);
}

function isWords(cell: string): boolean {
  return /^[A-Za-z]+(?:[\s,._-]+[A-Za-z]+)*[.!?]?$/.test(cell) && !looksRandom(cell);
}
