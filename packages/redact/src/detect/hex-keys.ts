import { nameWords } from "./sensitive-name.ts";

/**
 * Whether digits in hex behind this name are a key: alone they might be a digest or an id, and names
 * such as `cache_key` say that they are.
 */
export function isHexKey(name: string, value: string): boolean {
  if (!/^(?:0x)?[\da-f]{32,256}$/i.test(value) || !/[a-f]/i.test(value)) return false;
  if (!/key|salt|pepper|seed/i.test(name)) return false;
  const words = nameWords(name);
  const last = words.at(-1) ?? "";
  if (/^(?:salt|pepper|seed)s?$/.test(last) || /^[a-z]{2,12}seed$/.test(last)) return true;
  const before =
    last === "key" ? (words.at(-2) ?? "") : (/^([a-z]{2,12})key$/.exec(last)?.[1] ?? "");
  return before !== "" && !opensNothing.has(before);
}

/** The name and the word before it, as in "certificate key". */
export function withWordBefore(text: string, name: { text: string; start: number }): string {
  const before = /[\w-]{1,24} $/.exec(text.slice(Math.max(0, name.start - 25), name.start));
  return `${before?.[0] ?? ""}${name.text}`;
}

const opensNothing = new Set(
  "a an any the this that of by with for and or public pub host hot primary foreign partition sort cache object row record idempotency idempotent dedup dedupe deduplication lookup map hash shard bucket group join message msg event lock redis s3 trace span request content file index user doc document image layer etag digest chunk blob asset media build query job task node tag commit revision session page cursor sha md5 fingerprint item entity entry store data unique composite compound natural surrogate duplicate missing unknown invalid no same old new last first next each per every in not mon hkey turkey monkey".split(
    " ",
  ),
);
