import type { Span } from "../span.ts";
import { isColumnSecret, strongLevel } from "./column-secret.ts";
import { secretsIn } from "./matches.ts";
import { endOfLine } from "./read-value.ts";
import { isPlaceholder } from "./value-kind.ts";

/**
 * What a command has printed that is asked for one secret: the line under `kubectl get secret … |
 * base64 -d`, `vault kv get -field=…`, `pass show …`.
 */
export function findPrinted(text: string): Span[] {
  return [...printedAlone(text), ...replies(text)];
}

function printedAlone(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(asking)) {
    const lineEnd = endOfLine(text, match.index);
    const start = lineEnd + 1;
    const line = text.slice(start, Math.min(endOfLine(text, start), start + 4_096)).trimEnd();
    // Of several words is what a command says that has failed, or the next prompt.
    if (!/^\S{6,}$/.test(line) || isPlaceholder(line) || /^[{[<]/.test(line)) continue;
    // What is made at random is no word: this goes on in a sentence.
    if (match[1] !== undefined && /^[A-Za-z]?[a-z'-]*[.,:;!?]*$/.test(line)) continue;
    spans.push({ start, end: start + line.length, kind: "command_line", from: match.index });
  }
  return spans;
}

/** `1) "requirepass"` and what stands behind it, as the client of Redis prints pairs. */
function replies(text: string): Span[] {
  if (!text.includes('1) "')) return [];
  return secretsIn(
    text,
    /(?<![\w.])\d{1,4}\) "([\w.:-]{2,80})"\r?\n[ \t]{0,16}\d{1,4}\) "(?=([^"\n]{4,4096})")\2/g,
    "command_line",
    (value, [, name = ""]) => {
      const level = strongLevel(name);
      return level !== undefined && isColumnSecret(value, level);
    },
  );
}

const asking =
  /(?<![\w-])(?:(?:kubectl|oc|k)\s[^\n|]{0,200}?\bget secrets?\s[^\n]{0,300}?(?:base64\s{1,2}(?:-d|-D|--decode)|base64decode)|vault\s(?:kv\s)?(?:get|read)\s[^\n]{0,100}?-field[= ]\S|aws\s[^\n]{0,60}?(?:get-secret-value|get-parameter|get-login-password)\b[^\n]{0,300}?--output\s{1,2}text|gcloud\ssecrets\sversions\saccess\b|az\skeyvault\ssecret\sshow\b[^\n]{0,200}?-o\s{1,2}tsv|op\s(?:read|item get)\s[^\n]{0,100}?(?:password|credential|secret|token)|pass\s(?:show\s)?[\w-]+\/[\w./-]+|gopass\sshow\s[^\n]{0,40}-o|security\sfind-\w+-password\b[^\n]{0,200}?-w|terraform\soutput\s(?:-raw|-json)\s\S{0,40}(?:pw|pass|password|secret|token|key|dsn|url)\S{0,20}|cat\s\S{0,200}(?:password|passwd|secret|token|passphrase|credential)s?(?:\.\w{1,8})?\b\S{0,40}|argocd\sadmin\sinitial-password\b[^\n]{0,80}|(openssl\srand\s[^\n]{0,60}|(?:pwgen|mkpasswd|uuidgen)\s[^\n]{0,60}|wg\s(?:genkey|genpsk)\b|consul\skeygen\b|nomad\soperator\sgossip\skeyring\sgenerate\b|kubeadm\s(?:token\s(?:create|generate)|certs\scertificate-key)\b[^\n]{0,100}|(?:head|dd|tr|cat|base64)\b[^\n]{0,80}?\/dev\/u?random\b[^\n]{0,120}|(?:php\s)?artisan\skey:generate\s[^\n]{0,40}--show|(?:rails|rake)\ssecret\b|generate[_-](?:secret|token|password|key)\w{0,20}|secrets\.token_\w{3,8}\([^\n]{0,40})|(?:echo|printenv|printf)\s{1,4}["']?(?:%s["']?\s["']?)?\$?\{?\w{0,60}(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|_PASS|_PWD?)\w{0,4}\}?["']?[ \t]*(?=\n)|(?:oc\swhoami\s-t|docker\sswarm\sjoin-token\s-q|aws\secr\sget-login-password|doppler\ssecrets\sget\s[^\n]{0,60}--plain|bw\sget\s(?:password|totp)|gpg2?\s(?:--?\w[\w-]{0,20}\s){0,4}?(?:-d|--decrypt)|age\s(?:-\w\s){0,2}?(?:-d|--decrypt)|lpass\sshow\s--password|keepassxc-cli\sshow\s[^\n]{0,40}-a\s{0,2}[Pp]assword|chamber\sread\s-q|sops\s(?:-d|--decrypt)\s[^\n]{0,80}--extract)\b[^\n]{0,120}|kubectl\s[^\n]{0,60}?create\stoken\s[^\n]{0,60}|gh\sauth\stoken|gcloud\sauth\sprint-\w+-token|az\saccount\sget-access-token[^\n]{0,100}-o\s{1,2}tsv)/gi;
