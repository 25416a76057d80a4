const mostNames = 60;
const longestName = 80;

/**
 * What a text names: quoted and code-marked words, hosts, addresses, ids, and names as clusters
 * give them (with a hyphen, a dot, a slash or a digit in them). In order, each once.
 */
export function namesIn(text: string): string[] {
  const found = text.matchAll(
    /`([^`\n]{2,80})`|[「“"]([^」”"\n]{2,60})[」”"]|(?<![\w/@.-])((?=[\w./:@-]*[\d./:@-])[A-Za-z][\w./:@-]{2,79}|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|#\d+)(?![\w-])/g,
  );
  const names = [...found].map(([, code, quoted, plain]) =>
    (code ?? quoted ?? plain ?? "").trim().replace(/[.:/,-]+$/, ""),
  );
  return [...new Set(names.filter((name) => name.length > 1 && name.length <= longestName))];
}

/** Known names with further ones, the last named at the end, no more than 60. */
export function mergeNames(known: readonly string[], more: readonly string[]): string[] {
  const merged = new Set(known);
  for (const name of more) {
    merged.delete(name);
    merged.add(name);
  }
  return [...merged].slice(-mostNames);
}
