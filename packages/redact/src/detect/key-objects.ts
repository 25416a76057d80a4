import type { Span } from "../span.ts";
import { readValue } from "./read-value.ts";
import { nameLevel } from "./sensitive-name.ts";
import { isSecretValue } from "./value-kind.ts";

/** Secrets whose name stands elsewhere in the same object: in a JWK and in a variable of Terraform. */
export function findInObjects(text: string): Span[] {
  return [...inJsonWebKeys(text), ...inVariables(text)];
}

// The members of an object stand within so many characters of its "kty".
const jsonWebKeyCharacters = 4_096;

/** The private members of JSON Web Keys (RFC 7518, section 6). */
function inJsonWebKeys(text: string): Span[] {
  const spans: Span[] = [];
  let readUpTo = 0;
  for (const type of text.matchAll(/\\{0,4}"kty\\{0,4}"/g)) {
    const start = Math.max(readUpTo, type.index - jsonWebKeyCharacters);
    readUpTo = Math.min(text.length, type.index + jsonWebKeyCharacters);
    for (const member of text
      .slice(start, readUpTo)
      .matchAll(/"(?:d|p|q|dp|dq|qi|k)\\{0,4}"\s{0,4}:\s{0,4}\\{0,4}"([\w-]{16,1024})/g)) {
      const end = start + member.index + member[0].length;
      const length = member[1]?.length ?? 0;
      spans.push({ start: end - length, end, kind: "key_block", from: start + member.index });
    }
  }
  return spans;
}

/** `variable "db_password" { … default = "…" }` */
function inVariables(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /\b(?:variable|output|locals?)\s{1,4}"([\w-]{2,80})"\s{0,4}\{[^{}]{0,600}?\b(?:default|value)\s{0,8}=\s{0,4}(?=["'])/g,
  )) {
    const level = nameLevel(match[1] ?? "");
    const value = level && readValue(text, match.index + match[0].length, plain);
    if (!level || !value || !isSecretValue(text.slice(value.start, value.end), level, true))
      continue;
    spans.push({ start: value.start, end: value.end, kind: "assignment", from: match.index });
  }
  return spans;
}

const plain = { nextLine: false, query: false, wholeLine: false };
