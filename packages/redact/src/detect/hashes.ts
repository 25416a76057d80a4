import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";

/** Hashes of passwords: what they hide can be guessed at leisure. */
export function findHashes(text: string): Span[] {
  return patterns.flatMap((pattern) => secretsIn(text, pattern, "hash"));
}

const patterns = [
  /(?<=:\d{1,10}:)[0-9A-F]{32}:[0-9A-F]{32}(?=:)/gi,
  /(?<=\buser[ \t]{1,4}\S{1,64}[ \t]{1,4}(?:on|off)\b[^\n#]{0,200})#[0-9a-f]{64}(?![0-9a-f])/g,
  /\$(?:2[abxy]?|1|5|6|7|y|gy|apr1|argon2(?:id|i|d)|pbkdf2(?:-sha\d+)?|scrypt|sha1|md5|P|H|bcrypt(?:-sha256)?|B)\$[\w./$=,+-]{8,512}/g,
  /(?:pbkdf2_sha\d+|bcrypt_sha256|scrypt|argon2|pbkdf2):?\$[\w./$=,:+-]{16,512}/g,
  /(?:pbkdf2|scrypt):[\w:.]{3,40}\$[\w./$=+-]{16,512}/g,
  /\{(?:S?SHA(?:256|512)?|S?MD5|CRYPT|PBKDF2[\w-]{0,20}|SCRAM-SHA-\d+)\}[\w./$=+:,-]{8,512}/gi,
  /SCRAM-SHA-(?:1|256|512)\$\d+:[\w+/=$:]{16,512}/g,
  /(?<![\w*])\*[0-9A-F]{40}(?![\w*])/g,
  /(?<![\w:])[0-9a-f]{32}:[0-9a-f]{32}(?![\w:])/g,
];
