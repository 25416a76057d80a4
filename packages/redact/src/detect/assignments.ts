import { redactedMark, type Span } from "../span.ts";
import { fallbackOf, isDefault } from "./fallbacks.ts";
import { isPreferences } from "./headers.ts";
import { isHexKey, withWordBefore } from "./hex-keys.ts";
import {
  isMereMention,
  isMetricLabel,
  isNameOrCounter,
  isReason,
  isTypeHint,
  type Name,
} from "./mere-mentions.ts";
import { nestedValues } from "./nested-values.ts";
import { isPlainPath } from "./plain-paths.ts";
import { plain, readValue, Stops, sticky, type Value } from "./read-value.ts";
import {
  endingIn,
  hasSensitiveStem,
  type NameLevel,
  nameLevel,
  nameWords,
} from "./sensitive-name.ts";
import { isCode, isPlaceholder, isSecretValue, looksRandom } from "./value-kind.ts";
import { isListOfRemarks, listAt } from "./value-lists.ts";

/**
 * Values behind names that tell of a secret, in every form that settings take: `NAME=value`,
 * `name: value`, `"name": "value"` (also escaped, once or more), `name => value`, `?name=value`,
 * `{"name": "DB_PASSWORD", "value": "…"}`, `密码：…`.
 *
 * Looks at each separator and reads the name before it backwards, at most 120 characters: linear,
 * whatever the text.
 */
export function findAssignments(text: string): Span[] {
  const spans: Span[] = [];
  const stops = new Stops(text);
  let named: Named | undefined;
  let unnamed: { readonly name: Name; readonly at: number } | undefined;
  let readUpTo = 0;
  separator.lastIndex = 0;
  for (let match = separator.exec(text); match; match = separator.exec(text)) {
    if (match.index < readUpTo) continue;
    const name = nameBefore(text, match.index);
    if (!name) continue;
    const at = match.index + match[0].length;
    const level = levelOf(text, name, named);
    // Beside what the names in it tell.
    if (level && (level !== "weak" || /tokens$/i.test(name.text))) {
      spans.push(...nestedValues(text, name.start, at).map((value) => spanOf(name, value)));
    }
    const found = (level && secretAt(text, { name, at, level, stops })) ?? itemsOf(text, name, at);
    if (!found) {
      const naming = namingAt(text, { name, at, stops });
      const before = naming && unnamed && valueBefore(text, { unnamed, name, level: naming.level });
      if (before) spans.push(before);
      else named = naming ?? named;
      unnamed = isValueName(name) ? { name, at } : unnamed;
      continue;
    }
    spans.push(...found);
    readUpTo = found.at(-1)?.end ?? at;
    separator.lastIndex = Math.max(separator.lastIndex, readUpTo);
  }
  return spans;
}

const separator = /=>|:=|={1,3}|[:：＝]|->|→|%3[AD]|&#58;/gi;

/** A pair that names what the next `value` holds. */
type Named = { readonly level: NameLevel; readonly end: number };

/** The word, or the words, before a separator. */
function nameBefore(text: string, separatorAt: number): Name | undefined {
  let end = separatorAt;
  if (
    text[end] === "=" &&
    (text[end - 1] === "!" || text[end - 1] === "<" || text[end - 1] === ">")
  ) {
    return undefined;
  }
  const stopAt = Math.max(0, separatorAt - 120);
  while (end > stopAt && /[ \t]/.test(text[end - 1] ?? "")) end -= 1;
  if (separatorAt - end > 12) return undefined;
  end = beforeClosers(text, end, stopAt);
  let start = end;
  while (start > stopAt && nameCharacter.test(text[start - 1] ?? "")) start -= 1;
  // After a % stand the two digits of an encoded character.
  if (text[start - 1] === "%") start += 2;
  return start < end ? { text: text.slice(start, end), start } : undefined;
}

const nameCharacter = /[\w.$\-\u4e00-\u9fff]/;

/** Before the quotes, brackets, slashes and note in parentheses that close a name. */
function beforeClosers(text: string, from: number, stopAt: number): number {
  let end = from;
  const entity = /(?:&quot;|&#34;|&#39;|%22|%27)$/i.exec(
    text.slice(Math.max(stopAt, end - 6), end),
  );
  if (entity) return end - entity[0].length;
  while (end > stopAt && /["'`\\\]*”’」]/.test(text[end - 1] ?? "")) end -= 1;
  const note = /[ \t]?[(（][^()（）\n]{1,40}[)）]$/.exec(
    text.slice(Math.max(stopAt, end - 44), end),
  );
  // `check(password: str) -> bool`: of a function, not a note.
  if (note && /^\(\w[\w, ]{0,36}: /.test(note[0])) return from;
  return note ? end - note[0].length : end;
}

function levelOf(text: string, name: Name, named: Named | undefined): NameLevel | undefined {
  if (named && isValueName(name) && name.start - named.end < 200) {
    return named.level;
  }
  if (!hasSensitiveStem(name.text)) {
    // "Unseal Key 1: …"
    const counted = /^(?:#?\d{1,2}|ID|id)$/.test(name.text)
      ? sticky(/(?:[\w-]{1,24} ){1,2}/y, text, wordsBefore(text, name.start))
      : null;
    return counted ? nameLevel(counted[0]) : queryLevel(text, name);
  }
  const own = nameLevel(name.text);
  if (own === "certain" || name.text.length > 40 || nameWords(name.text).length > 3) return own;
  const before = sticky(/(?:[\w-]{1,24} ){1,2}/y, text, wordsBefore(text, name.start));
  if (!before) return own ?? queryLevel(text, name);
  return nameLevel(`${before[0]}${name.text}`) ?? own;
}

/** Where the one or two words before a name begin, as in "Client Secret: …". */
function wordsBefore(text: string, nameStart: number): number {
  let start = nameStart;
  for (let words = 0; words < 2 && text[start - 1] === " "; words += 1) {
    let at = start - 1;
    while (at > nameStart - 50 && /[\w-]/.test(text[at - 1] ?? "")) at -= 1;
    if (at === start - 1) break;
    start = at;
  }
  return start;
}

// What they hold in an address lets somebody in, also in hex.
const ticketNames =
  /^(?:key|k|sk|sign|code|ticket|auth|session|sess|sso|assertion|verifier|code_verifier)$/i;

/** Names that are secrets in a query string only. */
function queryLevel(text: string, name: Name): NameLevel | undefined {
  const before = text[name.start - 1];
  if (before !== "?" && before !== "&" && before !== ";") return undefined;
  return /^(?:key|sign|code|auth|ticket|t|k|hash|hmac|s|sso|state|assertion|session|sess|verifier|code_verifier)$/i.test(
    name.text,
  )
    ? "weak"
    : undefined;
}

/** `value`, `ParameterValue`, `stringValue`. */
function isValueName({ text }: Name): boolean {
  return endsAsValue(text) || /^(?:值|内容)$/.test(text);
}

const endsAsValue = endingIn("value val v default content data secret string".split(" "));
const endsAsNaming = endingIn(
  "name key k field label header variable env id property param".split(" "),
);

function namingAt(
  text: string,
  { name, at, stops }: { name: Name; at: number; stops: Stops },
): Named | undefined {
  if (!endsAsNaming(name.text)) return undefined;
  const value = readValue(text, at, {
    nextLine: false,
    query: false,
    wholeLine: false,
    stops,
    maxPlain: 80,
  });
  if (!value || value.end - value.start > 80) return undefined;
  const level = nameLevel(text.slice(value.start, value.end));
  return level && level !== "weak" ? { level, end: value.end } : undefined;
}

/** `{"value": "…", "key": "db_password"}`: what it is stands behind it, in the same object. */
function valueBefore(
  text: string,
  about: { unnamed: { name: Name; at: number }; name: Name; level: NameLevel },
): Span | undefined {
  const { unnamed, name, level } = about;
  if (name.start - unnamed.at > 200) return undefined;
  const value = readValue(text, unnamed.at, plain);
  if (!value || value.end > name.start || /[{}\n]/.test(text.slice(value.end, name.start))) {
    return undefined;
  }
  const isSecret = isSecretValue(text.slice(value.start, value.end), level, value.quoted);
  return isSecret ? spanOf(unnamed.name, value) : undefined;
}

function secretAt(
  text: string,
  place: { name: Name; at: number; level: NameLevel; stops: Stops },
): Span[] | undefined {
  const { name, at, level, stops } = place;
  const before = text[name.start - 1] ?? "\n";
  // "${DB_PASSWORD:?required}" says what to say where there is none.
  if (text.startsWith("${", name.start - 2) && text[at] === "?") return undefined;
  if (isMereMention(text, name, at)) return undefined;
  // "arn:…:secret:name" is where one lies.
  if (before === ":" && level === "likely" && name.text === "secret") return undefined;
  const list = level === "weak" ? undefined : listAt(text, at, level);
  if (list) return list.map((value) => spanOf(name, value));
  if (isListOfRemarks(text, at)) return undefined;
  const value = readValue(text, at, {
    nextLine: true,
    query: before === "?" || before === "&",
    // An option of a command has others behind it.
    wholeLine: level === "certain" && !name.text.startsWith("-") && isLineStart(text, name.start),
    stops,
    // What is longer does not look random: it need not be read from every name in it.
    ...(level === "weak" ? { maxPlain: 4_096 } : {}),
  });
  if (!value) return undefined;
  const whole = withScheme(text, level === "certain" ? spelledOut(text, value) : value);
  const content = text.slice(whole.start, whole.end);
  if (level !== "certain" && nameWords(name.text).includes(content.toLowerCase())) return undefined;
  if (isNameOrCounter(name.text, content)) return undefined;
  if (/^(?:OLD)?PWD$/i.test(name.text) && /^\/[\w./-]*$/.test(content)) return undefined;
  // Of the operator for external secrets: the key under which one is kept.
  if (name.text === "secretKey" && /^[a-z][a-z_-]{1,40}$/.test(content)) return undefined;
  if (content.includes(redactedMark) && content.replaceAll(redactedMark, "").length < 4)
    return undefined;
  if (/cookies?$/i.test(name.text) && content.includes("=") && isPreferences(content)) {
    return undefined;
  }
  if (isMetricLabel(text, name, content)) return undefined;
  if (!whole.quoted && isTypeHint(text, whole.start, content)) return undefined;
  if (!whole.quoted && isReason(text, name.start, whole.start)) return undefined;
  const isTicket =
    before === "?" || before === "&"
      ? ticketNames.test(name.text)
      : /(?:seed|routing[_-]?key)$/i.test(name.text);
  const isSecret =
    isSecretValue(content, level, whole.quoted) ||
    isRandomToken(whole, content, level) ||
    (isTicket && /^[\da-f]{24,128}$/i.test(content)) ||
    isHexKey(withWordBefore(text, name), content);
  if (isSecret) return [spanOf(name, whole)];
  const fallback = level === "weak" ? undefined : fallbackOf(text, value.start);
  return fallback && isDefault(text.slice(fallback.start, fallback.end))
    ? [spanOf(name, fallback)]
    : undefined;
}

/** What is listed under `passwords` or `tokens`, which before a number say how many there are. */
function itemsOf(text: string, name: Name, at: number): Span[] | undefined {
  const level = /[a-z]s$/i.test(name.text) ? nameLevel(name.text.slice(0, -1)) : undefined;
  if (!level || level === "weak") return undefined;
  return listAt(text, at, level)?.map((value) => spanOf(name, value));
}

/** `password=a b c d e`: letter by letter, wherever in its line. */
function spelledOut(text: string, value: Value): Value {
  if (value.quoted || value.end - value.start !== 1) return value;
  const letters = sticky(/[^\s=](?: [^\s=]){2,64}(?!\S)/y, text, value.start)?.[0];
  return letters ? { ...value, end: value.start + letters.length } : value;
}

function isRandomToken({ quoted }: Value, content: string, level: NameLevel): boolean {
  if (level === "weak" || isPlaceholder(content) || isPlainPath(content)) return false;
  return looksRandom(content) && (quoted || !isCode(content));
}

function spanOf(name: Name, value: Pick<Value, "start" | "end">): Span {
  return { start: value.start, end: value.end, kind: "assignment", from: name.start };
}

function isLineStart(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 24), at);
  return /(?:^|\n)[ \t]*(?:export |set |- |\* |> )?["']?$/i.test(at <= 24 ? before : `x${before}`);
}

/** `Bearer abc`: the scheme alone would be half of it. */
function withScheme(text: string, value: Value): Value {
  const scheme = text.slice(value.start, value.end);
  if (
    value.quoted ||
    !/^(?:bearer|basic|token|digest|apikey|negotiate|aws|hmac|jwt)$/i.test(scheme)
  )
    return value;
  const rest = sticky(/[ \t]{1,8}[^\s"']{3,65536}/y, text, value.end)?.[0];
  return rest
    ? {
        ...value,
        start: value.end + rest.length - rest.trimStart().length,
        end: value.end + rest.length,
      }
    : value;
}
