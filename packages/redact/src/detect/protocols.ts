import type { Span } from "../span.ts";
import { secretsIn, valuesBehind } from "./matches.ts";
import { isLikeAPassword } from "./password-like.ts";
import { isPlaceholder, isStateWord } from "./value-kind.ts";

/**
 * Passwords that a client sends to a mail, file or directory server, as traces show them: behind
 * any arrow, within the quotes of `write(5, "…\r\n")`, after "sent".
 */
export function findInProtocols(text: string): Span[] {
  const sent = lines.flatMap(([needle, pattern, isSure]) =>
    text.includes(needle)
      ? valuesBehind(text, pattern, "command_line", (content) => isSent(content, isSure))
      : [],
  );
  return [...sent, ...responses(text), ...bulkStrings(text)];
}

/** What a client answers with its choice of a mechanism: `AUTH PLAIN AGFs…`, also of IMAP. */
function responses(text: string): Span[] {
  return secretsIn(
    text,
    /\bAUTH(?:ENTICATE)? (?:PLAIN|LOGIN|XOAUTH2?|OAUTHBEARER|NTLM|GSSAPI|EXTERNAL|(?:CRAM|DIGEST)-MD5|SCRAM-SHA-\d{1,3}(?:-PLUS)?) ([A-Za-z0-9+/]{12,8192}={0,2})(?=[\s"'\\]|$)/gi,
    "command_line",
    (response) => /\d|[+/=]|[a-z][A-Z]/.test(response) && !/^[A-Z\d-]+$/.test(response),
  );
}

/**
 * `$4⏎AUTH⏎$8⏎…`: commands of Redis as they are sent, with their ends of lines, or with two dots for
 * each, as dumps print them.
 */
function bulkStrings(text: string): Span[] {
  if (!/AUTH|requirepass|masterauth/i.test(text)) return [];
  return secretsIn(text, bulk, "command_line", (content) => !isPlaceholder(content));
}

const end = String.raw`(?:\s{1,8}|\.\.|(?:\\{1,4}[rn]){2})`;
const bulk = new RegExp(
  String.raw`\$\d{1,2}${end}(?:AUTH(?:${end}\$\d{1,3}${end}[^\s$]{1,64}(?=${end}\$\d{1,4}${end}))?|requirepass|masterauth|primaryauth|sentinel-pass)${end}\$\d{1,4}${end}([^\s"'$]{3,512}?)(?=${end}|$)`,
  "gi",
);

function isSent(content: string, isSure: boolean): boolean {
  if (isPlaceholder(content) || isStateWord(content) || /\.(?:test|spec)\./.test(content))
    return false;
  return isSure || isLikeAPassword(content);
}

const arrow = "(?:<-{1,3}|<<|<=|->|=>|>>|[←→⇐⇒»«]|[<>])";
const quote = String.raw`(?<!\w)(?:[bru])?\\?["'\x60]`;
const lineEnd = String.raw`(?=[ \t]*(?:$|\n|["'\x60]|\\r|\\n|\\["']))`;

/** A password alone to the line's end; its quotes are its own. */
const alone = String.raw`(?=[^\s"']{4,128}${lineEnd}|\\?"[^"\n]{4,128}")`;
const lead = String.raw`(?:${arrow}\s{0,2}|${quote})`;

// The needle is in every text that its pattern matches, and soon looked for; so is the word that
// each pattern begins with. Test runners say PASS behind a dash or a bar, too: there only what looks
// like a password is one.
const lines: readonly (readonly [needle: string, pattern: RegExp, isSure: boolean])[] = [
  ["PASS ", new RegExp(`PASS (?<=${lead}PASS )${alone}`, "g"), true],
  [
    "PASS ",
    new RegExp(
      String.raw`PASS (?<=(?:[|\-,;] {1,2}|\b(?:sen[dt]|sends|wrote|client|C→S) )PASS )${alone}`,
      "g",
    ),
    false,
  ],
  [
    " LOGIN ",
    new RegExp(
      String.raw` LOGIN (?<=(?:${lead}|[|\-\]] {1,2})[\w.]{1,12} LOGIN )\S{1,128} (?=\S)`,
      "g",
    ),
    true,
  ],
  [
    " login ",
    new RegExp(
      String.raw` login (?<=(?:${lead}|C: )[A-Za-z]{0,6}\d{1,6} login )\S{1,128} ${alone}`,
      "g",
    ),
    true,
  ],
];
