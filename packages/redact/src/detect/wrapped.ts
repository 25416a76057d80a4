import type { Span } from "../span.ts";
import { isPublic } from "./key-blocks.ts";
import { secretsIn } from "./matches.ts";

/**
 * Base64 that hides a secret: what decodes to readable text in which something is found, or to a
 * bare `user:password`.
 *
 * @param findIn is asked about what was decoded
 */
export function findWrapped(text: string, findIn: (inner: string) => readonly Span[]): Span[] {
  const spans: Span[] = [];
  const published: Span[] = [];
  let budget = 2 * text.length + 4_096;
  for (const match of text.matchAll(
    /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,65536}(?:={1,2}|(?:%3D){1,2})?(?![A-Za-z0-9+/_])/g,
  )) {
    const encoded = match[0];
    if (encoded.length > budget) break;
    const inner = decode(encoded);
    if (inner === undefined) continue;
    budget -= encoded.length;
    const isBlock = inner.startsWith("-----BEGIN ");
    if (!isBlock && !isPair(inner) && !isSasl(inner) && findIn(inner).length === 0) continue;
    const isPublished = isBlock && isPublic(inner.slice(11)) && !inner.includes("PRIVATE KEY");
    (isPublished ? published : spans).push({
      start: match.index,
      end: match.index + encoded.length,
      kind: "encoded",
    });
  }
  const hex = /(?<![\da-zA-Z])(?:[2-7][\da-f]){16,4096}(?![\da-zA-Z])/gi;
  const inHex = secretsIn(text, hex, "encoded", (digits) => {
    const inner = Buffer.from(digits, "hex").toString("latin1");
    return !/[^\x20-\x7e]/.test(inner) && findIn(inner).length > 0;
  });
  // Beside a key a certificate goes too: wrapped, both begin with the same characters.
  const hasKey = spans.length > 0 || /\bclient-key-data\b|\btls\.key\b/.test(text);
  return [...spans, ...(hasKey ? published : []), ...inHex];
}

/** The text, when the bytes are one. */
function decode(encoded: string): string | undefined {
  const bare = encoded.replace(/%3D/g, "=");
  if (
    /^[a-z]+$|^[A-Z]+$|^\d+$|^[\da-f]+$/.test(bare) ||
    (/^[\w/-]*$/.test(bare) && /^[a-z/_-]+$/.test(bare))
  )
    return undefined;
  const inner = Buffer.from(bare, "base64").toString("utf8");
  return isReadable(inner) || isSasl(inner) ? inner : undefined;
}

function isReadable(inner: string): boolean {
  return /^[\t\n\r\x20-\x7e\u4e00-\u9fff，。：；]+$/.test(inner);
}

/**
 * What a client answers to say who it is: `\0user\0password` (RFC 4616), and a token between bytes
 * of 1 (RFC 7628).
 */
function isSasl(inner: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format divides its parts so
  return /^[\x20-\x7e]{0,64}\0[\x20-\x7e]{2,128}\0[\x20-\x7e]{3,256}$|\x01auth=/.test(inner);
}

function isPair(inner: string): boolean {
  return /^[\w.@+-]{2,64}:[^\s:/]{4,128}$/.test(inner) && !/^\w+:\d+$/.test(inner);
}
