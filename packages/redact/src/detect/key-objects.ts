import type { Span } from "../span.ts";
import { valuesBehind } from "./matches.ts";
import { nameLevel } from "./sensitive-name.ts";
import { isSecretValue } from "./value-kind.ts";

/** Secrets whose name stands elsewhere in the same object: in a JWK and in a variable of Terraform. */
export function findInObjects(text: string): Span[] {
  return [...inJsonWebKeys(text), ...inVariables(text), ...inManifests(text), ...inStores(text)];
}

// The members of an object stand within so many characters of its "kty".
const jsonWebKeyCharacters = 4_096;

/** The private members of JSON Web Keys (RFC 7518, section 6). */
function inJsonWebKeys(text: string): Span[] {
  const spans: Span[] = [];
  let readUpTo = 0;
  for (const type of text.matchAll(/\\{0,4}"kty\\{0,4}"/g)) {
    const start = Math.max(readUpTo, type.index - jsonWebKeyCharacters);
    readUpTo = Math.min(text.length, type.index + jsonWebKeyCharacters);
    for (const member of text
      .slice(start, readUpTo)
      .matchAll(/"(?:d|p|q|dp|dq|qi|k)\\{0,4}"\s{0,4}:\s{0,4}\\{0,4}"([\w-]{16,1024})/g)) {
      const end = start + member.index + member[0].length;
      const length = member[1]?.length ?? 0;
      spans.push({ start: end - length, end, kind: "key_block", from: start + member.index });
    }
  }
  return spans;
}

/** `variable "db_password" { … default = "…" }` */
function inVariables(text: string): Span[] {
  return valuesBehind(
    text,
    /\b(?:variable|output|locals?)\s{1,4}"([\w-]{2,80})"\s{0,4}\{[^{}]{0,600}?\b(?:default|value)\s{0,8}=\s{0,4}(?=["'])/g,
    "assignment",
    (content, [, name = ""]) => {
      const level = nameLevel(name);
      return level !== undefined && isSecretValue(content, level, true);
    },
  );
}

/** Everything under `data` of a Secret of Kubernetes, whatever its name. */
function inManifests(text: string): Span[] {
  const spans: Span[] = [];
  let readUpTo = 0;
  for (const kind of text.matchAll(/\bkind["']?:\s{0,4}["']?Secret\b/g)) {
    const start = Math.max(readUpTo, kind.index - manifestCharacters);
    readUpTo = Math.min(text.length, kind.index + manifestCharacters);
    const manifest = text.slice(start, readUpTo);
    for (const data of manifest.matchAll(
      /(?:^|\n)([ \t]{0,16})(?:data|stringData):[ \t]{0,4}\n((?:\1[ \t]{1,8}[\w.-]{1,200}:[ \t][^\n]{1,4096}(?:\n|$)){1,64})|"(?:data|stringData)"\s{0,4}:\s{0,4}\{([^{}]{1,4096})\}/g,
    )) {
      const block = data[2] ?? data[3] ?? "";
      const offset = start + data.index + data[0].lastIndexOf(block);
      for (const pair of block.matchAll(
        /[\w.-]{1,200}["']?:\s{0,4}(["']?)([^\s"',{}|>]{4,4096})\1/g,
      )) {
        const end = offset + pair.index + pair[0].length - (pair[1] ?? "").length;
        const length = pair[2]?.length ?? 0;
        spans.push({ start: end - length, end, kind: "assignment", from: offset + pair.index });
      }
    }
  }
  return spans;
}

/** The secrets of a data source of Grafana, and what Vault's key-value store answers. */
function inStores(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /"(?:secureJsonData|secure_json_data)"\s{0,4}:\s{0,4}\{([^{}]{1,4096})\}|"data"\s{0,4}:\s{0,4}\{\s{0,20}"data"\s{0,4}:\s{0,4}\{([^{}]{1,4096})\}/g,
  )) {
    const block = match[1] ?? match[2] ?? "";
    const offset = match.index + match[0].lastIndexOf(block);
    for (const pair of block.matchAll(/:\s{0,4}"((?:[^"\\\n]|\\.){4,4096})"/g)) {
      const end = offset + pair.index + pair[0].length - 1;
      const start = end - (pair[1]?.length ?? 0);
      spans.push({ start, end, kind: "assignment", from: offset + pair.index });
    }
  }
  return spans;
}

const manifestCharacters = 8_192;
