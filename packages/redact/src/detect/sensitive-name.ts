/**
 * How much a name says about its value: `certain` names (a password) hide every value, `likely`
 * ones (a token) every value but numbers and words of state, `weak` ones (some key) only what
 * looks random.
 */
export type NameLevel = "certain" | "likely" | "weak";

/** What the name of a value, in any spelling (`DB_PASSWORD`, `apiKey`, `x-auth-token`), tells. */
export function nameLevel(name: string): NameLevel | undefined {
  if (!hasSensitiveStem(name)) return undefined;
  const chinese = chineseLevel(name);
  if (chinese) return chinese;
  if (chineseMetadata.test(name)) return undefined;
  // A browser carries these from one site to the other, and whoever has them is signed in.
  if (/^SAML(?:Response|art)$/i.test(name)) return "likely";
  const words = nameWords(name);
  if (words.length === 0) return undefined;
  const found = lastSensitive(words);
  if (!found) return undefined;
  const after = words.slice(found.end);
  // Of Vault's AppRole, and of clouds that call an access key so: an id that opens.
  if (words[found.end - 1] === "secret" && after.length === 1 && after[0] === "id") {
    return "likely";
  }
  if (after.some((word) => metadata.has(word))) return undefined;
  if (after.every((word) => qualifiers.has(word) || /^\d+$/.test(word))) return found.level;
  return "weak";
}

/** What every name holds that tells of a secret: most names are done with here. */
export function hasSensitiveStem(name: string): boolean {
  return stems.test(name);
}

const stems =
  /pass|pw|secret|token|key|auth|cred|cookie|sess|jwt|sig|(?<![a-z\d])[as]k(?![a-z\d])|seed|salt|pepper|nonce|otp|pin|cvv|psk|nthash|mnemonic|phrase|pat|bearer|dsn|hmac|sid|csrf|xsrf|code|magiclink|saml|community|connection|shared|api[_-]?hash|[\u4e00-\u9fff]/i;

/** Tells whether the last word of a name is one of these, mostly from its last letters. */
export function endingIn(words: readonly string[]): (name: string) => boolean {
  const letters = new RegExp(`(?:${words.join("|")})[^a-z\\d]*$`, "i");
  const known = new Set(words);
  return (name) => letters.test(name) && known.has(nameWords(name).at(-1) ?? "");
}

/** `dbPassword2` → db, password, 2. */
export function nameWords(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replace(/([a-zA-Z])(\d+)$/, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

const certainWords = new Set(
  "password passwd passwort pwd passphrase passcode pass pw passw credential credentials creds apikey secretkey privatekey accesskey authkey signingkey encryptionkey masterkey clientsecret appsecret otp totp pin cvv mnemonic keypass storepass passwordhash pgpassword userpassword rootpassword dbpassword dbpass userpass requirepass masterauth psk preshared wpapsk auth_pass authtok sshpass pwhash passhash pwdhash nthash passworddigest authtoken accesstoken refreshtoken idtoken bearertoken sessiontoken bottoken".split(
    " ",
  ),
);
const likelyWords = new Set(
  "pat bearer authorization cookies jsessionid phpsessid sid sessid csrftoken xsrftoken csrf xsrf seedphrase nkey hmac accountkey setcookie sharedaccesskey sharedaccesssignature webhooksecret authcode magiclink".split(
    " ",
  ),
);
/** Before `key`, they make it one that opens something. */
const certainKeys = new Set(
  "api access secret private encryption encrypt signing sign master account auth ssh aes rsa hmac jwt admin storage client consumer app application subscription ingest ingestion write service deploy deployment license licence crypto symmetric shared root recovery unseal integration server project account webhook cipher data decrypt decryption ssl tls wallet cookie session flask django rails laravel nextauth stripe openai anthropic google maps datadog dd sendgrid mailgun twilio aws azure gcp algolia newrelic pagerduty github gitlab slack openrouter deepseek".split(
    " ",
  ),
);
/** Before `key` or `token`, they make it one that opens nothing. */
const harmlessBefore = new Set(
  "public record existing primary foreign partition sort cache object row idempotency dedup hot lookup map shard bucket group join message event host lock redis s3 next page previous prev continuation pagination resume cancellation lease fencing sync cursor snapshot max min input output total prompt completion cached used num count per reasoning remaining stop special unk eos bos pad begin end websocket pull".split(
    " ",
  ),
);
/** After a sensitive word, the value is about the secret, not the secret. */
const metadata = new Set(
  "count counts name names length len type types id ids policy policies expiry expires expired expiration expire ttl age path paths file files filename dir directory url uri endpoint status state valid validity validation required enabled disabled used limit limits size usage budget version algo algorithm alg hint rotation rotated error errors failure failures attempts attempt retries provider ref reference mount mounted at until interval fingerprint strength reset changed class scope scopes issuer audience domain samesite secure httponly count per bucket store manager ring chain board lease ms seconds minutes days env field label column format prefix kind mode method mechanism source owner present missing set".split(
    " ",
  ),
);
const qualifiers = new Set(
  "hash digest base old new current confirm confirmation prod production staging stage dev test default main primary secondary backup value values plain plaintext text string str base64 b64 enc encrypted raw key token data phrase words master replica root admin user db header param env live sandbox override temp temporary initial hex ro rw read write a b c x".split(
    " ",
  ),
);

type Found = { readonly level: NameLevel; readonly end: number };

function lastSensitive(words: readonly string[]): Found | undefined {
  for (let index = words.length - 1; index >= 0; index -= 1) {
    const level = levelAt(words, index);
    if (level) return { level, end: index + 1 };
  }
  return undefined;
}

function levelAt(words: readonly string[], index: number): NameLevel | undefined {
  const word = words[index] ?? "";
  const before = words[index - 1] ?? "";
  if (word === "key" || word === "keys") return keyLevel(before);
  if (word === "phrase" && /^(?:seed|recovery|secret|mnemonic|pass|backup)$/.test(before)) {
    return "certain";
  }
  // Alone it is as often a count of tests.
  if (word === "pass" && words.length === 1) return "likely";
  if (word === "string" && before === "connection") return "weak";
  if (word === "string" && /^auth(?:entication)?$/.test(before)) return "certain";
  // Of Telegram: the secret beside the id of an application.
  if (word === "apihash" || (word === "hash" && before === "api")) return "certain";
  if (word === "dsn" || ((word === "sk" || word === "ak") && words.length === 1)) return "weak";
  if (word === "auth" || word === "session" || word === "community") {
    return index === words.length - 1 ? "weak" : undefined;
  }
  if (word === "code" && openingCodes.test(before)) return "certain";
  if (word === "code" && grantingCodes.test(before)) return "likely";
  if (word === "assertion" && before === "saml") return "likely";
  // `pin-sha256`: of a public key.
  if (word === "pin" && /^sha\d*$/.test(words[index + 1] ?? "")) return undefined;
  if (
    /^(?:token|tokens|jwt|secret|secrets|cookie|sig|signature|seed|salt|pepper|nonce)$/.test(word)
  ) {
    const isKept = word.startsWith("secret")
      ? /^(?:existing|pull|image)$/.test(before)
      : harmlessBefore.has(before);
    if (isKept) return undefined;
    if (/^(?:seed|salt|pepper|nonce|tokens)$/.test(word)) return "weak";
    return /^(?:api|auth|access|refresh|bearer|session|bot|id|client|webhook|app|shared)$/.test(
      before,
    )
      ? "certain"
      : "likely";
  }
  if (certainWords.has(word)) return "certain";
  if (likelyWords.has(word)) return "likely";
  return joinedLevel(word);
}

const openingCodes =
  /^(?:verification|auth|authorization|otp|security|recovery|backup|mfa|sms|login|access|reset|activation|confirmation|pairing|unlock|puk|magic|signin)$/;
/** Often numbers that count something, but for these. */
const grantingCodes =
  /^(?:device|user|invite|invitation|exchange|enrollment|link|linking|redeem|setup|claim)$/;

function keyLevel(before: string): NameLevel | undefined {
  if (before === "" || harmlessBefore.has(before)) return undefined;
  return certainKeys.has(before) ? "certain" : "weak";
}

/** Words written together: `dbpassword`, `mysecretkey`. */
function joinedLevel(word: string): NameLevel | undefined {
  if (/(?:password|passwd|passphrase|apikey|secretkey|privatekey|accesskey)\d*$/.test(word)) {
    return "certain";
  }
  if (joinedPass.test(word)) return "certain";
  if (/(?:authtoken|accesstoken|clientsecret|pwd|[a-z]{3}pw)\d*$/.test(word)) return "certain";
  if (/^[a-z]{3,12}key$/.test(word) && !harmlessKey.test(word)) return "weak";
  return /(?:.token|.secret|sessionid|sessid)$/.test(word) && word !== "detoken"
    ? "likely"
    : undefined;
}

const joinedPass =
  /(?:store|key|cert|ldap|smtp|imap|mail|ftp|ssh|vpn|wifi|bind|root|admin|user|db|sql|redis|mongo|repl|http|become|sudo|vault)pass\d*$/;

const harmlessKey =
  /^(?:monkey|donkey|turkey|hotkey|hokey|jockey|hockey|whiskey|passkey|(?:pub|public|host|cache|sort|group|row|join|index|lookup|object|primary|foreign|partition|registry|h|hash|shard|bucket|file|trace|message|event|lock|content|routing)key)$/;

const chineseCertain =
  /(?:密码|口令|密碼|密钥|密鑰|私钥|私鑰|助记词|助記詞|验证码|驗證碼|授权码|通行码|暗号|凭证|凭据|访问密钥|动态码|激活码|恢复码|秘钥|登录码)(?:内容|值|明文)?(?:是|为|為)?$/;
const chineseLikely = /(?:令牌|签名|种子|token|Token|TOKEN)(?:是|为|為)?$/;

/** What is said about a secret: until when, how long, how many. */
const chineseMetadata =
  /(?:有效期|过期|到期|失效|时间|日期|期限|时长|长度|数量|个数|次数|总数|用量|消耗|余额|状态|类型|版本|策略|算法|名称|名字|路径|地址|位置|来源|格式|强度|编号|上限|阈值|校验|轮换|失败|错误)[至到是为]?$/;

function chineseLevel(name: string): NameLevel | undefined {
  const end = name.slice(-12);
  if (/^(?:是否|有无)/.test(name)) return undefined;
  if (chineseCertain.test(end)) return /(?:公钥|缓存密钥)$/.test(end) ? undefined : "certain";
  return /[\u4e00-\u9fff]/.test(end) && chineseLikely.test(end) ? "likely" : undefined;
}
