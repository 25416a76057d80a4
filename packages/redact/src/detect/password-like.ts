import { isOrdinaryId, isPlaceholder, isStateWord, looksRandom } from "./value-kind.ts";

/** `Sommer2024!`: what people think of as a password. */
export function isMixed(value: string): boolean {
  return (
    value.length >= 7 &&
    /[a-z]/i.test(value) &&
    /\d/.test(value) &&
    /[!@#$%^&*?~+]|[a-z].*[A-Z]|[A-Z][a-z]+.*\d/.test(value) &&
    !/[/:=<>(]/.test(value) &&
    !/^v?\d/.test(value)
  );
}

export function isLikeAPassword(value: string): boolean {
  return isMixed(value) || looksRandom(value, 8);
}

/**
 * How sure one can be, from its form alone, that a word in a sentence is a password. `strong`: signs
 * within letters and digits, or both cases and digits mixed. `fair`: digits within letters, as in
 * `yx8866db`. Undefined: a word, or what sentences about systems are full of.
 */
export function passwordForm(word: string): "strong" | "fair" | undefined {
  if (word.length < 6 || word.length > 64 || !/^[\x21-\x7e]+$/.test(word)) return undefined;
  // Or a user at a host: only what stands around it can tell.
  if (/^[a-z]{3,}@[a-z]{2,}\d{2,}$/.test(word)) return "fair";
  if (isPlaceholder(word) || isStateWord(word) || notPasswords.some((one) => one.test(word)))
    return undefined;
  if (isOrdinaryId(word) && !/^[a-z]+[-_]\d+[a-z]+$/.test(word)) return undefined;
  const hasDigit = /\d/.test(word);
  const hasSign = /[!@#$%^&*?~+]/.test(word);
  if (hasSign && /[A-Za-z]/.test(word) && (hasDigit || /[a-z].*[A-Z]|[A-Z].*[a-z]/.test(word)))
    return "strong";
  if (!hasDigit || !/[A-Za-z]/.test(word)) return undefined;
  if (/[a-z]/.test(word) && /[A-Z]/.test(word)) return isName(word) ? undefined : "strong";
  return /^[a-z]+[-_.]?\d+[a-z]+\w*$/.test(word) || /^\d+[a-z]+\d+/.test(word) ? "fair" : undefined;
}

/** `OAuth2PasswordGrant`, `Base64Encoder`, `Prod-Db2`: humps of letters that are words, few digits. */
export function isName(word: string): boolean {
  const digits = word.match(/\d/g)?.length ?? 0;
  const parts = word.split(/[-_.]|(?<=[a-z])(?=[A-Z])|\d+/).filter((part) => part !== "");
  const areWords = parts.every((part) => /^(?:[A-Z]?[a-z]{2,}|[A-Z]{1,5})$/.test(part));
  return (
    areWords &&
    digits <= 2 &&
    /^(?:[A-Z][A-Za-z]*|[a-z]+[A-Z]\w*)(?:[-_.]?\d+)?(?:[-_.A-Z]\w*)?$/.test(word)
  );
}

const notPasswords = [
  /\/\/|^[./~\\]|\/.*\//,
  /^[\w.-]+\/[\w.-]+$/,
  /[()<>{}[\]"'`|\\]|^[\w.-]+=|=$/,
  /^\d[\d.,:+_/-]*(?:[a-z]{1,5}|%)?$/i,
  /^[A-Z][A-Z\d]*(?:[-_][A-Z\d]+)*$/,
  /^[A-Z]{1,8}[-#]?\d[\d-]*$/,
  /^[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{1,5}|json5?|mp[34]|bz2|7z|p12|x509)(?::\d+)*$/i,
  /^[\w.+-]+@[\w-]+\.[\w.-]+$/,
  /^[a-z_][a-z0-9_.-]*@[a-z][a-z0-9.-]*$/,
  /^(?:[a-z]+\d*[a-z]*)(?:-[a-z\d]+){2,}$/,
  /^[a-z]{2,}\d{1,4}$/,
  /^(?:\w+\.){2,6}\w+$|^[a-z]\w*\.\w+$|^\w+\.[a-z]\w*$/,
  /^[A-Za-z]+[-_]?v?\d+(?:\.\d+)+\w*$/,
  /^[A-Z][a-z]{3,}\d[a-z]?$/,
  /^(?:user|host|node|web|db|svc|app|srv|vm|pod|job|task|run|req|id)[-_]?\d+[a-z]{0,2}$/,
  /^(?:utf8mb[34]|x86_64|amd64|arm64|i[36]86|e2e\w*|b64\w*|sha\d+\w*|md[45]\w*|aes\d+\w*|h2c?|s3\w*|k8s\w*|k3s\w*|p\d+\w*|x509\w*|oauth2?\w*|ipv[46]\w*|i18n\w*|l10n|ed25519|x25519|curve25519|argon2\w*|pbkdf2\w*|bcrypt\w*|log4j2?|php\d\w*|py\d\w*|node\d+\w*|jdk\d+\w*|mysql\d+\w*|pg\d+\w*|1password\w*|2fa\w*|u2f\w*|fido2?\w*|web3\w*|base\d+\w*|http2?\w*|win\d+\w*|ext[234]\w*|\d+(?:st|nd|rd|th|min|sec|days?|hours?|bit|byte)s?\w{0,3}|v\d+(?:\.\d+)*(?:[-+.]\w*)?|(?:us|eu|ap|cn|sa|ca|me|af)-\w+-\d\w?)$/i,
  /^[^a-z]*$|^#\d+|^[+*-]|^[!?%$&#@]/i,
  /[,;:，。；：！？]/,
  /^(?:ctrl|control|alt|shift|cmd|command|option|win|fn)\+/i,
];
