import type { Span } from "../span.ts";
import { strongLevel } from "./column-secret.ts";
import { isLikeAPassword, isName, passwordForm } from "./password-like.ts";
import { isPlaceholder, isSecretValue } from "./value-kind.ts";

/**
 * Secrets that are arguments of calls, in the code of any language and in stack traces:
 * `setPassword("…")`, `new NetworkCredential(user, "…")`, `PDO->__construct(dsn, user, '…')`.
 */
export function findInArguments(text: string): Span[] {
  const spans: Span[] = [];
  let readUpTo = 0;
  for (const call of text.matchAll(calls)) {
    const name = call[1] ?? "";
    // Within another's arguments only what says by its name that it holds a secret.
    if (call.index < readUpTo && !setters.test(name) && !ciphers.test(name)) continue;
    const start = call.index + call[0].length;
    const { literals, end } = argumentsFrom(text, start);
    if (literals.length === 0) continue;
    readUpTo = Math.max(readUpTo, Math.min(end, start + maxCall) - 1);
    for (const place of secretsOf(name, text, literals))
      spans.push({ start: place.start, end: place.end, kind: "assignment", from: call.index });
  }
  return spans;
}

const calls =
  /(?<![\w$])([A-Za-z_$][\w$]{1,60}(?:(?:\.|->|::)_{0,2}[A-Za-z]\w{1,40})?)[ \t]?\((?=[^)\n])/g;
const maxCall = 600;
const maxArguments = 8;

type Literal = { readonly start: number; readonly end: number; readonly index: number };

/** What is quoted among the arguments, with its place in their order. */
function argumentsFrom(text: string, start: number): { literals: Literal[]; end: number } {
  const literals: Literal[] = [];
  const limit = Math.min(text.length, start + maxCall);
  let index = 0;
  let depth = 0;
  let isFresh = true;
  let at = start;
  for (; at < limit && index < maxArguments; at += 1) {
    const character = text[at] ?? "";
    const isEscaped = character === "\\" && /["']/.test(text[at + 1] ?? "");
    if (isEscaped || /["'`]/.test(character)) {
      const quote = isEscaped ? text.slice(at, at + 2) : character;
      const inner = at + quote.length;
      const end = closingQuote(text, { start: inner, limit, quote });
      if (end < 0) break;
      if (isFresh && depth === 0) literals.push({ start: inner, end, index });
      at = end + quote.length - 1;
      isFresh = false;
    } else if (character === "(" || character === "[" || character === "{") depth += 1;
    else if (character === ")" && depth === 0) break;
    else if (character === ")" || character === "]" || character === "}") depth -= 1;
    else if (character === "," && depth === 0) {
      index += 1;
      isFresh = true;
    } else if (/[^\s@$bfruN:=>\w]/.test(character)) isFresh = false;
  }
  return { literals, end: at };
}

function closingQuote(
  text: string,
  { start, limit, quote }: { start: number; limit: number; quote: string },
): number {
  for (let at = start; at < limit; at += 1) {
    if (text.startsWith(quote, at)) return at;
    if (text[at] === "\n") return -1;
    if (text[at] === "\\") at += 1;
  }
  return -1;
}

function secretsOf(name: string, text: string, literals: readonly Literal[]): Literal[] {
  const content = (literal: Literal) => text.slice(literal.start, literal.end);
  const [first] = literals;
  if (setters.test(name) && first?.index === 0 && literals.length === 1) {
    const value = content(first);
    const isSet = /^(?:.*\b)?(?:set|with|change|update|reset)_?[A-Z_a-z]/.test(lastName(name));
    return (isSet ? isSettable(value) : isLikeAPassword(value)) ? [first] : [];
  }
  const place = places.find(([pattern]) => pattern.test(name))?.[1];
  if (place !== undefined) {
    const literal = literals.find(({ index }) => index === place);
    return literal && isSettable(content(literal)) ? [literal] : [];
  }
  if (!signIns.test(name)) return [];
  // Which of them it is differs from one library to the next: the one that looks like it.
  const isSignIn = /cred|auth|log_?[io]n|sign_?in|user/i.test(name);
  return literals.filter((literal) => {
    const value = content(literal);
    if (literal.index === 0 || isName(value)) return false;
    return isSignIn ? isLikeAPassword(value) : isSurely(value);
  });
}

/** Enough for calls that open anything: reports, topics, releases. */
function isSurely(value: string): boolean {
  return passwordForm(value) === "strong" && (/[!@#$%^&*?~+]/.test(value) || value.length >= 12);
}

const lastName = (name: string) => name.split(/\.|->|::/).at(-1) ?? name;

function isSettable(value: string): boolean {
  if (value.length < 4 || (/[\s{}<>]|[\u4e00-\u9fff]/.test(value) && !isLikeAPassword(value)))
    return false;
  if (isPlaceholder(value) || strongLevel(value) || /^(?:[./~]|\w+:\/\/)/.test(value)) return false;
  return isSecretValue(value, "likely", true);
}

const setters =
  /(?:^|[._a-z>:])(?:(?:set|with|change|update|reset|new)_?)?(?:\w{0,20}(?:password|passwd|passphrase|pwd)|(?:api|access|secret|private|encryption|signing|auth)_?key|(?:access|auth|api|bearer)_?token|(?:client|app|api)_?secret|auth|secret(?:str|string)?|signWith|signingKey)$/i;

// Where these have their password, counted from 0.
const places: readonly (readonly [name: RegExp, index: number])[] = [
  [/(?:\bPDO(?:->__construct)?|\bgetConnection)$/, 2],
  [/(?:mysqli?(?:_connect|->__construct|_real_connect|_pconnect)?)$/, 2],
  [/(?:ssh2_auth_password|ftp_login|ldap_bind|imap_open|PlainAuth)$/, 2],
  [/(?:oci_p?connect|odbc_connect|bind_s|simple_bind|LogonUser|sasl_login)$/, 1],
  [/(?:NetworkCredential|PasswordAuthentication|UsernamePassword\w{0,30}|UserPass\w{0,20})$/, 1],
  [/(?:BasicAWSCredentials|BasicCredentials?|PasswordCredentials?|DefaultCredentials?)$/, 1],
  [/(?:HTTP|Http)(?:Basic|Digest|Proxy)?Auth$/, 1],
  [/(?:ClientSecretCredential|TelegramClient)$/, 2],
  // Functions of databases and languages that encrypt, decrypt or sign with a key.
  [/^(?:aes|des|pgp_sym)_(?:en|de)crypt(?:_bytea)?$/i, 1],
  [
    /^(?:set_cookie|erlang\.set_cookie|createHmac|(?:crypto\.)?create(?:Hmac|(?:De)?[Cc]ipher(?:iv)?))$/,
    1,
  ],
  [/^(?:jwt\.(?:sign|verify|encode|decode)|(?:AES|DES|TripleDES|Rabbit)\.(?:en|de)crypt)$/, 1],
  [/^(?:hash_hmac|openssl_(?:en|de)crypt)$/, 2],
  [/^(?:crypt|hmac\.new|(?:en|de)cryptByPassPhrase)$/i, 0],
];

/** Called in the arguments of others, as in `VALUES (…, crypt('…'))`. */
const ciphers = /(?:crypt\w{0,20}|hmac(?:\.new)?|createHmac|jwt\.\w{4,6})$/i;

const signIns =
  /(?:credentials?|auth(?:enticate|enticator|entication)?|log_?[io]n|sign_?in|connect(?:ion)?|bind|create_?client|client|create_?user|add_?user|__construct|session|builder|build|dial|open|register)$/i;
