import type { Span } from "../span.ts";
import { plain, readValue } from "./read-value.ts";
import { nameLevel } from "./sensitive-name.ts";
import { isCode, isPlaceholder, isSecretValue } from "./value-kind.ts";

/**
 * What a command puts into a store of secrets: there every value is one, whatever its name. Of
 * `user=admin` and the like only what is no plain word.
 */
export function findStored(text: string): Span[] {
  return stores.flatMap(([needle, command, pair]) => {
    const spans: Span[] = [];
    if (!text.includes(needle)) return spans;
    let readUpTo = 0;
    for (const match of text.matchAll(command)) {
      if (match.index < readUpTo) continue;
      const from = match.index + match[0].length;
      const end = endOfCommand(text, from, pair);
      spans.push(...storedIn(text, { at: match.index, from, end, pair }));
      readUpTo = end;
    }
    return spans;
  });
}

const assigned = /(?<=[\s"'])["']?([A-Za-z][\w.-]{0,80})=(?=[^\s@=])/g;
const literal = /--from-literal[ =]["']?([\w.-]{1,120})=(?=\S)/g;
const item = /-[ \t]{1,4}["']?([\w.-]{1,120})=(?=\S)/g;
const body = /\s()(?:--body|--value|-b|-v)[ =]["']?(?=[^\s-])/g;
const last = /\s()(?=[^\s<>|=-][^\s|<>=]{5,}\s*$)/g;

const stores: readonly (readonly [needle: string, command: RegExp, pair: RegExp])[] = [
  [
    "--from-literal",
    /\bsecret\b(?=[^\n]{0,400}--from-literal|(?:[^\n]{0,400}\\\n){1,8}[^\n]{0,400}--from-literal)/g,
    literal,
  ],
  ["secretGenerator", /\bsecretGenerator:/g, item],
  ["vault", /\bvault\s(?:kv\s(?:put|patch)|write\s(?=[^\n]{0,60}(?:secret|kv)\/))/g, assigned],
  [
    "secret",
    /\b(?:fly|flyctl|doppler|supabase|gh|convox|eas|railway|porter|wrangler)\s(?:\S{1,20}\s){0,2}secrets?\s(?:set|import|create|put|edit)\b/g,
    assigned,
  ],
  [
    "secret",
    /\b(?:gh|glab|az|eas|porter)\s(?:\S{1,20}\s){0,2}(?:secret|variable)s?\s(?:set|create)\b/g,
    body,
  ],
  ["doppler", /\bdoppler\ssecrets\sset\s[A-Z][\w]{1,60}(?=\s)/g, last],
  ["config:set", /\bheroku\sconfig:set\b/g, assigned],
];

const maxCommand = 4_096;

function endOfCommand(text: string, from: number, pair: RegExp): number {
  const rest = text.slice(from, from + maxCommand);
  const end = (pair === item ? /\n(?=\S)(?!-)/ : /(?<!\\)\r?\n/).exec(rest)?.index;
  return from + (end ?? rest.length);
}

function storedIn(
  text: string,
  command: { at: number; from: number; end: number; pair: RegExp },
): Span[] {
  const { at, from, end, pair } = command;
  return [...text.slice(from, end).matchAll(pair)].flatMap((match): Span[] => {
    const value = readValue(text, from + match.index + match[0].length, plain);
    if (!value || value.start > end) return [];
    const content = text.slice(value.start, value.end);
    if (!isStored(match[1] ?? "", content, value.quoted)) return [];
    return [{ start: value.start, end: value.end, kind: "command_line", from: at }];
  });
}

function isStored(name: string, content: string, quoted: boolean): boolean {
  if (isPlaceholder(content) || (!quoted && isCode(content)) || /^[@$]/.test(content)) return false;
  if (/^[\da-f]{24,128}$/i.test(content)) return true;
  if (!described.test(name) || nameLevel(name)) return isSecretValue(content, "likely", quoted);
  return content.length >= 16 && /\d/.test(content) && /[A-Z]/.test(content);
}

const described =
  /(?:user|username|name|host|hostname|port|db|database|region|endpoint|url|email|env|type|id|ttl|mode)$/i;
