import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";
import { passwordForm } from "./password-like.ts";
import { plain, readValue } from "./read-value.ts";
import { isCode, isSecretValue, looksRandom } from "./value-kind.ts";

/** Values whose name has lost its beginning where a text was cut: `…ssword=`, `...earer abc`. */
export function findBehindCutNames(text: string): Span[] {
  const spans = secretsIn(text, cutSchemes, "authorization", (token) => looksRandom(token, 16));
  for (const match of text.matchAll(cutNames)) {
    const name = (match[2] ?? "").toLowerCase();
    if (!names.some((whole) => whole.endsWith(name) && whole !== name)) continue;
    const value = readValue(text, match.index + match[0].length, {
      ...plain,
      query: /[=D]$/i.test(match[0]),
    });
    if (!value) continue;
    const content = text.slice(value.start, value.end);
    if (!value.quoted && isCode(content)) continue;
    const isKey = /^\w?_?key$/.test(name);
    // Of a short rest, and of what is a word by itself, only the value can tell.
    const isSure =
      name.length >= 4 &&
      !isKey &&
      !/^s?word$/.test(name) &&
      isSecretValue(content, "likely", false);
    if (!isSure && !looksRandom(content, isKey ? 20 : 12) && (isKey || !passwordForm(content)))
      continue;
    spans.push({ start: value.start, end: value.end, kind: "assignment", from: match.index });
  }
  return spans;
}

const cut = String.raw`(?:^|(\.{3}|…|[[(<](?:truncated|snip(?:ped)?|cut|omitted|\.\.\.|…)[\])>])\s?)`;
const cutNames = new RegExp(
  String.raw`${cut}([a-z_]{2,12})(?:\\{0,4}["'])?\s?(?:[:=]|%3D)\s{0,2}`,
  "gi",
);
const cutSchemes = new RegExp(String.raw`${cut}(?:e?arer|asic)\s([\w.~+/=-]{16,4096})`, "gi");

const names =
  "password passwd passphrase secret token api_key apikey credentials authorization secret_key secretkey private_key privatekey access_key accesskey client_secret".split(
    " ",
  );
