import { sticky } from "./read-value.ts";

/** A name with its place in the text. */
export type Name = { readonly text: string; readonly start: number };

/** A name that no value follows: of a place, a prompt, a checksum, a test, an empty field. */
export function isMereMention(text: string, name: Name, at: number): boolean {
  return (
    endsQuote(text, name, at) ||
    isInTemplate(text, name.start) ||
    isChecksum(text, name) ||
    isProgress(text, name, at) ||
    (name.text === "PASS" && text.startsWith("--- ", name.start - 4)) ||
    isNextField(text, name, at)
  );
}

/** `{{resolve:ssm-secure:/prod/db/pw:3}}`: where a secret lies. */
function isInTemplate(text: string, at: number): boolean {
  return /(?:\{\{|\$\{)[\w.:/-]{1,100}[:/]$/.test(text.slice(Math.max(0, at - 100), at));
}

/** `aws_secretsmanager_secret.db: Still creating... [10s elapsed]`, as Terraform reports. */
function isProgress(text: string, name: Name, at: number): boolean {
  return name.text.includes(".") && sticky(progress, text, at) !== null;
}

const progress =
  / (?:(?:Refreshing state|(?:Still )?(?:[Cc]reating|[Mm]odifying|[Dd]estroying|[Rr]eading|[Oo]pening|[Cc]losing)|Importing|Preparing import)\.\.\.|(?:Creation|Modifications|Destruction|Read|Opening|Closing|Import) (?:complete|prepared)|Drift detected|Provisioning with )/y;

/** `sessionKey: agent:main:group`, `sessionid = 0x1000…`; what is a part of its own name. */
export function isNameOrCounter(name: string, content: string): boolean {
  if (/^session/i.test(name) && /^(?:[a-z][\w-]*(?::-?[\w-]+){1,6}|0x[\da-f]{1,16})$/.test(content))
    return true;
  if (isSameColumn(name, content)) return true;
  // Of a swarm: the id under which it keeps one.
  if (name === "SecretID" && /^[a-z\d]{25}$/.test(content)) return true;
  return content.length >= 8 && content.includes("_") && name.startsWith(`${content}_`);
}

/** `(token=orders.token)`, `a.token = b.token`, as statements and plans of them compare columns. */
export function isSameColumn(name: string, content: string): boolean {
  const column = /^[`"]?[a-z_]\w{0,60}[`"]?\.[`"]?(\w{1,60})[`"]?[),;]{0,4}$/i.exec(content)?.[1];
  return column !== undefined && column.toLowerCase() === name.split(".").at(-1)?.toLowerCase();
}

/** `read -p "Password: " NAME`: the quote that stands before the name ends behind the colon. */
function endsQuote(text: string, name: Name, at: number): boolean {
  const quote = /(["'])[\w ,]{0,40}$/.exec(
    text.slice(Math.max(0, name.start - 41), name.start),
  )?.[1];
  if (!quote) return false;
  const isOpen = !text.slice(name.start + name.text.length, at).includes(quote);
  const next = sticky(/[ \t]{0,4}(["'])(?=[\s,);]|$)/y, text, at)?.[1];
  return isOpen && next === quote;
}

/** `checksum/secret: …`, as charts note what a deployment was made of. */
function isChecksum(text: string, name: Name): boolean {
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

/** `unable to read secret: permission denied`: why it is not there. */
export function isReason(text: string, nameStart: number, valueStart: number): boolean {
  if (!/:[ \t]{1,2}$/.test(text.slice(valueStart - 3, valueStart))) return false;
  if (sticky(reasons, text, valueStart)) return true;
  return (
    sticky(/[a-z]{2,20}(?: [a-z]{2,20}\b|: [a-z])/y, text, valueStart) !== null &&
    failures.test(text.slice(Math.max(0, nameStart - 60), nameStart))
  );
}

const reasons =
  /(?:(?:permission|access) denied|operation (?:not permitted|timed out|cancell?ed|aborted)|connection (?:refused|reset|closed|timed out|aborted)|network is (?:unreachable|down)|no (?:such|route to|space left|matching) |unexpected (?:end|token|eof|character|response|status|error|type)|context (?:deadline|cancell?ed)|resource (?:temporarily|busy)|broken pipe|i\/o timeout|device or resource|host (?:is )?(?:unreachable|down)|name or service|expected \w{1,20},|illegal (?:character|base64|state)|too many )/iy;

// Those that would tell what they have failed with, such as "verify", are not among them.
const failures =
  /\b(?:unable to|cannot|can't|could(?: not|n't)|failed to|error(?: while| when)?|failure) (?:read|fetch|load|get|pars|decod|decrypt|find|open|retriev|resolv|mount|creat|list|refresh|obtain|acquir|renew|rotat|delet|sign|unmarshal|reach|generat|stor|sav|writ|mint|exchang|revok|access)\w{0,4} (?:(?:the|a|an|your|its|new) )?(?:[\w"'/.-]{1,30} ){0,2}$/i;

/** `&{Addr:… Password: DB:0}`, as Go prints a field that is empty: what follows is the next one. */
export function isNextField(text: string, name: Name, at: number): boolean {
  return (
    sticky(/ [A-Z]\w{0,40}:/y, text, at) !== null &&
    /[{ ][A-Z]\w{0,40}:[^\s:]{0,40}(?::\d{1,5})? $/.test(
      text.slice(Math.max(0, name.start - 90), name.start),
    )
  );
}
