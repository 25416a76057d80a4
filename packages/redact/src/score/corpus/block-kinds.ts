import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { SecretKindMaker } from "./planted.ts";
import { alphabets, type Random } from "./random.ts";

function body(random: Random, lines: number): string[] {
  const full = Array.from({ length: lines }, () => random.string(64, alphabets.base64));
  return [...full, `${random.string(30, alphabets.base64)}==`];
}

const labels = [
  "PRIVATE KEY",
  "RSA PRIVATE KEY",
  "EC PRIVATE KEY",
  "OPENSSH PRIVATE KEY",
  "ENCRYPTED PRIVATE KEY",
  "PGP PRIVATE KEY BLOCK",
] as const;

const mark = (word: string, label: string) => `-----${word} ${label}-----`;

/** Blocks and longer secrets; each line of a key is a fragment. */
export const blockKinds: Readonly<Record<string, SecretKindMaker>> = {
  pem: (random) => {
    const lines = body(random, 4 + random.below(20));
    const label = random.pick(labels);
    const secret = lines.join("\n");
    return {
      text: `${mark("BEGIN", label)}\n${secret}\n${mark("END", label)}`,
      secret,
      fragments: lines,
    };
  },
  pem_one_line: (random, index) => {
    const lines = body(random, 6);
    const label = random.pick(labels);
    const glue = index % 3 === 0 ? " " : "\\n";
    const secret = lines.join(glue);
    const text = [mark("BEGIN", label), secret, mark("END", label)].join(glue);
    return {
      text: index % 2 === 0 ? `{"private_key":"${text}"}` : `SSH_KEY=${text}`,
      secret,
      fragments: lines,
    };
  },
  pem_without_end: (random) => {
    const lines = body(random, 3 + random.below(6));
    const kept = [...lines.slice(0, -1), random.string(20, alphabets.base64)];
    return {
      text: `${mark("BEGIN", random.pick(labels))}\n${kept.join("\n")}`,
      secret: kept.join("\n"),
      fragments: kept,
    };
  },
  pem_without_begin: (random) => {
    const lines = body(random, 3 + random.below(6));
    const first = random.string(40, alphabets.base64);
    const kept = [first, ...lines];
    return {
      text: `${kept.join("\n")}\n${mark("END", random.pick(labels))}`,
      secret: kept.join("\n"),
      fragments: kept,
      isWhole: true,
    };
  },
  pem_in_log_lines: (random, index) => {
    const lines = body(random, 6);
    const label = random.pick(labels);
    const prefix =
      [
        "2026-11-26T10:00:00.123Z INFO logic ",
        "[gateway] ",
        "Nov 26 10:00:00 host app[12]: ",
        "task | ",
      ][index % 4] ?? "";
    const all = [mark("BEGIN", label), ...lines, mark("END", label)].map((line) => prefix + line);
    if (index % 3 === 0)
      all.splice(3, 0, "2026-11-26T10:00:00.123Z INFO gateway connection closed");
    return { text: all.join("\n"), secret: lines.join("\n"), fragments: lines, isWhole: true };
  },
  mnemonic: (random, index) => {
    const secret = Array.from({ length: [12, 24, 15][index % 3] ?? 12 }, () =>
      random.pick(wordlist),
    ).join(" ");
    const text =
      [secret, `mnemonic: ${secret}`, `wallet restored from "${secret}"`][index % 3] ?? "";
    return { text, secret };
  },
  nats_seed: (random, index) => {
    const secret = `S${random.pick(["U", "A", "O", "N"])}${random.string(56, alphabets.base32)}`;
    const block = `-----BEGIN USER NKEY SEED-----\n${secret}\n------END USER NKEY SEED------`;
    return { text: index % 2 === 0 ? block : `nkey ${secret} loaded`, secret };
  },
  base64_wrapped: (random, index) => {
    const password = random.string(14);
    const inner =
      [
        `{"user":"app","password":"${password}"}`,
        `DB_PASSWORD=${password}\nDB_USER=app`,
        `admin:${password}`,
        `postgres://app:${password}@db.example.com/app`,
      ][index % 4] ?? "";
    const secret = Buffer.from(inner).toString("base64");
    return { text: `payload ${secret} received`, secret };
  },
  hex_wrapped: (random) => {
    const secret = Buffer.from(`password=${random.string(12)}`).toString("hex");
    return { text: `payload ${secret} received`, secret };
  },
  mnemonic_cut: (random) => {
    const secret = Array.from({ length: 7 }, () => random.pick(wordlist)).join(" ");
    return { text: `mnemonic ${secret}`, secret };
  },
  kubernetes_secret: (random) => {
    const secret = Buffer.from(random.string(15)).toString("base64");
    return {
      text: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  username: YXBw\n  password: ${secret}\ntype: Opaque`,
      secret,
    };
  },
  password_hash: (random, index) => {
    const secret =
      [
        `$2b$12$${random.string(53, `${alphabets.mixed}./`)}`,
        `$6$rounds=5000$${random.string(12)}$${random.string(86, `${alphabets.mixed}./`)}`,
        `$argon2id$v=19$m=65536,t=3,p=4$${random.string(22, alphabets.base64)}$${random.string(43, alphabets.base64)}`,
        `pbkdf2_sha256$600000$${random.string(22)}$${random.string(43, alphabets.base64)}=`,
      ][index % 4] ?? "";
    return { text: `alice:${secret}:19800:0`, secret };
  },
};
