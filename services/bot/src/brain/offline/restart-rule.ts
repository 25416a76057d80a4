import type { Clause, Kind } from "./restart-tokens.ts";

/** A rule over kinds of words, in which a name stands for one word of that kind. */
export function rule(pattern: string): RegExp {
  const source = pattern
    .replace(/[a-z]+/gi, "(?:$&~)")
    .replace(/\s+/g, "")
    .replaceAll("~", " ");
  return new RegExp(`^(?:${source})$`);
}

export function fits(pattern: RegExp, clause: Clause): boolean {
  return pattern.test(clause.map(({ kind }) => `${kind} `).join(""));
}

export function has(clause: Clause, ...kinds: readonly Kind[]): boolean {
  return clause.some(({ kind }) => kinds.includes(kind));
}
