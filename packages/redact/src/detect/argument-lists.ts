import type { Span } from "../span.ts";

/**
 * Secrets in commands that are written argument by argument: `["mysql", "-uroot", "-p…"]`, as
 * containers and processes are described, `a0="mysql" a1="-p…"`, as the kernel's audit has it, and
 * `"mysql" "-p…"`, as package managers log it.
 *
 * @param findIn is asked about the command as one would type it
 */
export function findInArgumentLists(
  text: string,
  findIn: (command: string) => readonly Span[],
): Span[] {
  const patterns = /["'] ["']-/.test(text) ? [arrays, audited, quoted] : [arrays, audited];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((list) => inList(list[0], list.index, findIn)),
  );
}

const arrays =
  /\[\s{0,80}\\{0,3}"[^"\n]{1,400}"(?:\s{0,80},\s{0,80}\\{0,3}"[^"\n]{1,1000}"){1,60}/g;
const quoted = /(?<!["'\w])(["'])[^"'\n]{1,400}\1(?: (["'])[^"'\n]{0,1000}\2){1,60}/g;
const audited = /\ba0="[^"\n]{1,200}"(?: a\d{1,2}="[^"\n]{1,1000}"){1,60}/g;

function inList(
  list: string,
  offset: number,
  findIn: (command: string) => readonly Span[],
): Span[] {
  let command = "";
  const places: { at: number; start: number }[] = [];
  for (const word of list.matchAll(/"([^"\n\\]{1,1000})\\{0,3}"|'([^'\n\\]{1,1000})'/g)) {
    if (command !== "") command += " ";
    places.push({ at: command.length, start: offset + word.index + 1 });
    command += word[1] ?? word[2] ?? "";
  }
  if (!/(?:^| )-/.test(command)) return [];
  const placeOf = (at: number) => {
    const place = places.findLast((one) => one.at <= at);
    return place ? place.start + at - place.at : offset;
  };
  return findIn(command).map((span) => ({
    ...span,
    start: placeOf(span.start),
    end: placeOf(span.end - 1) + 1,
    from: offset,
  }));
}
