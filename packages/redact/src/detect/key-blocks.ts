import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";
import { endOfLine } from "./read-value.ts";

/**
 * Private keys: PEM, OpenSSH, PGP, PuTTY and NATS blocks, also without their end, without their
 * begin, flattened into one line with `\n` or spaces, and spread over log lines that carry
 * prefixes of their own.
 */
export function findKeyBlocks(text: string, insideBlock = false): Span[] {
  const spans: Span[] = [];
  if (insideBlock) spans.push(...bodyFrom(text, 0, 0).spans);
  begin.lastIndex = 0;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    if (isPublic(match[1] ?? "")) continue;
    const body = bodyFrom(text, match.index + match[0].length, match.index);
    spans.push({ start: match.index, end: match.index + match[0].length, kind: "key_block" });
    spans.push(...body.spans);
    begin.lastIndex = Math.max(begin.lastIndex, body.end);
  }
  return [...spans, ...headless(text), ...knownStarts(text), ...cutBegin(text)];
}

/** Whether a block that began in the text, or before it, has not ended in it. */
export function isInsideKeyBlock(text: string, insideBefore: boolean): boolean {
  const last = text.lastIndexOf("-----BEGIN ");
  if (last < 0) return insideBefore && bodyFrom(text, 0, 0).open;
  begin.lastIndex = last;
  const match = begin.exec(text);
  if (!match || isPublic(match[1] ?? "")) return false;
  return bodyFrom(text, match.index + match[0].length, match.index).open;
}

const begin = /-{4,5} ?BEGIN ([A-Za-z0-9 ]{1,40})(?:-{1,5}|$)|PuTTY-User-Key-File-\d:[^\n]{0,80}/g;

/** Whether a block of this label may be shown. */
export function isPublic(label: string): boolean {
  return /^(?:CERTIFICATE|TRUSTED CERTIFICATE|X509|PUBLIC KEY|RSA PUBLIC KEY|EC PUBLIC KEY|SSH2 PUBLIC KEY|PGP PUBLIC|DH PARAM|EC PARAM|PKCS7|PGP SIGNATURE|PGP SIGNED|NEW CERTIFICATE|CMS)/.test(
    label,
  );
}

type Body = { readonly spans: Span[]; readonly end: number; readonly open: boolean };

// Lines of other writers may stand between those of a key: so many before it counts as over.
const maxStrangers = 4;
const maxBlock = 64_000;

function bodyFrom(text: string, start: number, from: number): Body {
  const spans: Span[] = [];
  let strangers = 0;
  let at = start;
  while (at < text.length && at - start < maxBlock && strangers < maxStrangers) {
    const lineEnd = Math.min(endOfLine(text, at), at + maxBlock);
    const line = text.slice(at, lineEnd);
    const close = blockEnd.exec(line);
    const inner = close ? line.slice(0, close.index) : line;
    const pieces = at === start ? sameLinePieces(inner, close !== null) : keyPieces(inner);
    for (const piece of pieces) {
      spans.push({ start: at + piece.start, end: at + piece.end, kind: "key_block", from });
    }
    if (close) {
      const end = at + close.index + close[0].length;
      return {
        spans: [...spans, { start: at + close.index, end, kind: "key_block", from }],
        end,
        open: false,
      };
    }
    if (pieces.length === 0 && line.trim() !== "" && at > start) strangers += 1;
    else if (pieces.length > 0) strangers = 0;
    at = lineEnd + 1;
  }
  return { spans, end: Math.min(at, text.length), open: strangers < maxStrangers };
}

const blockEnd = /-{2,5}[ ]?END [A-Za-z0-9 ]{1,40}(?:-{1,5}|$)|Private-MAC: ?[0-9a-f]*/;

/** What follows a begin on its own line: all of it up to the end, else what looks like a key. */
function sameLinePieces(rest: string, isClosed: boolean): { start: number; end: number }[] {
  if (isClosed) return [{ start: 0, end: rest.length }];
  const flat = /^(?:\\+[nr]|[A-Za-z0-9+/=]|[ \t]+(?=[A-Za-z0-9+/]{12}))+/.exec(rest);
  return flat && flat[0].length > 1 ? [{ start: 0, end: flat[0].length }] : keyPieces(rest);
}

/** What of a line within a block is the key's. */
function keyPieces(line: string): { start: number; end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  // The last line of a key is short, but then it is all there is behind the prefix.
  const pattern =
    /(?:[A-Za-z0-9+/]|\\+[nrt]|\\+\/){16,}={0,2}|(?:Proc-Type|DEK-Info|Comment|Version|Hash|Private-Lines|Public-Lines|Encryption|Key-Derivation|Argon2-[A-Za-z]+):[^\n"]*/g;
  for (const match of line.matchAll(pattern)) {
    if (/^\/?(?:[a-z0-9_-]+\/){2,}/.test(match[0])) continue;
    pieces.push({ start: match.index, end: match.index + match[0].length });
  }
  if (pieces.length > 0) {
    // One line holds a whole key with spaces or \n between: what lies between is the key's too.
    const [first] = pieces;
    const last = pieces.at(-1);
    if (first && last) return [{ start: first.start, end: tailEnd(line, last.end) }];
  }
  // The checksum below a key of PGP.
  const checksum = /(?:^|[\s|>])(=[A-Za-z0-9+/]{4})\s*$/.exec(line);
  if (checksum) return [{ start: checksum.index + checksum[0].indexOf("="), end: line.length }];
  const tail = /(?:^|[\s|>:\]])([A-Za-z0-9+/]{1,76}={0,2})(?:\\[nr])*["',]{0,3}\s*$/.exec(line);
  if (tail?.[1] && /\w/.test(tail[1]) && isKeyTail(tail[1], line)) {
    const start = tail.index + tail[0].indexOf(tail[1]);
    return [{ start, end: start + tail[1].length }];
  }
  return tails.flatMap((pattern) => {
    const match = pattern.exec(line);
    const rest = match?.[1] ?? "";
    if (!match || !isKeyTail(rest, line)) return [];
    const start = match.index + match[0].indexOf(rest);
    return [{ start, end: start + rest.length }];
  });
}

// The short last line behind the name of a field, within quotes, or before a remark.
const tails = [
  /=["']?([A-Za-z0-9+/]{2,76}={0,2})(?:\\+[nr])*["']?\s*$/,
  /"(?:log|msg|message|line|text|body|MESSAGE)\\{0,3}"\s{0,4}:\s{0,4}\\{0,3}"([A-Za-z0-9+/]{2,76}={0,2})(?:\\+[nr])*\\{0,3}"/,
  /^[^"']{0,40}["']([A-Za-z0-9+/]{2,76}={0,2})(?:\\+[nr])*["'](?:[\s;,+)\\]|$)/,
  /(?:^|\s)([A-Za-z0-9+/]{4,76}={1,2}|[A-Za-z0-9+/]{8,76})(?=\s{1,4}(?:#|\/\/|\\|\|))/,
];

function isKeyTail(tail: string, line: string): boolean {
  return tail.length === line.trim().length || /[=+/]|[a-z][A-Z]|\d/.test(tail);
}

/** The short rest behind the last long run: `…abc\nxy==`. */
function tailEnd(line: string, from: number): number {
  const rest = /^(?:(?:\\+[nr]|[ \t])*[A-Za-z0-9+/]{1,76}={0,2}(?=\\|["'\s]|$))*/.exec(
    line.slice(from, from + 4_000),
  );
  return from + (rest?.[0].length ?? 0);
}

/** The lines above an end whose begin is not in the text. */
function headless(text: string): Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const match of text.matchAll(/-{2,5}[ ]?END ([A-Z0-9 ]{1,40})(?:-{1,5}|$)/gm)) {
    if (isPublic(match[1] ?? "")) continue;
    const floor = Math.max(done, match.index - maxBlock);
    const above = text.slice(floor, match.index);
    if (/-BEGIN /.test(above)) continue;
    done = match.index + match[0].length;
    let at = match.index;
    for (const [index, line] of above.split("\n").toReversed().entries()) {
      const pieces = keyPieces(line);
      const start = at - line.length;
      // What stands before the end on its own line is a log's.
      if (pieces.length === 0 && line.trim() !== "" && index > 0) break;
      for (const piece of pieces) {
        spans.push({
          start: start + piece.start,
          end: start + piece.end,
          kind: "key_block",
          from: start,
        });
      }
      at = start - 1;
    }
    spans.push({ start: match.index, end: done, kind: "key_block" });
  }
  return spans;
}

/** Base64 that begins as only keys do, and runs of lines that are nothing but base64. */
function knownStarts(text: string): Span[] {
  return [
    /(?<![A-Za-z0-9+/])(?:MII[A-Za-z0-9+/]{20,}|b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/]{0,})={0,2}/g,
    /^[ \t]{0,16}[A-Za-z0-9+/]{60,76}(?:\r?\n[ \t]{0,16}[A-Za-z0-9+/]{60,76})+(?:\r?\n[ \t]{0,16}[A-Za-z0-9+/]{1,76}={0,2}(?=\r?\n|$))?/gm,
  ].flatMap((pattern) =>
    secretsIn(text, pattern, "key_block", (_, { index }) => !isInPublicBlock(text, index)),
  );
}

/** Whether what stands here belongs to a certificate or a public key whose begin is in the text. */
function isInPublicBlock(text: string, at: number): boolean {
  const above = text.slice(Math.max(0, at - maxPublicBlock), at);
  const label = /-{5}BEGIN ([A-Z0-9 ]{1,40})-{5}(?:\s|\\n|[A-Za-z0-9+/=]){0,8192}$/.exec(
    above.slice(Math.max(0, above.lastIndexOf("-----BEGIN "))),
  )?.[1];
  return label !== undefined && isPublic(label);
}

const maxPublicBlock = 8_192;

/** A begin that the text's end cuts. */
function cutBegin(text: string): Span[] {
  const match = /-{5}BEGIN [A-Z0-9 ]{0,40}-{0,5}$/.exec(text.slice(-60));
  if (!match) return [];
  const start = Math.max(0, text.length - 60) + match.index;
  return isPublic(match[0].slice(11)) ? [] : [{ start, end: text.length, kind: "key_block" }];
}
