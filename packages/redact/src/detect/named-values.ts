import type { Span } from "../span.ts";
import { isColumnSecret } from "./column-secret.ts";
import { isHexKey } from "./hex-keys.ts";
import { secretsIn, valuesBehind } from "./matches.ts";
import { endOfLine } from "./read-value.ts";
import { nameLevel } from "./sensitive-name.ts";
import { isSecretValue, isStateWord, looksRandom } from "./value-kind.ts";

/** Values that stand next to their name without a sign between: in calls, forms and tables. */
export function findNamedValues(text: string): Span[] {
  return [
    ...inCalls(text),
    ...inSignIns(text),
    ...inForms(text),
    ...inCells(text),
    ...spaced(text),
    ...escaped(text),
  ];
}

/** `define("DB_PASSWORD", "…")`. */
function inCalls(text: string): Span[] {
  return valuesBehind(
    text,
    /[(,]\s{0,4}\\?["'`]([\w.-]{2,60})\\?["'`]\s{0,4},\s{0,20}(?=\\?["'`])/g,
    "assignment",
    (content, [whole, name = ""]) => {
      const level = nameLevel(name);
      if (!level || isSentence(content)) return false;
      return whole.startsWith("(") ? isSecretValue(content, level, true) : looksRandom(content);
    },
  );
}

/** "Welcome back", "must not be empty": words that say something. */
function isSentence(content: string): boolean {
  const words = content.split(" ");
  if (words.length < 2 || !words.every((word) => /^[A-Za-z'’]{1,16}[.,!?:]?$/.test(word)))
    return false;
  return words.length === 2 || words.filter(isStateWord).length * 2 >= words.length;
}

/** `auth=("metrics", "…")`, `SetBasicAuth(user, "…")`: the second is the password. */
function inSignIns(text: string): Span[] {
  return valuesBehind(
    text,
    /(?:\bauth\s{0,2}=\s{0,2}|(?:basic_?auth|digest_?auth|set_?credentials?|login|authenticate|\.auth)\s{0,2})[([]\s{0,4}(?:\\?["'`][^"'`\n]{1,80}\\?["'`]|[\w.]{1,60})\s{0,4},\s{0,4}(?=\\?["'`])/gi,
    "assignment",
    (content) => !isSentence(content) && isSecretValue(content, "likely", true),
  );
}

/** A part of a form: its name, an empty line, its value. */
function inForms(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /name=\\?"([\w.-]{2,60})\\?"(?:\r?\n[^\n]{1,100})?(?:(?:\r?\n){2}|(?:\\r)?\\n(?:\\r)?\\n)/g,
  )) {
    const level = nameLevel(match[1] ?? "");
    const start = match.index + match[0].length;
    const rest = text.slice(start, Math.min(endOfLine(text, start), start + 4_096));
    const content = rest.split(/\\r|\\n|\r/, 1)[0] ?? "";
    if (!level || !isSecretValue(content, level, true)) continue;
    spans.push({ start, end: start + content.length, kind: "assignment", from: match.index });
  }
  return spans;
}

/** `| password | … |` */
function inCells(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /\|\s{0,20}([\w. -]{2,40}?)\s{0,20}\|\s{0,20}([^\s|][^|\n]{0,400}?)\s{0,40}(?=\|)/g,
  )) {
    const [whole, name = "", value = ""] = match;
    const level = nameLevel(name);
    if (!level || !isSecretValue(value, level, false) || nameLevel(value)) continue;
    if (/^[a-z ]+$/i.test(value) && !looksRandom(value)) continue;
    if (level !== "weak" && !isColumnSecret(value, level)) continue;
    const start = match.index + whole.lastIndexOf(value);
    spans.push({ start, end: start + value.length, kind: "assignment", from: match.index });
  }
  return spans;
}

/** `setx API_TOKEN …`: a name of several words cannot be prose. */
function spaced(text: string): Span[] {
  return valuesBehind(
    text,
    /(?<![\w-])([A-Za-z][A-Za-z0-9]{0,30}(?:[_-][A-Za-z0-9]{1,30}){1,6})[ \t]{1,4}(?:<<<[ \t]{0,4})?(?=[^\s=:])/g,
    "command_line",
    (content, { 0: whole, 1: name = "", index }, { quoted }) => {
      if (isHexKey(name, content)) return true;
      const level = nameLevel(name);
      if (!level || level === "weak") return false;
      if (whole.includes("<<<")) return isSecretValue(content, level, quoted);
      if (/^\w+\[["']/.test(content)) return false;
      const isSet = /\b(?:setx|setenv)\s{1,4}$/.test(text.slice(Math.max(0, index - 12), index));
      return isSet ? isSecretValue(content, level, quoted) : looksRandom(content);
    },
  );
}

/** `"passw\u006frd": "…"`. */
function escaped(text: string): Span[] {
  return secretsIn(
    text,
    /"((?:[\w-]|\\u00[0-9a-f]{2}){3,80})"\s{0,4}:\s{0,4}"((?:[^"\\\n]|\\.){1,4096})/gi,
    "assignment",
    (value, [, name = ""]) => {
      if (!name.includes("\\u")) return false;
      const plainName = name.replace(/\\u00([0-9a-f]{2})/gi, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      );
      const level = nameLevel(plainName);
      return level !== undefined && isSecretValue(value, level, true);
    },
  );
}
