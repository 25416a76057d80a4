import { isPlainPath } from "./plain-paths.ts";
import { isReference } from "./references.ts";
import type { NameLevel } from "./sensitive-name.ts";

/** Whether this value of a name of that level is to be hidden. */
export function isSecretValue(value: string, level: NameLevel, quoted: boolean): boolean {
  if (!quoted && (/^\$\{[^{}]{0,80}\}[\s}]/.test(value) || isCode(value))) return false;
  if (isPlaceholder(value)) return false;
  if (!quoted && isStateOfThings(value)) return false;
  if (quoted && isComplaint(value)) return false;
  if (quoted && /^(?:required|missing|invalid|expired|empty)$/i.test(value)) return false;
  if (level === "certain") return !isPlainPath(value);
  if (level === "weak") return looksRandom(value);
  return !isQuantity(value) && !isDate(value) && !isPlainPath(value) && value.length >= 3;
}

/** `getpass(…`, `os.environ[…`, `Some(…`: an expression, of letters as names in code are. */
export function isCode(value: string): boolean {
  return /^(?:await |new )?[A-Za-z_$][A-Za-z_$.?:]{1,80}[([]/.test(value);
}

/** "not set for alice" and the like; "a b c d e" and "the quick brown fox" are passphrases. */
function isStateOfThings(value: string): boolean {
  const words = value.split(/\s+/, 12);
  const first = words[0] ?? "";
  if (!isStateWord(first) && (words.length < 3 || !/^[a-z]{2,20}$/.test(first))) return false;
  return words.length < 3 || words.filter(isStateWord).length * 2 >= words.length;
}

/** "is too short (minimum is 8 characters)", 不能少于 8 位: what a form says of a field. */
function isComplaint(value: string): boolean {
  return complaint.test(value) || chineseComplaint.test(value);
}

const complaint =
  /^(?:(?:this |the |your |an? )?(?:(?:new|current|old) )?(?:field|password|passphrase|value|token|pin|secret|code|key|string)s? )?(?:is|are|was|has|have|must|can'?t|can ?not|should|may|does(?:n'?t| not)|do(?:n'?t| not)|not|needs to|only|at least|please)\s(?:too|not|required|invalid|missing|empty|blank|short|long|weak|common|already|been|be|contain|have|include|match|a valid|valid|in use|taken|expired|incorrect|wrong|exactly|between|entirely|similar|longer|shorter|only|letters|characters|\d{1,3} (?:characters|digits|letters)|enter|choose|provide)\b/i;
const chineseComplaint =
  /^(?:新|旧|该)?(?:密码|口令|密钥|令牌|验证码)?(?:的)?(?:长度|强度|格式)?(?:不能|必须|不得|不可|至少|太|过于|错误|不正确|不一致|不符合|已过期|无效|应|需)/;

/** What configuration and logs write where a secret would stand. */
export function isPlaceholder(value: string): boolean {
  return value === "" || placeholders.some((pattern) => pattern.test(value)) || isReference(value);
}

const placeholders = [
  /^\[(?:redacted|filtered|hidden|masked|removed|secret|omitted|protected|sensitive|private|scrubbed|sanitized)/i,
  /^[*•●■○◦∙·x.…_#?-]{1,64}$/i,
  /^<[^<>]{0,64}>?$/,
  /^\$\{[^{}]{0,80}\}{0,4}(?:,\d*)?$/,
  /^\$\d{1,3}$/,
  /^[*•●]{3,64}\s?[（(][^（）()]{0,20}[)）]?$/,
  /^ENC\[[A-Z0-9_]{3,20},[^\]]{8,4096}\]?$/,
  /^\{\{resolve:[^{}]{1,200}\}\}$/,
  /^\$\$?\(?[A-Z_][A-Z0-9_]{0,60}\)?$/,
  /^\{\{[^{}]{0,80}(?:\}\})?$/,
  /^[A-Z]{2,}(?:_[A-Z]+)+$/,
  /^(?:PASSWORD|PASS|TOKEN|SECRET|KEY|APIKEY|VALUE|STRING|YOURPASSWORD|PROTECTED)$/,
  /^\$\(/,
  /^\d{1,9} (?:bytes|chars|characters|bits|days|items|keys)$/,
  /^%[-+.\d]*[sdvqxfijoc]$/i,
  /^%[A-Z_]{2,40}%$/,
  /^\{[\w.]{0,40}\}$/,
  /^(?:null|nil|none|undefined|true|false|yes|no|on|off|nan|unset|empty|n\/a|redacted|filtered|hidden|masked|omitted|string|number|boolean|object|optional|\((?:none|set|unset|empty|hidden|redacted|masked|sensitive(?: value)?|omitted|unchanged|encrypted)\))$/i,
  /^(?:process\.env|os\.environ|os\.getenv|getenv|env|secrets|vars?|config|settings|self|this|ref\+vault|vault|sm|ssm)[.([:][\w.:/[\]"'()#-]{1,120}!?$/,
  /^[{[(]+$/,
  // What code and configuration say of where a value comes from.
  /^(?:data|var|local|module|each|random_password|os\.Args|argv|args|req|request|ctx|cfg|conf|opts|options|params|flags|input|props)(?:\.[A-Za-z_][\w-]*)*(?:\.[A-Za-z_][\w-]*|\[["']?[\w-]*["']?\]?)$/,
  /^[A-Za-z_]\w{0,40}(?:\.[A-Za-z_]\w{0,40}){1,4}\([\w\s,.'"*&]{0,80}\)?;?$/,
  /^[a-z][A-Za-z]{2,20}\([a-z]{1,40}$/,
  /^\{\s?["']?[\w-]+["']?:?$/,
  /^X(?:-[A-Z][a-z]+){1,4}(?:-?[A-Z]+)?$/i,
  /^realm=/i,
  /^[a-z_-]{2,24}=$/,
  /^[A-Z]+(?:_[A-Z]+)+=$/,
  /^<{2,}[^<>]{0,60}>{2,}$/,
  /^hmac-sha256:[0-9a-f]{64}$/,
  /^(?:sha-?(?:1|224|256|384|512)|md5|hmac-?sha-?\d{1,3}|await|Buffer)$/i,
  /^(?:RSA|ECDSA|EC|Ed25519|HMAC|DSA)(?:[-_ ]?PSS)?[-_ ]?SHA-?\d{1,3}$/i,
  /^%env\([\w:]{1,80}\)%$/,
  /^(?:str|bytes|int|bool|float)[,)]?$/,
  /^\.{1,2}\/[\w./-]{1,200}$/,
  /^\*{4,}\w{0,6}$/,
  /^\$__(?:file|env|vault)\{/,
  /^\$\{\{/,
  /^\((?:sensitive|known|not|no|set)$/i,
  /^(?:put|insert|enter|your)\b.{0,60}\bhere$/i,
  /^[\w-]{1,60}:\/[\w./-]{1,200}$/,
  /^\([a-z]\w{0,20}\)?$/,
  /^(?:your|insert|enter|replace)(?:[-_ ][a-z]+){1,5}$/i,
  // Where a secret lies in a vault, or what asks for one.
  /^@Microsoft\.KeyVault\(/,
  /^arn:aws[\w-]{0,10}:(?:secretsmanager|ssm|kms|iam):/,
  /^\(?(?:Read-Host|Get-[A-Z][A-Za-z]{2,40})(?:[\s)]|$)/,
  // The head of a block in YAML.
  /^[|>][-+]?\d?$/,
  // A label in a page: nobody can type these into a field for one.
  /^\p{Script=Han}{1,12}[:：?？]?$/u,
];

/** Words that say how things stand with a secret, as in "password: incorrect". */
export function isStateWord(value: string): boolean {
  return (
    stateWords.has(value.toLowerCase().replace(/[.,;:!?)\]]+$/, "")) || chineseState.test(value)
  );
}

const stateWords = new Set(
  "a about password sensitive accepted signature mismatch malformed unsupported claims claim return raise access account added again ago alias all already also an and any api application are as at auth authentication authorization backend bad been before being bucket but by cache cached can cannot change changed changes check checked client cluster configured correct could count created database default deleted denied depleted did differs disabled do does done due during empty enabled ended endpoint entry error exceeded exceeds exist existing exists expire expired expires expiring expiry failed failure field fetched file for format found from generated granted had has have if ignored in incorrect internal invalid invalidated is issued it its key leaked length less limit list loaded locked lookup manager matched matches may mismatch missing more must name needed needs new next no not now null obtained of ok okay on only or over per policy present provided provider reading ready received refresh refreshed refused rejected removed renewed request requested required reset rotated rotation same saved secret send sent server service session set short should skipped so source store stored strong succeeded success successfully successful supplied takes than that the then there these this to token tokens too type unchanged unknown unset until update updated usage use used user users validated validation valid value verification verified via was weak were when which while will with without wrong you your bearer login manually nothing today yesterday never always soon still mounted volume configmap provisioning syncing synced sync pending bytes characters chars".split(
    " ",
  ),
);

const chineseState =
  /^(?:错误|不正确|不匹配|不能|不可|不一致|无效|已|未|请|长度|必须|为空|过期|太|失效|校验|验证|认证|过短|重置|修改|更新|需要|不足|管理|策略|强度|缺失|没有|是否|正确|有误|输入|失败|的|和|与|或|在|被|将|可|会|也|都|又)/;

/** A number, with or without its unit. */
function isQuantity(value: string): boolean {
  if (/^-\d{1,20}$/.test(value)) return true;
  return (
    /^[-+]?\d{1,15}(?:[.,]\d{1,6})?(?:\/\d+)?\s?(?:%|[a-zA-Z]{1,6}|\/s)?$/.test(value) &&
    !/^\d{6,15}[a-zA-Z]/.test(value)
  );
}

function isDate(value: string): boolean {
  return /^(?:19|20)\d{2}[-/.]\d{2}[-/.]\d{2}(?:[T ][\d:.,]{4,18}(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(
    value,
  );
}

/**
 * Long enough, with letters and digits mixed as nobody writes words, and none of the ids that logs
 * are full of (UUID, hash in hex, time, version, address, path).
 */
export function looksRandom(value: string, minLength = 12): boolean {
  if (value.length < minLength || value.length > 4_096) return false;
  if (!/[a-zA-Z]/.test(value) || !(/\d/.test(value) || isShuffled(value))) return false;
  if (isOrdinaryId(value)) return false;
  if (!/^[\x21-\x7e]+$/.test(value)) return false;
  return shannonBits(value) >= (value.length >= 20 ? 3.2 : 2.8);
}

/** Letters alone, upper and lower case as no words have them. */
function isShuffled(value: string): boolean {
  const parts = value.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [];
  const mostPerPart = value.length >= 16 ? 2.8 : 2.4;
  return value.length >= 12 && /[a-z]/.test(value) && value.length / parts.length < mostPerPart;
}

/** Humps of letters alone that nobody can say, as in `HyhIraVmprJXFV`; `parseHTTPSHeader` is said. */
export function isUnspeakable(value: string): boolean {
  const parts = value.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [];
  const strange = parts.filter((part) => part.length > 2 && !/[aeiouy]/i.test(part)).length;
  const isWord = /^[A-Za-z]{12,}$/.test(value) && parts.length > 2;
  return isWord && strange >= 2 && strange * 2 >= parts.length;
}

/** An id as logs are full of them. */
export function isOrdinaryId(value: string): boolean {
  return ordinaryIds.some((pattern) => pattern.test(value));
}

const ordinaryIds = [
  /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i,
  /^(?:0x)?[\da-f]{6,64}$/i,
  /^(?:sha(?:1|224|256|384|512)|md5)[:=-][\w+/=]{8,}$/i,
  /^\d{4}-\d{2}-\d{2}(?:[T_ ].*)?$/,
  /^v?\d+\.\d+(?:\.\d+)*(?:[-+][\w.-]+)?$/,
  /^\[?[\da-f.:]+\]?(?::\d+)?(?:\/\d+)?$/i,
  /^(?:[a-z][\w+.-]*:)?\/\/?[\w./:@%+~,-]*$/i,
  /^[\w.-]+(?:\/[\w.@:-]+){1,12}$/,
  /^(?:[a-z\d](?:[a-z\d-]{0,60}[a-z\d])?\.)+[a-z]{2,12}(?::\d+)?(?:\/\S*)?$/i,
  /^[a-z]+(?:-[a-z\d]+){1,8}$/,
  /^[a-z]+(?:_[a-z\d]+){1,8}$/,
  /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/,
  /^(?:var)?(?:char|binary)\(\d{1,5}\)$/i,
  /^\$\{?[A-Z_][A-Z\d_]*\}?(?:\/[\w.-]*)*$/,
];

/** Bits of information per character. */
export function shannonBits(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / value.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}
