import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";
import { endOfLine, sticky } from "./read-value.ts";
import { isPlaceholder, isStateWord, looksRandom } from "./value-kind.ts";

/** Cookies and what stands behind an authentication scheme, with their header or without. */
export function findHeaderSecrets(text: string): Span[] {
  return [...cookies(text), ...schemes(text), ...signedRequests(text)];
}

/**
 * All of a cookie header: which of its cookies opens a session is not to be told from outside,
 * unless all of them are words that nobody could take for one.
 */
function cookies(text: string): Span[] {
  const spans: Span[] = [];
  let readUpTo = 0;
  for (const match of text.matchAll(
    /(?<![a-z])(?:set-)?cookies?\d?(?:\\*["'\]])*\s{0,4}(?:[:=]|=>|\s)\s{0,4}(?:\\*["'[{(]){0,3}(?=[\w.%$!#-]{1,100}=[^\s=;])/gi,
  )) {
    if (match.index < readUpTo) continue;
    const start = match.index + match[0].length;
    const opening = /(\\*["'])[[{(]?$/.exec(match[0])?.[1];
    const end = opening ? closedBy(text, start, opening) : headerEnd(text, start);
    readUpTo = end;
    if (isPreferences(text.slice(start, end))) continue;
    spans.push({ start, end, kind: "cookie", from: match.index });
  }
  const named = secretsIn(
    text,
    /(?<![\w-])(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|connect\.sid|sessionid|session_token|laravel_session|_session(?:_id)?|__Host-[\w-]{1,40}|__Secure-[\w.-]{1,60}|XSRF-TOKEN|csrftoken|remember_(?:token|me|web)\w{0,60}|auth_session|sid|ci_session|wordpress_logged_in\w{0,60})=([^\s;,"'&\\]{4,4096})/g,
    "cookie",
    (value) => !isPlaceholder(value) && !isGone(value) && !/^\w+:\w/.test(value),
  );
  return [...spans, ...named, ...jars(text)];
}

/** The last of the seven fields of a line in the cookie jar of a client (`cookies.txt`). */
function jars(text: string): Span[] {
  if (!/TRUE|FALSE/.test(text)) return [];
  return secretsIn(
    text,
    jarLine,
    "cookie",
    (value, [, name = ""]) => !isPreferences(`${name}=${value}`),
  );
}

// Within a string the tabs between its fields are escaped.
const gap = String.raw`(?:[ \t]|\\{1,8}t){1,8}`;
const jarLine = new RegExp(
  [
    String.raw`(?:\b|(?<=\\t))(?:TRUE|FALSE)`,
    String.raw`\/[^\s\\]{0,200}`,
    "(?:TRUE|FALSE)",
    String.raw`\d{1,12}`,
    String.raw`([\w.%$!#-]{1,100})`,
    String.raw`"?([^\s"\\]{4,4096})(?=[\s"\\]|$)`,
  ].join(gap),
  "g",
);

/** A language, a theme, a consent, and cookies that are taken away. */
export function isPreferences(jar: string): boolean {
  return jar.split(";").every((part) => {
    const [name = "", value = ""] = part.trim().split("=", 2);
    if (attributes.test(name) || isGone(value)) return true;
    return (
      preferences.test(name) && /^(?:[A-Za-z]{1,12}(?:[-_/][A-Za-z]{1,12})?|\d{1,4})$/.test(value)
    );
  });
}

const attributes =
  /^(?:path|domain|expires|max-age|samesite|secure|httponly|partitioned|priority|version|comment)?$/i;
const preferences =
  /(?:^|[^a-z])(?:lang|language|locale|i18n|theme|color-?scheme|dark-?mode|tz|timezone|currency|country|region|consent|cookie-?consent(?:_status)?|layout|view|sort|page-?size|sidebar|font-?size)$/i;

function isGone(value: string): boolean {
  return /^(?:deleted?|expired|removed|null|""|)$/i.test(value);
}

function closedBy(text: string, start: number, quote: string): number {
  const end = text.indexOf(quote, start);
  if (end >= 0 && end - start < 16_384) return end;
  return headerEnd(text, start);
}

/** `a=b; c=d; Path=/`: as long as cookies and their attributes follow each other. */
function headerEnd(text: string, start: number): number {
  const lineEnd = Math.min(endOfLine(text, start), start + 16_384);
  const jar = sticky(
    /[\w.%$!#-]{1,100}=[^\s;"']{0,4096}(?:;\s{0,4}(?:[\w.%$!#-]{1,100}=(?:[^;"'\n=]{0,40}GMT|[^\s;"']{0,4096})|secure|httponly|partitioned))*;?/iy,
    text,
    start,
  );
  return Math.min(lineEnd, start + (jar?.[0].length ?? 0));
}

function schemes(text: string): Span[] {
  return secretsIn(
    text,
    /(?<![\w-])(bearer|basic|apikey|api-key|negotiate|ntlm|ssws|hoba|token)(?:,?\s{1,8}|%20|\+)(?:token=|key=)?\\*["']?(?!realm=)([\w.~+/=|:%-]{6,65536})/gi,
    "authorization",
    (value, [, scheme = ""]) =>
      !isStateWord(value) && !isPlaceholder(value) && isCredential(scheme.toLowerCase(), value),
  );
}

function isCredential(scheme: string, value: string): boolean {
  if (scheme === "basic") return isBasic(value);
  if (scheme === "token")
    return (
      value.length >= 8 &&
      /\d/.test(value) &&
      /[a-zA-Z]/.test(value) &&
      !/[:/]/.test(value) &&
      !/^\d+[a-z]{1,2}$/.test(value)
    );
  return /\d|[A-Z].*[a-z]|[a-z].*[A-Z]|[+/=]/.test(value) || value.length >= 20;
}

/** Base64 of `user:password`, whole or cut. */
function isBasic(value: string): boolean {
  if (!/^[A-Za-z0-9+/_-]+(?:=|%3D){0,2}$/.test(value)) return false;
  const decoded = Buffer.from(value, "base64").toString("latin1");
  return (
    (/^[\x20-\x7e\x80-\xff]{3,}$/.test(decoded) &&
      (/:/.test(decoded) || /[=\d]/.test(value) || value.length >= 12)) ||
    (value.length >= 16 && looksRandom(value, 16))
  );
}

/** Signatures of whole requests. */
function signedRequests(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /(?:AWS4-HMAC-SHA256|AWS4-ECDSA-P256-SHA256|(?<![\w-])AWS|Signature|Hawk|Digest|OAuth|SharedKey(?:Lite)?|TC3-HMAC-SHA256|OSS)\s{1,4}(?=[\w.-]{1,60}[=:])/g,
  )) {
    const start = match.index + match[0].length;
    const rest = sticky(
      /(?:[\w.-]{1,60}\s{0,2}[=:]\s{0,2}(?:\\?"[^"\n\\]{0,4096}\\?"|[^\s,"']{1,4096})(?:\s{0,2},\s{0,2}|\s{1,2}(?=[\w.-]{1,60}="?)|$)?){1,20}/y,
      text,
      start,
    );
    if (rest)
      spans.push({ start, end: start + rest[0].length, kind: "authorization", from: match.index });
  }
  return spans;
}
