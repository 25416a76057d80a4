import { sticky } from "./read-value.ts";

/** A name with its place in the text. */
export type Name = { readonly text: string; readonly start: number };

/** `{{resolve:ssm-secure:/prod/db/pw:3}}`: where a secret lies. */
export function isInTemplate(text: string, at: number): boolean {
  return /(?:\{\{|\$\{)[\w.:/-]{1,100}[:/]$/.test(text.slice(Math.max(0, at - 100), at));
}

/** `sessionKey: agent:main:group`, `sessionid = 0x1000…`; what is a part of its own name. */
export function isNameOrCounter(name: string, content: string): boolean {
  if (/^session/i.test(name) && /^(?:[a-z][\w-]*(?::-?[\w-]+){1,6}|0x[\da-f]{1,16})$/.test(content))
    return true;
  return content.length >= 8 && content.includes("_") && name.startsWith(`${content}_`);
}

/** `read -p "Password: " NAME`: the quote that stands before the name ends behind the colon. */
export function endsQuote(text: string, name: Name, at: number): boolean {
  const quote = /(["'])[\w ,]{0,40}$/.exec(
    text.slice(Math.max(0, name.start - 41), name.start),
  )?.[1];
  if (!quote) return false;
  const isOpen = !text.slice(name.start + name.text.length, at).includes(quote);
  const next = sticky(/[ \t]{0,4}(["'])(?=[\s,);]|$)/y, text, at)?.[1];
  return isOpen && next === quote;
}

/** `checksum/secret: …`, as charts note what a deployment was made of. */
export function isChecksum(text: string, name: Name): boolean {
  return /(?:checksum|digest|sha-?256|hash)\/$/i.test(
    text.slice(Math.max(0, name.start - 16), name.start),
  );
}

/** `kube_secret_info{secret="db-credentials"}`: the label of a metric is the name of one. */
export function isMetricLabel(text: string, name: Name, content: string): boolean {
  if (name.text !== "secret" || !/^[a-z\d][a-z\d.-]{0,252}$/.test(content)) return false;
  if (text[name.start + 6] !== "=") return false;
  return /[\w:]\{(?:[^{}\n]{0,400},\s?)?$|\{__name__=[^{}\n]{0,400},\s?$/.test(
    text.slice(Math.max(0, name.start - 440), name.start),
  );
}

/** `(password: SecretStr) -> User`: what stands behind the name is a type. */
export function isTypeHint(text: string, at: number, content: string): boolean {
  const type = types.exec(content)?.[0];
  if (type === undefined) return false;
  return (
    sticky(/[^()"'\n=]{0,200}\)\s{0,4}(?:->|=>|:\s|\{|throws\b)/y, text, at + type.length) !== null
  );
}

const types =
  /^[&*]?(?:str|string|bytes|text|char|any|unknown|object|bool(?:ean)?|(?:[A-Z][A-Za-z]*)?(?:Str|String|Bytes|Secret|Token|Password|Credentials?|Buffer|Key|Option(?:al)?|Nullable|Array|Sequence|Maybe))(?:[<[][\w.<>[\] ,|]{0,60}[>\]])?(?=\)?:?$)/;
