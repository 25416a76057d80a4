import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";

/**
 * Long strings that only chance writes, with no name that tells what they are: upper case, lower
 * case and digits change too often for words. What logs are full of (digests, ids, certificates,
 * addresses of objects) is known by its alphabet or by its name before it.
 */
export function findRandomRuns(text: string): Span[] {
  return secretsIn(
    text,
    /(?<![\w+.:@%-])[A-Za-z0-9_-]{30,512}(?![\w+=.%@-])/g,
    "provider_token",
    (run, { index }) =>
      isRandomRun(run) &&
      !isText(run) &&
      !isLabelled(text, index) &&
      !isWholeLine(text, index, run.length) &&
      !isPublic(text, index) &&
      !isPartOfBase64(text, index, run.length),
  );
}

/** Base64 of a text: chance writes none that long. What the text tells is looked at elsewhere. */
function isText(run: string): boolean {
  const inner = Buffer.from(run, "base64").toString("latin1");
  return /^[\s\x20-\x7e]+$/.test(inner) && /\s.*\s/s.test(inner.trim());
}

function isRandomRun(run: string): boolean {
  if (/[a-z]{8}|[A-Z]{9}|\d{8}/.test(run) || /^(?:AAAA|MI[GI]|LS0t|Qm(?=\w{44}$)|12D3)/.test(run))
    return false;
  if (/^[\da-f-]+$/i.test(run) || (run.match(/[-_]/g)?.length ?? 0) * 8 > run.length) return false;
  const digits = run.match(/\d/g)?.length ?? 0;
  const upper = run.match(/[A-Z]/g)?.length ?? 0;
  const lower = run.match(/[a-z]/g)?.length ?? 0;
  if (digits < 2 || upper * 5 < run.length || lower * 5 < run.length) return false;
  return changesOfClass(run) >= run.length * (run.length < 40 ? 0.45 : 0.4);
}

function changesOfClass(run: string): number {
  const classes = run.replace(/[A-Z]/g, "A").replace(/[a-z]/g, "a").replace(/\d/g, "1");
  let changes = 0;
  for (let at = 1; at < classes.length; at += 1) changes += classes[at] === classes[at - 1] ? 0 : 1;
  return changes;
}

/** A name before it that says that it opens nothing. */
function isLabelled(text: string, at: number): boolean {
  return label.test(text.slice(Math.max(0, at - 48), at));
}

const label =
  /(?:sha-?\d*|md5|integrity|e-?tag|digest|finger-?print|checksum|hash|public[ _-]?key|pub[ _-]?key|ssh-\w+|trace\w*|span\w*|commit|revision|image\w*|nonce|cert\w*|bundle|cursor|page[ _-]?token|continue|continuation|next|prev|offset|resource\w*|version|build|snapshot|volume|block|address|addr|\btx|wallet|\bto|recipient|peer|consumer|correlation|object|blob|state|challenge|csp|\bds|\btxt|ipfs|(?<![A-Za-z])[xyn]|kid|x5t|[\w-]*?(?:id|Id|ID|uid)(?:[-_ ]?\d)?)["'`]?\s{0,2}[:=： ]\s{0,2}["'`(<]{0,2}$|\/(?:assets|static|chunks|commit|blob|tree|objects?|sha\w*|raw|d|document|spreadsheets|file|folders|images?)\/(?:[\w.-]+\/){0,2}$/i;

/** A line of a certificate, or of whatever else is printed in base64. */
function isWholeLine(text: string, at: number, length: number): boolean {
  const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const after = text[at + length] ?? "\n";
  return length >= 60 && length <= 76 && before.trim() === "" && /\s/.test(after);
}

/** Within a certificate or a public key, whatever its lines begin with. */
function isPublic(text: string, at: number): boolean {
  const above = text.slice(Math.max(0, at - 8_192), at);
  const begin = above.lastIndexOf("-----BEGIN ");
  return (
    begin >= 0 &&
    begin > above.lastIndexOf("-----END ") &&
    !/^[^\n]{0,40}PRIVATE/.test(above.slice(begin))
  );
}

/** Between slashes that are no path's. */
function isPartOfBase64(text: string, at: number, length: number): boolean {
  if (text[at - 1] !== "/" && text[at + length] !== "/") return false;
  const before = text.slice(Math.max(0, at - 200), at);
  return !/(?:^|[\s"'(=<])(?:[a-z]{2,10}:\/\/|\/)[\w.~%@:/-]*\/$/i.test(before);
}
